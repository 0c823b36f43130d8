"""Forms of recoveries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField
from tenants.recoveries import queries


def _text(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=1000, required=required, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(Form):
    """A line of the log."""

    kind = forms.ChoiceField(label=_("Kind"), choices=queries.ENTRIES)
    on = DayField(label=_("On"))
    stage = forms.ChoiceField(label=_("Stage reached"), choices=[("", "-"), *queries.STAGES], required=False)
    deadline = DayField(label=_("Next deadline"), required=False)
    text = _text(_("What happened"), required=False)


class SpendForm(Form):
    cols = {"kind": 12}

    kind = forms.ChoiceField(label=_("Kind"), choices=queries.COSTS)
    fen = MoneyField(label=_("Amount"))
    on = DayField(label=_("On"))


class RecordForm(Form):
    """Money from the debtor, and up to two costs that were spent for it."""

    gross_fen = MoneyField(label=_("Amount received"))
    on = DayField(label=_("Received on"))
    method = forms.ChoiceField(label=_("Way"), choices=queries.METHODS)
    voucher_no = forms.CharField(label=_("Voucher number"), max_length=80)
    cost_kind = forms.ChoiceField(label=_("Cost spent for it"), choices=[("", "-"), *queries.COSTS], required=False)
    cost_fen = MoneyField(label=_("Amount of the cost"), required=False)
    more_kind = forms.ChoiceField(label=_("Another cost"), choices=[("", "-"), *queries.COSTS], required=False)
    more_fen = MoneyField(label=_("Amount of the cost"), required=False)

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        data = dict(self.cleaned_data)
        costs: dict[str, int] = {}
        for name in ("cost", "more"):
            kind, fen = data.pop(f"{name}_kind"), data.pop(f"{name}_fen")
            if kind and fen:
                costs[kind] = costs.get(kind, 0) + fen
        return {**data, "costs": costs}


class WriteOffForm(Form):
    written_off_fen = MoneyField(label=_("Written off"))
    on = DayField(label=_("On"))
    resolution_no = forms.CharField(label=_("Number of the resolution"), max_length=80)
    reason = _text(_("Why nothing more can be expected"))


class ReasonForm(Form):
    reason = _text(_("Reason"))
