"""Forms of the two registers."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form
from registry import queries as registry
from tenants.applications import queries

_OPEN = _("Open for new applications")


class ChannelForm(Form):
    """A new channel; a bank's needs no code."""

    cols = {"name": 12}
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=queries.KINDS)
    code = forms.CharField(
        label=_("Code"), max_length=20, required=False, help_text=_("Stays for good; a bank's follows from the bank")
    )
    bank_code = forms.ChoiceField(label=_("Bank"), required=False, help_text=_("Only for a bank"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        banks = [(bank.code, bank.name) for bank in registry.banks()]
        cast(Any, self.fields["bank_code"]).choices = [("", _("No bank")), *banks]


class ChannelChangeForm(Form):
    """What may change: older results keep their meaning."""

    cols = {"name": 12, "is_active": 12}
    name = forms.CharField(label=_("Name"), max_length=200)
    is_active = forms.BooleanField(label=_OPEN, required=False)


class IntroducerForm(Form):
    cols = {"name": 12, "is_active": 12}
    name = forms.CharField(label=_("Organisation"), max_length=200)
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=18, required=False)
    agreement_no = forms.CharField(label=_("Agreement no."), max_length=60, required=False)
    agreed_to = DayField(label=_("Agreement ends"), required=False)
    contact = forms.CharField(label=_("Contact"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    is_active = forms.BooleanField(label=_OPEN, required=False, initial=True)
