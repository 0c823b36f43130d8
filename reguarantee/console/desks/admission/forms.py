"""Dialogs of a case, of standards and of evaluations."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField, RateField, UploadForm
from reguarantee.admission import queries
from reguarantee.console.desks.admission.words import KEYS
from reguarantee.partners import queries as partners
from reguarantee.treaties import queries as treaties

_TEXT = forms.Textarea({"rows": 4})
_NUMBER = {"inputmode": "numeric", "class": "num"}


class ReasonForm(Form):
    cols = {"reason": 12}
    reason = forms.CharField(label=_("Why"), max_length=500, required=False, widget=_TEXT, help_text=_("The applicant reads it."))


class TextForm(Form):
    cols = {"text": 12}
    text = forms.CharField(label=_("Opinion"), max_length=2000, required=False, widget=_TEXT)


class AcceptForm(Form):
    cols = {"code": 12, "text": 12}
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("It becomes the address of the house, or the bank's code, and stays")
    )
    text = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=_TEXT)


class AskForm(Form):
    cols = {"slot": 12, "text": 12}
    slot = forms.ChoiceField(label=_("What is asked for"), required=False)
    text = forms.CharField(label=_("Words for the applicant"), max_length=1000, required=False, widget=_TEXT)

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["slot"]).choices = [("", _("An answer in words")), *slots]


class PaperForm(UploadForm):
    cols = {"slot": 12, "file": 12}
    field_order = ("slot", "file")
    slot = forms.ChoiceField(label=_("Paper"))

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["slot"]).choices = slots


class VisitForm(UploadForm):
    cols = {"on": 6, "score": 6, "place": 12, "visitors": 6, "met": 6, "findings": 12, "file": 12}
    field_order = ("on", "score", "place", "visitors", "met", "findings", "file")
    on = DayField(label=_("Day of the visit"))
    score = forms.IntegerField(label=_("Score"), min_value=0, max_value=100, widget=forms.TextInput(_NUMBER))
    place = forms.CharField(label=_("Place"), max_length=200)
    visitors = forms.CharField(label=_("Visitors"), max_length=200)
    met = forms.CharField(label=_("Whom they met"), max_length=200)
    findings = forms.CharField(label=_("Findings"), widget=forms.Textarea({"rows": 6}))
    file = forms.FileField(label=_("Visit report"), required=False)


class ReviewForm(Form):
    cols = {"score": 12, "text": 12}
    score = forms.IntegerField(label=_("Score"), min_value=0, max_value=100, widget=forms.TextInput(_NUMBER))
    text = forms.CharField(label=_("Opinion"), max_length=2000, widget=forms.Textarea({"rows": 6}))


class AgendaForm(Form):
    cols = {"meeting_id": 12, "summary": 12}
    meeting_id = forms.TypedChoiceField(label=_("Meeting"), coerce=int)
    summary = forms.CharField(label=_("Summary for the members"), max_length=2000, required=False, widget=_TEXT)

    def __init__(self, *args: Any, meetings: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["meeting_id"]).choices = [
            (str(one.pk), f"{one.number} · {one.on} {one.title}".strip()) for one in meetings
        ]


class LineForm(Form):
    """The figures of the credit line; the eight of the coefficient may be corrected by hand."""

    cols = {"prior_fen": 6, "growth": 6, "target_fen": 6, "requested_fen": 6, "is_new": 6, "on_pace": 6}

    is_new = forms.BooleanField(label=_("New member"), required=False)
    on_pace = forms.BooleanField(label=_("Progress is on pace"), required=False)
    prior_fen = MoneyField(label=_("Filed with us last year"))
    growth = RateField(label=_("Planned growth"), min_rate=Decimal(-1), max_rate=Decimal(10))
    target_fen = MoneyField(label=_("Policy target of the year"))
    requested_fen = MoneyField(label=_("Line applied for"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in queries.KEYS:
            self.fields[key] = RateField(label=KEYS[key], max_rate=None, required=False)
            cast(Any, self.fields[key]).col = 6

    def given(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return {"values": {key: told.pop(key) for key in queries.KEYS}, **told}


class AgreeForm(Form):
    """A member joins a treaty that is there, or gets a draft like one; a bank only has the agreement's number."""

    cols = {"agreement_no": 12, "treaty_code": 12, "like": 6, "line_year": 6, "title": 12}
    agreement_no = forms.CharField(label=_("Agreement number"), max_length=60)
    line_year = forms.IntegerField(label=_("Year of the line"), min_value=2000, max_value=2100, widget=forms.TextInput(_NUMBER))
    treaty_code = forms.ChoiceField(label=_("Treaty to join"), required=False)
    like = forms.ChoiceField(label=_("Or a new draft like"), required=False)
    title = forms.CharField(label=_("Title of the new draft"), max_length=200, required=False)

    def __init__(self, *args: Any, kind: str, today: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != "MEMBER":
            for name in ("line_year", "treaty_code", "like", "title"):
                del self.fields[name]
            return
        self.code = code
        rows = [(row.code, f"{row.code} {row.title}") for row in treaties.listing(today=today).exclude(status="ENDED")]
        cast(Any, self.fields["treaty_code"]).choices = [("", "-"), *rows]
        cast(Any, self.fields["like"]).choices = [("", "-"), *rows]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "treaty_code" in self.fields and bool(given.get("treaty_code")) == bool(given.get("like")):
            raise forms.ValidationError(_("Choose a treaty to join, or one that the new draft is to be like."))
        return given

    def given(self) -> dict[str, Any]:
        """What the verb takes: a new draft is named by the member's code and the year."""
        told = dict(self.cleaned_data)
        if told.get("like"):
            told["treaty_code"] = f"{self.code}-{told['line_year']}"
        return told


class SignForm(UploadForm):
    cols = {"signed_on": 12, "conditions_met": 12, "file": 12}
    field_order = ("signed_on", "conditions_met", "file")
    signed_on = DayField(label=_("Signed on"))
    conditions_met = forms.BooleanField(label=_("The committee's conditions are fulfilled"), required=False)
    file = forms.FileField(label=_("Signed agreement"))

    def __init__(self, *args: Any, conditions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if conditions:
            self.fields["conditions_met"].help_text = "；".join(conditions)
        else:
            del self.fields["conditions_met"]


class StandardForm(Form):
    """A standard as its document; the room says at which path something is wrong."""

    cols = {"effective_from": 4, "note": 8}
    effective_from = DayField(label=_("In force from"))
    note = forms.CharField(label=_("What is new"), max_length=300, required=False)
    document = forms.CharField(label=_("Standard (JSON)"), widget=forms.Textarea({"rows": 30, "spellcheck": "false"}))

    def clean_document(self) -> Any:
        try:
            return json.loads(self.cleaned_data["document"])
        except json.JSONDecodeError as bad:
            raise forms.ValidationError(
                _("This is not JSON: line %(line)s, column %(column)s."), code="json",
                params={"line": bad.lineno, "column": bad.colno},
            ) from bad  # fmt: skip


class StartForm(Form):
    cols = {"partner_code": 12, "year": 12}
    partner_code = forms.ChoiceField(label=_("Institution"))
    year = forms.IntegerField(label=_("Year to evaluate"), min_value=2000, max_value=2100, widget=forms.TextInput(_NUMBER))

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = partners.listing(today=today, kind="MEMBER").filter(status__in=partners.WORKING)
        cast(Any, self.fields["partner_code"]).choices = [(row.code, f"{row.code} {row.name}") for row in rows]


class FigureForm(Form):
    """A metric stated by hand; empty takes that back."""

    cols = {"figure": 12, "reason": 12}

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label, helps = _("Figure"), _("Empty: the group's own data again")
        if unit == "fen":
            self.fields["figure"] = MoneyField(label=label, required=False, help_text=helps)
        else:
            self.fields["figure"] = RateField(label=label, required=False, max_rate=None, help_text=helps)
        self.fields["reason"] = forms.CharField(label=_("Where it comes from"), required=False, max_length=500, widget=_TEXT)
        for name in ("figure", "reason"):
            cast(Any, self.fields[name]).col = 12

    def given(self) -> dict[str, Any]:
        figure = self.cleaned_data["figure"]
        return {**self.cleaned_data, "figure": None if figure is None else Decimal(figure)}
