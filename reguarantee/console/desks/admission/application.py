"""The form of an application, the same on the public page and at the group's desk; its fields are those of the room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField, RateField
from kernel import codes
from reguarantee.admission import queries
from reguarantee.partners import queries as partners

_SIGNED = ("net_profit_fen", "net_assets_fen")
_WHO = ("name", "uscc", "code", "region_code", "legal_rep", "established_on", "licence_no", "licence_issuer", "licence_valid_to",
        "address", "capital_source", "category", "is_policy")  # fmt: skip
_CONTACT = ("contact_name", "contact_phone", "contact_email")
_ADMINISTRATORS = ("admin_name", "admin_email", "security_name", "security_email")
_CAPITAL = ("registered_capital_fen", "paid_in_capital_fen", "net_assets_fen")
_PEOPLE = ("staff_total", "risk_staff", "violations", "risk_rules", "accepts_data_link", "branches")


class ApplicationForm(Form):
    """`kind` MEMBER or BANK decides which figures are asked. `told` are answers that are there already."""

    cols = {"name": 8, "code": 4, "uscc": 4, "region_code": 4, "legal_rep": 4, "address": 8, "is_policy": 4}

    table: str = ""
    """The signed table of figures that came with what was typed (figures.py)."""
    read_from: int = 0
    """How many figures were read from it."""

    name = forms.CharField(label=_("Full name of the institution"), max_length=200)
    code = forms.CharField(
        label=_("Short code wished for"), max_length=20,
        help_text=_("2 to 20 letters and digits, a letter first; it becomes part of your address"),
    )  # fmt: skip
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=18)
    region_code = forms.CharField(label=_("Region code"), max_length=12, help_text=_("Six digits, for example 340100"))
    legal_rep = forms.CharField(label=_("Legal representative"), max_length=60)
    established_on = DayField(label=_("Established on"))
    licence_no = forms.CharField(label=_("Licence number"), max_length=80)
    licence_issuer = forms.CharField(label=_("Licence issued by"), max_length=120)
    licence_valid_to = DayField(label=_("Licence valid to"))
    address = forms.CharField(label=_("Address"), max_length=300)
    is_policy = forms.BooleanField(label=_("Policy institution, not for profit"), required=False)
    capital_source = forms.ChoiceField(label=_("Source of capital"), choices=partners.CAPITAL_SOURCES)
    category = forms.ChoiceField(label=_("Type of institution"), required=False, choices=[("", "-"), *partners.CATEGORIES])
    contact_name = forms.CharField(label=_("Contact"), max_length=60)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30)
    contact_email = forms.EmailField(label=_("E-mail"), max_length=200)
    admin_name = forms.CharField(label=_("System administrator"), max_length=60)
    admin_email = forms.EmailField(label=_("E-mail of the system administrator"), max_length=200)
    security_name = forms.CharField(label=_("Security administrator"), max_length=60)
    security_email = forms.EmailField(label=_("E-mail of the security administrator"), max_length=200)

    def __init__(self, *args: Any, kind: str, told: dict[str, Any] | None = None, fixed: bool = False, **kwargs: Any) -> None:
        self.kind = kind
        kwargs["initial"] = {**initial(told or {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        for name in queries.FIGURES[kind]:
            self.fields[name] = figure_field(name)
        for name in self.fields:
            field: Any = self.fields[name]
            field.col = self.cols.get(name, 4)
        if kind == "BANK":
            for name in (*_ADMINISTRATORS, "is_policy", "category", "capital_source"):
                del self.fields[name]
        if fixed:
            for name in ("uscc", "code"):
                del self.fields[name]

    def clean_uscc(self) -> str:
        try:
            return codes.uscc(self.cleaned_data["uscc"])
        except codes.BadUscc as bad:
            from design.answers import say

            raise forms.ValidationError(say(bad), code=bad.code) from bad

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()

    @property
    def sections(self) -> Iterator[tuple[Any, list[Any]]]:
        """Titles and the fields under them."""
        rest = [name for name in queries.FIGURES[self.kind] if name not in (*_CAPITAL, *_PEOPLE)]
        rates = [name for name in rest if queries.UNITS[name] in ("rate", "times")]
        amounts = [name for name in rest if name not in rates]
        for title, names in (
            (_("Institution"), _WHO),
            (_("Capital"), _CAPITAL),
            (_("Business"), amounts),
            (_("Rates and shares"), rates),
            (_("People and rules"), _PEOPLE),
            (_("Contact"), _CONTACT),
            (_("Who will look after your system"), _ADMINISTRATORS),
        ):
            fields = [self[name] for name in names if name in self.fields]
            if fields:
                yield title, fields

    def given(self) -> dict[str, Any]:
        """What the verb takes: the columns of the case itself, and everything else as its answers."""
        told = dict(self.cleaned_data)
        own = {name: told.pop(name) for name in ("name", "uscc", "code", "region_code", "reason") if name in told}
        return {**own, "answers": told}


def figure_field(name: str) -> forms.Field:
    """The field of a figure by its unit."""
    label, unit = queries.LABELS[name], queries.UNITS[name]
    if unit == "fen":
        return MoneyField(label=label, min_fen=None if name in _SIGNED else 0)
    if unit == "rate":
        signed = name == "planned_growth"
        return RateField(
            label=label, min_rate=Decimal(-1) if signed else Decimal(0), max_rate=Decimal(10) if signed else Decimal(1)
        )
    if unit == "times":
        return RateField(label=label, max_rate=None)
    if unit == "bool":
        return forms.BooleanField(label=label, required=False)
    return forms.IntegerField(
        label=label, min_value=0, max_value=1_000_000, widget=forms.TextInput({"inputmode": "numeric", "class": "num"})
    )


def initial(told: dict[str, Any]) -> dict[str, Any]:
    """Answers as the fields take them: days and rates are texts in the room."""
    shown: dict[str, Any] = {}
    for name, value in told.items():
        unit = queries.UNITS.get(name)
        if value is not None and unit in ("rate", "times"):
            shown[name] = Decimal(value)
        elif value and name in ("established_on", "licence_valid_to"):
            shown[name] = date.fromisoformat(value)
        else:
            shown[name] = value
    return shown
