"""Forms of cases and lists. What they check is form; the room checks the rest."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField, RateField
from reguarantee.filings import queries
from reguarantee.partners import queries as partners


class OpinionForm(Form):
    """What a person says at a stage. The stage travels along, so that a second press hears that it has moved on."""

    cols = {"agreed": 12, "text": 12, "risk_degree": 6, "risk_fen": 6}

    stage = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.ChoiceField(label=_("Opinion"), choices=[("1", _("Agreed")), ("0", _("Opposed"))])
    text = forms.CharField(label=_("Reasons"), max_length=2000, widget=forms.Textarea({"rows": 4}))
    risk_degree = RateField(label=_("Risk degree"), required=False, help_text=_("Between 0 and 100 %, if known"))
    risk_fen = MoneyField(label=_("Amount at risk"), required=False, min_fen=0)

    def __init__(self, *args: Any, with_risk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_risk:
            del self.fields["risk_degree"], self.fields["risk_fen"]

    def clean_agreed(self) -> bool:
        return self.cleaned_data["agreed"] == "1"


class ReplyForm(Form):
    """The formal reply."""

    cols = {"approved": 6, "granted_fen": 6}

    approved = forms.ChoiceField(label=_("Decision"), choices=[("1", _("Approved")), ("0", _("Not approved"))])
    granted_fen = MoneyField(
        label=_("Amount granted"), required=False, min_fen=1, help_text=_("Empty: all that the member asked for")
    )
    text = forms.CharField(label=_("Words of the reply"), max_length=2000, widget=forms.Textarea({"rows": 4}))
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=_("One in a line; the member reads them."),
    )  # fmt: skip

    def __init__(self, *args: Any, asked_fen: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["granted_fen"]).max_fen = asked_fen or None

    def clean_approved(self) -> bool:
        return self.cleaned_data["approved"] == "1"


class ReturnForm(Form):
    """What the member has to correct."""

    cols = {"deficiencies": 12}

    deficiencies = forms.MultipleChoiceField(
        label=_("To be corrected"), required=False, choices=queries.DEFECTS, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The member reads it."),
    )


class ListForm(Form):
    """A bank's monthly list."""

    cols = {"bank_code": 6, "period": 6, "file": 12}

    bank_code = forms.ChoiceField(label=_("Bank"))
    period = forms.CharField(label=_("Month"), max_length=7, widget=forms.TextInput({"placeholder": "2026-01"}))
    file = forms.FileField(
        label=_("List (CSV)"), help_text=_("Columns: member_code, iou_no, principal_yuan (担保机构, 借据号, 贷款金额)")
    )

    def __init__(self, *args: Any, banks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["bank_code"]).choices = banks

    def given(self) -> dict[str, Any]:
        file = self.cleaned_data["file"]
        return {
            "bank_code": self.cleaned_data["bank_code"], "period": self.cleaned_data["period"], "name": file.name,
            "data": file.read(),
        }  # fmt: skip


class FiguresForm(Form):
    """Which filings the figures are of, and along what they are laid out."""

    cols = {"by": 2, "member": 3, "kind": 3, "first": 2, "last": 2}
    by = forms.ChoiceField(
        label=_("By"),
        choices=[
            ("member", _("Member")), ("industry", _("Industry")), ("bank", _("Bank")), ("product", _("Product")),
            ("month", _("Month")), ("line", _("Line of business")),
        ],
    )  # fmt: skip
    member = forms.ChoiceField(label=_("Member"), required=False)
    kind = forms.ChoiceField(
        label=_("Type of institution"), required=False,
        choices=[("", _("All types")), *partners.CATEGORIES, ("POLICY", _("Policy institutions"))],
    )  # fmt: skip
    first = DayField(label=_("Filed from"), required=False)
    last = DayField(label=_("Filed until"), required=False)

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["member"]).choices = [("", _("All members")), *members]
