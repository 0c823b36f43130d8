"""Widen, keep or narrow: a hint by rule, with its reasons (AGR-11). People decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.parameters import queries as parameters

WIDEN, KEEP, NARROW = "WIDEN", "KEEP", "NARROW"
LABELS = {WIDEN: gettext_lazy("Widen"), KEEP: gettext_lazy("Keep"), NARROW: gettext_lazy("Narrow")}
TONES = {WIDEN: "green", KEEP: "grey", NARROW: "red"}
_NAMES = ("claim_rate_high", "claim_rate_low", "brought_well", "brought_little", "line_tight")
_TROUBLED = ("WATCH", "SUSPENDED", "EXITED")


@dataclass(frozen=True)
class Hint:
    code: str
    reasons: list[str]

    @property
    def label(self) -> Any:
        return LABELS[self.code]

    @property
    def tone(self) -> str:
        return TONES[self.code]


def bounds(on: date) -> dict[str, Decimal]:
    """The numbers by which hints are given, on a day. One statement each."""
    return {name: parameters.value(f"rg.outcome.{name}", on=on) for name in _NAMES}


def hint(row: dict[str, Any], *, standing: str, stopped: bool, bounds: dict[str, Decimal]) -> Hint:
    """What a member's figures speak for. One reason against is enough to narrow; widening needs room and a clean record."""
    against, in_favour = _against(row, standing, stopped, bounds), _in_favour(row, bounds)
    if against:
        return Hint(NARROW, against)
    low = row["claim_rate"] is not None and row["claim_rate"] < bounds["claim_rate_low"]
    if in_favour and low:
        return Hint(WIDEN, [*in_favour, _("The claim rate of %(rate)s is low.") % {"rate": _percent(row["claim_rate"])}])
    return Hint(KEEP, in_favour or [_("No figure speaks for a change.")])


def _against(row: dict[str, Any], standing: str, stopped: bool, bounds: dict[str, Decimal]) -> list[str]:
    reasons = []
    rate, brought = row["claim_rate"], row["brought"]
    if rate is not None and rate >= bounds["claim_rate_high"]:
        facts = {"rate": _percent(rate), "bound": _percent(bounds["claim_rate_high"])}
        reasons.append(_("The claim rate of %(rate)s has reached %(bound)s.") % facts)
    if brought is not None and brought < bounds["brought_little"]:
        reasons.append(_("Only %(rate)s of the agreed volume was brought.") % {"rate": _percent(brought)})
    if standing in _TROUBLED:
        reasons.append(_("The institution is on watch, suspended or gone."))
    if stopped:
        reasons.append(_("New cessions are stopped."))
    return reasons


def _in_favour(row: dict[str, Any], bounds: dict[str, Decimal]) -> list[str]:
    reasons = []
    if row["brought"] is not None and row["brought"] >= bounds["brought_well"]:
        reasons.append(_("%(rate)s of the agreed volume was brought.") % {"rate": _percent(row["brought"])})
    if row["used"] is not None and row["used"] >= bounds["line_tight"]:
        reasons.append(_("%(rate)s of the line is taken.") % {"rate": _percent(row["used"])})
    return reasons


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).quantize(Decimal('0.01')).normalize():f}%"
