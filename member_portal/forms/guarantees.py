"""Forms of what happens to a guarantee."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField


class DrawdownForm(Form):
    cols = {"amount_fen": 12, "complete": 12}
    iou_no = forms.CharField(label=_("IOU number"), max_length=80)
    on = DayField(label=_("Paid out on"))
    amount_fen = MoneyField(label=_("Amount paid out"), min_fen=1)
    complete = forms.BooleanField(label=_("The bank will pay out no more"), required=False)


class RepaymentForm(Form):
    cols = {"principal_fen": 12}
    reference = forms.CharField(label=_("Reference"), max_length=80)
    on = DayField(label=_("Repaid on"))
    principal_fen = MoneyField(label=_("Principal repaid"), min_fen=1)


class OverdueForm(Form):
    cols = {"on": 12}
    on = DayField(label=_("Overdue since"))


class CompensationForm(Form):
    cols = {"paid_fen": 12}
    bank_notice_on = DayField(label=_("Bank's notice of"))
    paid_on = DayField(label=_("Paid on"))
    principal_fen = MoneyField(
        label=_("Principal claimed"), min_fen=1, help_text=_("The bank's whole claim, its own part included")
    )
    interest_fen = MoneyField(label=_("Interest claimed"))
    paid_fen = MoneyField(label=_("Paid to the bank"), min_fen=1)
    voucher_no = forms.CharField(label=_("Payment voucher"), max_length=80)


class ExtensionForm(Form):
    cols = {"counter_consents": 12, "reason": 12}
    due_on = DayField(label=_("New end of the loan"))
    bank_consent = forms.CharField(label=_("Bank's extension agreement"), max_length=80)
    counter_consents = forms.CharField(
        label=_("Written consents of the counter-guarantors"),
        max_length=300,
        help_text=_("Who consented, and when. Without counter-guarantors enter “none”."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class ReleaseForm(Form):
    certificate = forms.CharField(label=_("Bank's settlement certificate"), max_length=80)
    on = DayField(label=_("Released on"))
