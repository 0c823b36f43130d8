"""The forms in which terms are written without JSON: one per heading of design.md 5, and rows for parties and layers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form, MoneyField, RateField
from reguarantee.console.words import LAYERS, PARTIES

RECOVERY_ORDERS = (
    ("", _("As the parameters say")),
    ("COST_FIRST_PRO_RATA", _("Costs first, then pro rata")),
    ("PRO_RATA", _("Pro rata before costs")),
    ("BANK_SUBORDINATE", _("The bank last")),
    ("PRINCIPAL_THEN_INTEREST", _("Principal first, then interest")),
)
_NUMBER = {"inputmode": "numeric", "class": "num"}
_PLACES = 10
_WIDE = Decimal(10)


def _count(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, widget=forms.TextInput(_NUMBER), **{"required": False, "min_value": 0, **more})


def _rate(label: Any, **more: Any) -> RateField:
    return RateField(label=label, **{"required": False, "places": _PLACES, **more})


def _money(label: Any, **more: Any) -> MoneyField:
    field = MoneyField(label=label, required=False, **more)
    field.words = False
    return field


def _codes(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=4000, help_text=help_text)


class BaseForm(Form):
    """When it applies, to what, and who holds a loss at first."""

    cols = {"first": 3, "last": 3, "loss_base": 3, "residual": 3, "quota_order": 3}

    first = DayField(label=_("First day of drawdown"), required=False)
    last = DayField(label=_("Last day of drawdown"), required=False, help_text=_("Empty: open"))
    loss_base = forms.ChoiceField(
        label=_("What counts as the loss"),
        choices=[("PRINCIPAL", _("Unpaid principal")), ("PRINCIPAL_AND_INTEREST", _("Unpaid principal and normal interest"))],
    )
    residual = forms.CharField(label=_("Keeps what rounding leaves"), max_length=64, help_text=_("A party's short name"))
    quota_order = _count(_("Order of the quota share"), min_value=1)


class PartyForm(Form):
    """One risk bearer: short name in the terms, kind, the institution, and its part of the quota share."""

    cols = {"key": 2, "kind": 3, "name": 4, "quota": 2, "DELETE": 1}

    key = forms.CharField(label=_("Short name"), max_length=64)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(PARTIES.items()))
    name = forms.CharField(label=_("Institution"), max_length=200, required=False)
    quota = _rate(_("Quota share"))


class LayerForm(Form):
    """One further layer; which fields count depends on its kind."""

    cols = {
        "kind": 3, "order": 1, "source": 3, "target": 3, "retention_fen": 3, "lines": 2, "attachment_fen": 3,
        "attachment_rate": 3, "limit_fen": 3, "limit_rate": 3, "aad_fen": 3, "aal_fen": 3, "share": 2, "cap_rate": 3,
        "bands": 6, "DELETE": 2,
    }  # fmt: skip

    kind = forms.ChoiceField(
        label=_("Kind of layer"),
        choices=[(code, label) for code, label in LAYERS.items() if code != "QUOTA_SHARE"],
        widget=forms.Select({"x-model": "value"}),
    )
    order = _count(_("Order"), required=True, min_value=1)
    source = forms.CharField(label=_("From, or whose payments"), max_length=64)
    target = forms.CharField(label=_("To, or who bears the excess"), max_length=64)
    retention_fen = _money(_("Retention"))
    lines = _count(_("Lines at most"), min_value=1)
    attachment_fen = _money(_("Attachment"))
    attachment_rate = _rate(_("Attachment of the base"), max_rate=_WIDE)
    limit_fen = _money(_("Limit"))
    limit_rate = _rate(_("Limit of the base"), max_rate=_WIDE)
    aad_fen = _money(_("Deductible of the period"))
    aal_fen = _money(_("Limit of the period"))
    share = _rate(_("Part taken"))
    cap_rate = _rate(_("Cap of the base"), max_rate=_WIDE)
    bands = forms.CharField(
        label=_("Bands"), required=False, max_length=400, help_text=_("Up to : counts at, such as 3:100, 5:50, :0 (percent)")
    )

    GROUPS = (
        ("SURPLUS", ("retention_fen", "lines")),
        ("EXCESS", ("attachment_fen", "limit_fen", "aad_fen", "aal_fen", "share")),
        ("AGGREGATE", ("attachment_fen", "attachment_rate", "limit_fen", "limit_rate", "share")),
        ("RATE_CAP", ("cap_rate",)),
        ("TIERS", ("bands",)),
    )

    def details(self) -> list[tuple[str, Any]]:
        """The fields of the kinds, each with the condition under which the page shows it."""
        used: dict[str, list[str]] = {}
        for kind, names in self.GROUPS:
            for name in names:
                used.setdefault(name, []).append(f"value === '{kind}'")
        return [(" || ".join(kinds), self[name]) for name, kinds in used.items()]


class ScopeForm(Form):
    """Which guarantees it is for; empty lists admit all (AGR-15)."""

    cols = {"products": 4, "obligor_kinds": 4, "banks": 4, "regions": 6, "industries": 6,
            "principal_max_fen": 4, "obligor_total_max_fen": 4, "term_max_months": 4}  # fmt: skip
    units = {"term_max_months": _("months")}

    products = _codes(_("Products"))
    obligor_kinds = _codes(_("Kinds of obligors"), "COMPANY, PERSON, LARGE, MEDIUM, SMALL, MICRO, FARMER, AGRICULTURE")
    banks = _codes(_("Banks"))
    regions = _codes(_("Regions"))
    industries = _codes(_("Industries"))
    principal_max_fen = _money(_("Loan at most"))
    obligor_total_max_fen = _money(_("One obligor over all members at most"))
    term_max_months = _count(_("Term at most"))


class MoneyForm(Form):
    """Premium, claims, recoveries and the levels of the fuse."""

    cols = {"base": 4, "day_count": 2, "obligor_max_fen": 2, "small_rate": 2, "rate": 2, "deadline_days": 3, "inclusive": 3,
            "advance": 3, "order": 4, "pass_on_days": 2, "warn": 2, "hold": 2, "stop": 2}  # fmt: skip
    units = {"deadline_days": _("days"), "pass_on_days": _("days")}

    base = forms.ChoiceField(
        label=_("Premium on"), required=False,
        choices=[("", _("As the parameters say")), ("INITIAL_PRINCIPAL", _("Initial principal ceded")),
                 ("DAILY_BALANCE", _("Daily balance ceded"))],
    )  # fmt: skip
    day_count = forms.ChoiceField(
        label=_("Day count"), required=False, choices=[("", "-"), ("ACT/365", "ACT/365"), ("ACT/360", "ACT/360")]
    )
    obligor_max_fen = _money(_("Obligors up to"))
    small_rate = _rate(_("Rate for them"))
    rate = _rate(_("Rate a year"))
    deadline_days = _count(_("Claims within"), min_value=1)
    inclusive = forms.BooleanField(label=_("The day of compensation counts"), required=False)
    advance = _rate(_("Paid in advance"))
    order = forms.ChoiceField(label=_("Recoveries"), choices=RECOVERY_ORDERS, required=False)
    pass_on_days = _count(_("Passed on within"))
    warn = _rate(_("Fuse: warn at"), max_rate=_WIDE)
    hold = _rate(_("Fuse: hold at"), max_rate=_WIDE)
    stop = _rate(_("Fuse: stop at"), max_rate=_WIDE)


Parties = formset_factory(PartyForm, extra=0, can_delete=True, max_num=50, validate_max=True)
Layers = formset_factory(LayerForm, extra=0, can_delete=True, max_num=50, validate_max=True)
