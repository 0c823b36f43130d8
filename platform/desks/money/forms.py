"""Forms of money: prepare, confirm, cancel, receive, match, undo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField
from desks.institutions import name


class PrepareForm(Form):
    cols = {"fen": 12, "account_name": 12, "account_no": 6, "account_bank": 6}

    fen = MoneyField(label=_("Amount"))
    account_name = forms.CharField(label=_("Name of the account"), max_length=200)
    account_no = forms.CharField(label=_("Account number"), max_length=60)
    account_bank = forms.CharField(label=_("Bank of the account"), max_length=200)


class ConfirmForm(Form):
    cols = {"voucher_no": 12, "on": 12}

    voucher_no = forms.CharField(label=_("The bank's number of the transfer"), max_length=80)
    on = DayField(label=_("Transferred on"))


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReceiptForm(Form):
    """Money that came; the payer may be unknown yet."""

    cols = {"text": 12}

    counterparty = forms.ChoiceField(label=_("Payer"), required=False)
    fen = MoneyField(label=_("Amount"))
    on = DayField(label=_("Arrived on"))
    voucher_no = forms.CharField(label=_("The bank's number of the transfer"), max_length=80)
    text = forms.CharField(label=_("Words of the transfer"), max_length=300, required=False)

    def __init__(self, *args: Any, payers: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted((str(name(code)), code) for code in payers)
        cast(Any, self.fields["counterparty"]).choices = [("", _("Payer unknown")), *((code, label) for label, code in named)]


class ArrivedForm(Form):
    """Money that came for one known due."""

    cols = {"fen": 12}

    fen = MoneyField(label=_("Amount"))
    on = DayField(label=_("Arrived on"))
    voucher_no = forms.CharField(label=_("The bank's number of the transfer"), max_length=80)


class MatchForm(Form):
    cols = {"key": 12, "fen": 12}

    key = forms.ChoiceField(label=_("Item of money"))
    fen = MoneyField(label=_("Amount"))

    def __init__(self, *args: Any, dues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = dues
