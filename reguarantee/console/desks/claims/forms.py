"""What officers enter about a claim."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField
from registry import queries as registry
from reguarantee.claims import reasons

_AREA = forms.Textarea(attrs={"rows": 3})


class WhyForm(Form):
    text = forms.CharField(label=_("Reason"), widget=_AREA, max_length=300)


class WriteForm(Form):
    text = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class RefuseForm(Form):
    cols = {"code": 12}
    code = forms.ChoiceField(label=_("Reason"), choices=list(reasons.REFUSALS.items()))
    text = forms.CharField(label=_("Words for the member"), widget=_AREA, max_length=300)


class DenyForm(Form):
    code = forms.ChoiceField(label=_("Reason"), choices=list(reasons.OFFICERS_DENIALS.items()))
    fen = MoneyField(label=_("Amount not paid"), min_fen=1)
    text = forms.CharField(label=_("Words for the member"), widget=_AREA, max_length=300)


class ReturnForm(Form):
    """Up to three deficiencies; those whose code is empty are not meant."""

    text = forms.CharField(label=_("Words for the member"), widget=_AREA, required=False, max_length=300)

    def __init__(self, *args: Any, missing: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [("", "-"), *reasons.DEFICIENCIES.items()]
        slots = [("", "-"), *reasons.SLOTS.items()]
        self.rows = max(3, len(missing))
        for place in range(self.rows):
            lacks = missing[place] if place < len(missing) else ""
            self.fields[f"code_{place}"] = forms.ChoiceField(
                label=_("Deficiency"), choices=codes, required=False, initial="MISSING" if lacks else ""
            )
            self.fields[f"slot_{place}"] = forms.ChoiceField(
                label=_("Paper"), choices=slots if lacks in reasons.SLOTS or not lacks else [*slots, (lacks, lacks)],
                required=False, initial=lacks,
            )  # fmt: skip
            self.fields[f"words_{place}"] = forms.CharField(label=_("What has to be done"), required=False, max_length=300)
        self.cols = {f"{name}_{place}": 4 for place in range(self.rows) for name in ("code", "slot", "words")}

    def given(self) -> dict[str, Any]:
        """What the verb takes: `lacks` = (code, paper, words) of each deficiency."""
        told = [tuple(self.cleaned_data.get(f"{name}_{n}", "") for name in ("code", "slot", "words")) for n in range(self.rows)]
        return {"text": self.cleaned_data["text"], "lacks": [row for row in told if row[0]]}


class PrepareForm(Form):
    cols = {"account_name": 12}
    account_name = forms.CharField(label=_("Account name"), max_length=200)
    account_no = forms.CharField(label=_("Account number"), max_length=60)
    account_bank = forms.CharField(label=_("Account bank"), max_length=200)


class ConfirmForm(Form):
    voucher_no = forms.CharField(label=_("Voucher of the bank"), max_length=80)
    on = DayField(label=_("Sent on"))


class ReceiveForm(Form):
    fen = MoneyField(label=_("Amount"), min_fen=1)
    on = DayField(label=_("Arrived on"))
    voucher_no = forms.CharField(label=_("Voucher of the bank"), max_length=80)


class FundsForm(Form):
    member_code = forms.ChoiceField(label=_("Member"))
    as_of = DayField(label=_("As of"))
    liquid_fen = MoneyField(label=_("Liquid funds"), min_fen=0)
    source = forms.CharField(label=_("Source"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_code"].choices = [(row.code, f"{row.code} {row.name}") for row in registry.members()]
