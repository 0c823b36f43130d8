"""Forms of the console. What they check is form; the rooms check the rest and their refusals stand at the field."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField
from reguarantee.monitoring import queries as monitoring
from reguarantee.treaties import queries as treaties

EVERY_MEMBER = "*"
NOT_STATED = "NONE"
"""Stands in a filter for rows without a value; an empty choice stands for all rows."""


class DayForm(Form):
    as_of = DayField(label=_("As of"))


class RowsForm(Form):
    """Filters of the drill-down list; names are those of `monitoring.queries.Wanted`."""

    search = forms.CharField(
        label=_("Number, customer"), widget=forms.TextInput({"placeholder": _("Number, customer"), "type": "search"})
    )
    member = forms.ChoiceField(label=_("Member"))
    bank = forms.ChoiceField(
        label=_("Bank"),
        widget=forms.Select({"data-select": "", "data-select-url": reverse_lazy("console:bank_options")}),
    )
    state = forms.ChoiceField(label=_("State"))
    coverage = forms.ChoiceField(label=_("Coverage"))
    industry = forms.ChoiceField(label=_("Industry"))
    in_force = forms.ChoiceField(label=_("In force"))
    as_of = DayField(label=_("As of"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bank = self.initial.get("bank")
        choices: dict[str, list[tuple[str, Any]]] = {
            "member": [(one.code, f"{one.code} {one.name}") for one in monitoring.members()],
            "bank": [(bank, bank)] if bank else [],
            "state": list(monitoring.STATES.items()),
            "coverage": list(monitoring.COVERAGES.items()),
            "industry": [*monitoring.INDUSTRIES.items(), (NOT_STATED, _("Not stated"))],
            "in_force": [("1", _("In force")), ("0", _("Not in force"))],
        }
        for name, rows in choices.items():
            field = cast(Any, self.fields[name])
            everything = _("All: %(label)s") % {"label": field.label}
            field.choices = [("", everything), *rows]
            field.widget.attrs["data-placeholder"] = everything
        if self.initial.get("industry") == "":
            self.initial["industry"] = NOT_STATED


class ConfirmForm(Form):
    """Cover a filing, all of it or less."""

    cols = {"guaranteed_fen": 12}

    guaranteed_fen = MoneyField(
        label=_("Amount granted"), required=False, min_fen=1, help_text=_("Empty: all that the member asked for")
    )
    text = forms.CharField(label=_("Words for the member"), required=False, max_length=500, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, asked_fen: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["guaranteed_fen"]).max_fen = asked_fen or None


class WhyForm(Form):
    """A refusal or a reopening says why; the room insists on it."""

    text = forms.CharField(
        label=_("Why"), required=False, max_length=500, widget=forms.Textarea({"rows": 4}), help_text=_("The member reads it.")
    )


class TreatyForm(Form):
    """What is agreed beside the terms. The terms have a form, or JSON, of their own (desks/agreements)."""

    cols = {"code": 3, "title": 6, "number": 3, "members": 6, "above_limits": 3, "target_fen": 3, "rank": 2, "notice_days": 4}
    units = {"notice_days": _("days")}

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Capital letters, digits and hyphens"))
    title = forms.CharField(label=_("Title"), max_length=200)
    number = forms.CharField(label=_("Number of the paper"), max_length=60, required=False)
    members = forms.CharField(
        label=_("Members"), max_length=2000, help_text=_("Codes with commas between them; * for all members")
    )
    above_limits = forms.ChoiceField(label=_("Above a limit"), choices=treaties.ABOVE_LIMITS)
    target_fen = MoneyField(label=_("Volume agreed a year"), required=False)
    rank = forms.IntegerField(
        label=_("Rank"), min_value=1, max_value=999, widget=forms.TextInput({"inputmode": "numeric", "class": "num"})
    )
    notice_days = forms.IntegerField(
        label=_("Listed as expiring"), min_value=0, max_value=999, required=False,
        help_text=_("So many days before its last day"), widget=forms.TextInput({"inputmode": "numeric", "class": "num"}),
    )  # fmt: skip

    def __init__(self, *args: Any, known: bool = False, in_force: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["code"]
        if in_force:
            self.fields["members"].help_text = _("Members join and leave a treaty in force by their admission.")
            self.fields["members"].disabled = self.fields["rank"].disabled = True

    def clean_members(self) -> list[str]:
        text = self.cleaned_data["members"].replace("，", ",").replace("、", ",").replace(" ", ",")
        return [code.strip().upper() for code in text.split(",") if code.strip()]


class SignForm(Form):
    cols = {"signed_on": 12, "number": 12}

    signed_on = DayField(label=_("Signed on"))
    number = forms.CharField(label=_("Number of the paper"), max_length=60, required=False)


class OpinionForm(Form):
    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=500, widget=forms.Textarea({"rows": 4}))


class ApproveForm(OpinionForm):
    """What the approver says; `seen` is the wording that was on the page."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class RenewForm(Form):
    cols = {"new_code": 12, "first": 6, "last": 6}

    new_code = forms.CharField(label=_("Code of the new treaty"), max_length=40)
    first = DayField(label=_("First day of drawdown"))
    last = DayField(label=_("Last day of drawdown"), required=False, help_text=_("Empty: open"))


class EndForm(Form):
    on = DayField(label=_("Last day on which a drawdown attaches"))


class LineForm(Form):
    cols = {"member_code": 12, "year": 12, "line_fen": 12, "target_fen": 12}

    member_code = forms.ChoiceField(label=_("Whose line"))
    year = forms.IntegerField(
        label=_("Year of drawdown"), min_value=2000, max_value=2100,
        widget=forms.TextInput({"inputmode": "numeric", "class": "num"}),
    )  # fmt: skip
    line_fen = MoneyField(label=_("Line amount"), required=False, help_text=_("Empty: without a limit"))
    target_fen = MoneyField(label=_("Volume agreed a year"), required=False, help_text=_("Empty: stays as it is"))

    def __init__(self, *args: Any, members: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {one.code: f"{one.code} {one.name}" for one in monitoring.members()}
        codes = list(named) if members == [EVERY_MEMBER] else members
        cast(Any, self.fields["member_code"]).choices = [
            (EVERY_MEMBER, _("The line that all members share")),
            *((code, named.get(code, code)) for code in codes),
        ]
