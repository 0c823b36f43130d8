"""Forms of a partner's file. They check form; the room checks the rest and its refusals stand at the field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField, RateField
from registry import queries as registry
from reguarantee.partners import queries

_REASON = forms.Textarea({"rows": 3})
_SHORT = forms.Textarea({"rows": 2})


class FileForm(Form):
    """Columns of a partner's file."""

    cols = {"name": 6, "uscc": 6, "region_code": 3, "is_policy": 3, "category": 6, "capital_source": 6, "address": 12,
            "reason": 12}  # fmt: skip

    name = forms.CharField(label=_("Name"), max_length=200)
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=18, required=False)
    legal_rep = forms.CharField(label=_("Legal representative"), max_length=60, required=False)
    established_on = DayField(label=_("Established on"), required=False)
    licence_no = forms.CharField(label=_("Licence number"), max_length=80, required=False)
    licence_issuer = forms.CharField(label=_("Licence issued by"), max_length=120, required=False)
    licence_valid_to = DayField(label=_("Licence valid to"), required=False)
    region_code = forms.CharField(label=_("Region code"), max_length=12, required=False)
    is_policy = forms.BooleanField(label=_("Policy institution, not for profit"), required=False)
    category = forms.ChoiceField(label=_("Type of institution"), required=False)
    registered_capital_fen = MoneyField(label=_("Registered capital"), required=False)
    paid_in_capital_fen = MoneyField(label=_("Paid-in capital"), required=False)
    capital_source = forms.ChoiceField(label=_("Source of capital"), required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    reason = forms.CharField(label=_("Why it changes"), max_length=500, required=False, widget=_REASON)

    def __init__(self, *args: Any, kind: str = "MEMBER", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["capital_source"]).choices = [("", "-"), *queries.CAPITAL_SOURCES]
        cast(Any, self.fields["category"]).choices = [("", "-"), *queries.CATEGORIES]
        if kind == "BANK":
            for name in ("is_policy", "category", "capital_source"):
                del self.fields[name]

    def given(self) -> dict[str, Any]:
        changes = dict(self.cleaned_data)
        return {"reason": changes.pop("reason"), "changes": changes}


class BranchForm(Form):
    """A branch of a bank with its terms."""

    cols = {"name": 8, "region_code": 4, "address": 12, "line_fen": 6, "deposit_ratio": 6, "deposit_terms": 12, "reason": 12}

    name = forms.CharField(label=_("Branch"), max_length=200)
    region_code = forms.CharField(label=_("Region code"), max_length=12, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=60, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    line_fen = MoneyField(label=_("Agreed line"), required=False, min_fen=0, help_text=_("Empty: no line of its own"))
    deposit_ratio = RateField(label=_("Deposit"), required=False, help_text=_("Of what is guaranteed; 0: no deposit"))
    deposit_terms = forms.CharField(label=_("Terms of the deposit"), max_length=500, required=False, widget=_SHORT)
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid until"), required=False)
    reason = forms.CharField(label=_("Why it changes"), max_length=500, required=False, widget=_SHORT)

    def clean_deposit_ratio(self) -> Decimal:
        return self.cleaned_data["deposit_ratio"] or Decimal(0)


class EnrolForm(Form):
    """An institution that works with the group already comes into the register."""

    cols = {"who": 12, "reason": 12}

    who = forms.ChoiceField(label=_("Institution"), widget=forms.Select({"data-select": ""}))
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=_REASON, initial=_("Worked with the group before the register")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = set(queries.codes())
        rows = [("MEMBER", one.code, one.name) for one in registry.members()] + [
            ("BANK", one.code, one.name) for one in registry.banks()
        ]
        choices = [(f"{kind}:{code}", f"{code} {name}") for kind, code, name in rows if code not in known]
        cast(Any, self.fields["who"]).choices = choices
        self.names = {f"{kind}:{code}": {"kind": kind, "code": code, "name": name} for kind, code, name in rows}

    def given(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"], **self.names[self.cleaned_data["who"]]}


class ReasonForm(Form):
    cols = {"reason": 12}
    reason = forms.CharField(label=_("Why"), max_length=500, required=False, widget=_REASON)


class GradeForm(Form):
    """The rating of a bank, or a grade that was given elsewhere."""

    cols = {"grade": 6, "next_evaluation_on": 6, "reason": 12}

    grade = forms.ChoiceField(label=_("Grade"), choices=queries.GRADES)
    next_evaluation_on = DayField(label=_("Next evaluation"), required=False, help_text=_("Empty: in a year"))
    reason = forms.CharField(label=_("What it rests on"), max_length=500, required=False, widget=_REASON)


class RowsForm(Form):
    """A short list of the file as text: one row a line, its parts between commas. Nothing hidden, and pasted in one go."""

    cols = {"rows": 12, "reason": 12}

    rows = forms.CharField(label=_("Rows"), required=False, widget=forms.Textarea({"rows": 8, "spellcheck": "false"}))
    reason = forms.CharField(label=_("Why it changes"), max_length=500, required=False)

    def __init__(self, *args: Any, keys: tuple[str, ...], heading: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = keys
        self.fields["rows"].help_text = heading

    def clean_rows(self) -> list[dict[str, str]]:
        rows = []
        for line in self.cleaned_data["rows"].replace("，", ",").splitlines():
            parts = [part.strip() for part in line.split(",")]
            if not any(parts):
                continue
            if len(parts) > len(self.keys):
                raise forms.ValidationError(
                    _("A row has at most %(parts)s parts: %(row)s"), params={"parts": len(self.keys), "row": line}
                )
            rows.append(dict(zip(self.keys, parts + [""] * len(self.keys), strict=False)))
        return rows
