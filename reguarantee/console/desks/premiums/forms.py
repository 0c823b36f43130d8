"""Forms of premiums."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField, RateField
from desks.institutions import name
from registry import queries as registry
from reguarantee.filings import queries as filings
from reguarantee.premiums import queries, services

_OUTCOMES = (
    (services.EXPLAINED, _("The row stands; explain it")),
    (services.RECKONED_ANEW, _("Reckon it anew from what is known now")),
    (services.DROPPED, _("Take it off the list: it costs nothing")),
)


def member_choices() -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.name}") for one in registry.members()]


class DrawForm(Form):
    member_code = forms.ChoiceField(label=_("Member"), choices=())
    period = forms.RegexField(r"^\d{4}-\d{2}$", label=_("Month"), help_text=_("Like 2026-03"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_code"].choices = member_choices()


class BillForm(Form):
    member_code = forms.ChoiceField(label=_("Member"), choices=())
    period = forms.RegexField(r"^\d{4}-(\d{2}|Q[1-4])$", label=_("Period"), help_text=_("Like 2026-03 or 2026-Q1"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_code"].choices = member_choices()


class ResolveForm(Form):
    outcome = forms.ChoiceField(label=_("What happens"), choices=_OUTCOMES)
    answer = forms.CharField(label=_("Answer to the member"), widget=forms.Textarea, max_length=500)
    cols = {"outcome": 12}


class ReceiptForm(Form):
    fen = MoneyField(label=_("Amount"), min_fen=1)
    on = DayField(label=_("Came on"))
    voucher_no = forms.CharField(label=_("Bank's number of the transfer"), max_length=80)
    text = forms.CharField(label=_("Text of the transfer"), max_length=300, required=False)


class StandardForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=queries.STANDARD_KINDS)
    payee = forms.ChoiceField(label=_("For"), choices=queries.PAYEES, required=False)
    factor = RateField(label=_("Factor"), required=False, help_text=_("0 waives, 50 halves; only for a waiver or reduction"))
    limit_fen = MoneyField(label=_("Limit of the lower rate"), required=False, help_text=_("Of the obligor, or of the loan"))
    low_rate = RateField(label=_("Rate up to the limit"), required=False)
    high_rate = RateField(label=_("Rate above, or for all"), required=False)
    member_code = forms.ChoiceField(label=_("Member"), choices=(), required=False)
    product_code = forms.CharField(label=_("Product"), max_length=40, required=False)
    treaty_code = forms.CharField(label=_("Treaty"), max_length=40, required=False)
    filing_number = forms.CharField(
        label=_("Only this guarantee"), max_length=60, required=False, help_text=_("A deviation: the guarantee's number")
    )
    effective_from = DayField(label=_("From"))
    effective_to = DayField(label=_("Until"), required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_code"].choices = [("", _("All members")), *member_choices()]

    def clean_filing_number(self) -> int | None:
        """The filing it is for."""
        number = self.cleaned_data["filing_number"]
        found = filings.listing(q=number).filter(number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(_("There is no such guarantee."))
        return found.pk if found else None

    def given(self) -> dict[str, Any]:
        told = {**self.cleaned_data, "rates": self.rates()}
        told["filing_id"] = told.pop("filing_number")
        return {name: value for name, value in told.items() if name not in ("limit_fen", "low_rate", "high_rate")}

    def rates(self) -> list[dict[str, Any]]:
        """The table as typed."""
        given = self.cleaned_data
        rows: list[dict[str, Any]] = []
        if given["limit_fen"] and given["low_rate"] is not None:
            rows.append({"max_fen": given["limit_fen"], "rate": str(given["low_rate"])})
        if given["high_rate"] is not None:
            rows.append({"rate": str(given["high_rate"])})
        return rows


class CloseForm(Form):
    """Of the funds for whom something is billed and not closed yet."""

    party = forms.ChoiceField(label=_("Fund"))
    period = forms.RegexField(r"^\d{4}-(\d{2}|Q[1-4])$", label=_("Period"), help_text=_("Like 2026-03 or 2026-Q1"))

    def __init__(self, *args: Any, funds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(party, name(party)) for party in funds]
        cast(Any, self.fields["party"]).choices = choices or [("", _("Nothing waits for a fund"))]


class SubsidyForm(Form):
    payer = forms.RegexField(r"^[A-Za-z0-9_-]{2,40}$", label=_("Code of the payer"))
    payer_name = forms.CharField(label=_("Who grants it"), max_length=200)
    period = forms.RegexField(r"^\d{4}-(\d{2}|Q[1-4])$", label=_("Period"), help_text=_("Like 2026-03 or 2026-Q1"))
