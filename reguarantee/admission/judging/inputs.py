"""The figures that rules may name: what the applicant states, and what follows from it.

Stated values are JSON: fen and counts as numbers, rates per 1 as texts, days as ISO texts, yes or no as booleans.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.calendar import whole_months

Value = int | Decimal | bool | date | None
_FOUR_PLACES = Decimal("0.0001")

# name → (label, unit); units: fen, rate, times, years, days, count, bool
_STATED = {
    "registered_capital_fen": (_("Registered capital"), "fen"),
    "paid_in_capital_fen": (_("Paid-in capital"), "fen"),
    "net_assets_fen": (_("Net assets"), "fen"),
    "liquid_assets_fen": (_("Liquid assets"), "fen"),
    "reserves_fen": (_("Reserves"), "fen"),
    "liability_fen": (_("Guarantee liability in force"), "fen"),
    "net_profit_fen": (_("Net profit of last year"), "fen"),
    "prior_year_volume_fen": (_("New guarantees of last year"), "fen"),
    "volume_before_fen": (_("New guarantees of the year before"), "fen"),
    "policy_target_fen": (_("Policy target of the year"), "fen"),
    "requested_line_fen": (_("Line applied for"), "fen"),
    "small_loans_fen": (_("Loans to small firms"), "fen"),
    "planned_growth": (_("Planned growth"), "rate"),
    "small_agri_share": (_("Share of small firms and farming"), "rate"),
    "le5m_share": (_("Share up to 5 million yuan of it"), "rate"),
    "risk_shared_share": (_("Share in which a bank bears risk"), "rate"),
    "compensation_rate": (_("Compensation rate"), "rate"),
    "recovery_rate": (_("Recovery rate"), "rate"),
    "fee_rate": (_("Average guarantee fee"), "rate"),
    "largest_obligor_share": (_("Largest obligor against net assets"), "rate"),
    "platform_share": (_("Share of local-government financing vehicles"), "rate"),
    "npl_ratio": (_("Bad loans"), "rate"),
    "capital_adequacy": (_("Capital adequacy"), "rate"),
    "provision_cover": (_("Provision coverage"), "times"),
    "accepted_share": (_("Share of risk the bank keeps"), "rate"),
    "branches": (_("Branches"), "count"),
    "staff_total": (_("Staff"), "count"),
    "risk_staff": (_("Staff in risk control"), "count"),
    "violations": (_("Serious violations in three years"), "count"),
    "risk_rules": (_("Written risk rules in force"), "bool"),
    "accepts_data_link": (_("Accepts the data connection"), "bool"),
    "is_established": (_("Lawfully established, licence number stated"), "bool"),
}
_DERIVED = {
    "years_operating": (_("Years in operation"), "years"),
    "licence_days_left": (_("Days until the licence ends"), "days"),
    "leverage": (_("Liability against net assets"), "times"),
    "liquid_cover": (_("Liquid assets against liability"), "rate"),
    "reserve_cover": (_("Reserves against liability"), "rate"),
    "profit_rate": (_("Net profit against net assets"), "rate"),
    "volume_growth": (_("Growth of new guarantees"), "rate"),
    "risk_staff_share": (_("Risk staff of all staff"), "rate"),
}
LABELS = {name: label for name, (label, _unit) in {**_STATED, **_DERIVED}.items()}
UNITS = {name: unit for name, (_label, unit) in {**_STATED, **_DERIVED}.items()}
DERIVED = tuple(_DERIVED)
_READ = {"fen": int, "count": int, "rate": Decimal, "times": Decimal, "bool": bool}


def inputs(answers: Mapping[str, Any], *, on: date) -> dict[str, Value]:
    """Every figure of an application on a day; None where it is not stated or cannot be formed (nothing to divide by)."""
    known: dict[str, Value] = {}
    for name, (_label, unit) in _STATED.items():
        told = answers.get(name)
        known[name] = None if told in (None, "") else _READ[unit](told)
    known["is_established"] = bool(answers.get("licence_no")) and bool(answers.get("established_on"))
    began, ends = answers.get("established_on"), answers.get("licence_valid_to")
    months = whole_months(date.fromisoformat(began), on) if began else None
    known["years_operating"] = None if months is None else Decimal(months // 12)
    known["licence_days_left"] = (date.fromisoformat(ends) - on).days if ends else None
    for name, above, below in (
        ("leverage", "liability_fen", "net_assets_fen"),
        ("liquid_cover", "liquid_assets_fen", "liability_fen"),
        ("reserve_cover", "reserves_fen", "liability_fen"),
        ("profit_rate", "net_profit_fen", "net_assets_fen"),
        ("risk_staff_share", "risk_staff", "staff_total"),
    ):
        known[name] = _ratio(known[above], known[below])
    grown = _ratio(known["prior_year_volume_fen"], known["volume_before_fen"])
    known["volume_growth"] = None if grown is None else grown - 1
    return known


def _ratio(above: Any, below: Any) -> Decimal | None:
    """above / below at four places, half up; None without both, over nothing or over less than nothing.

    Against net assets that are used up the sign would turn: the worst leverage would be below every limit, and a loss a profit.
    """
    if above is None or below is None or below <= 0:
        return None
    return (Decimal(above) / Decimal(below)).quantize(_FOUR_PLACES, ROUND_HALF_UP)
