"""What people enter about a claim on the group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField

_AREA = forms.Textarea(attrs={"rows": 3})


class SubmitForm(Form):
    cols = {"account_name": 12}
    account_name = forms.CharField(label=_("Account name"), max_length=200)
    account_no = forms.CharField(label=_("Account number"), max_length=60)
    account_bank = forms.CharField(label=_("Account bank"), max_length=200)
    late_reason = forms.CharField(label=_("Why late"), widget=_AREA, required=False, max_length=300)

    def __init__(self, *args: Any, late: bool, appeal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if appeal:
            self.fields["late_reason"].label = _("Why the refusal is wrong")
            self.fields["late_reason"].required = True
        elif late:
            self.fields["late_reason"].required = True
        else:
            del self.fields["late_reason"]


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), widget=_AREA, max_length=300)


class WriteForm(Form):
    text = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class ReceiveForm(Form):
    fen = MoneyField(label=_("Amount"), min_fen=1)
    on = DayField(label=_("Arrived on"))
    voucher_no = forms.CharField(label=_("Voucher of the bank"), max_length=80)
