"""Propose a parameter's next value: the field is of the parameter's own kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField, RateField
from desks.parameters.house import CHOICES, SCOPES
from kernel.parameters.declared import Parameter


def _value_field(parameter: Parameter) -> forms.Field:
    label = _("New value")
    if parameter.kind == "fen":
        return MoneyField(label=label, min_fen=0)
    if parameter.kind == "rate":
        return RateField(label=label)
    if parameter.kind in ("int", "days"):
        return forms.IntegerField(label=label)
    if parameter.kind == "bool":
        return forms.ChoiceField(label=label, choices=[("true", _("Yes")), ("false", _("No"))])
    if parameter.kind == "choice":
        return forms.ChoiceField(label=label, choices=[(code, CHOICES.get(code, code)) for code in parameter.choices])
    return forms.CharField(label=label, max_length=200)


class ProposalForm(Form):
    """The value, its first day, what it rests on, and for which product or member if not for all."""

    cols = {"legal_basis": 12}
    effective_from = DayField(label=_("From"))
    scope_name = forms.ChoiceField(label=_("Holds for"), required=False)
    scope_value = forms.CharField(label=_("Code of the product or member"), max_length=60, required=False)
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=300, required=False)
    field_order = ["value", "effective_from", "scope_name", "scope_value", "legal_basis"]

    def __init__(self, *args: Any, parameter: Parameter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(parameter)
        if parameter.scopes:
            self.fields["scope_name"].choices = [
                ("", _("For all")),
                *((name, SCOPES.get(name, name)) for name in parameter.scopes),
            ]
        else:
            del self.fields["scope_name"], self.fields["scope_value"]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("scope_name") and not told.get("scope_value"):
            self.add_error("scope_value", forms.ValidationError(_("Name the code.")))
        return told

    def given(self) -> dict[str, Any]:
        """What the verb is told; values travel as the text in which they are kept."""
        told = self.cleaned_data
        name, code = told.get("scope_name", ""), told.get("scope_value", "").strip()
        return {
            "value": str(told["value"]),
            "effective_from": told["effective_from"],
            "scope": f"{name}={code}" if name else "",
            "legal_basis": told["legal_basis"],
        }
