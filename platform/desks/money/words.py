"""What codes of money are called, and where their subjects are shown."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from desks.pages import here

PURPOSES: dict[str, Any] = {
    "CLAIM": _("Claim on the group"),
    "RECOVERY": _("Recovery passed on to the group"),
    "RECOVERY_REFUND": _("Recovery given back"),
    "PREMIUM": _("Re-guarantee premium"),
    "PREMIUM_REFUND": _("Premium given back"),
    "FUND_PREMIUM": _("Premium to a fund"),
    "FUND_CLAIM": _("Claim on a fund"),
    "FUND_RECOVERY": _("Recovery passed on to a fund"),
    "FUND_RECOVERY_REFUND": _("Recovery given back by a fund"),
    "COMPENSATION": _("Compensation of a bank"),
    "BANK_RECOVERY": _("Recovery passed on to a bank"),
    "BANK_RECOVERY_REFUND": _("Recovery given back by a bank"),
    "DEBTOR": _("Recovery from a debtor"),
}
BREAKS: dict[str, Any] = {
    "REPORTED_ONLY": _("The other side reports it, our books do not"),
    "DIFFERENT": _("Reported and booked differ"),
    "LATE": _("Late"),
    "UNREPORTED": _("Booked, and the other side says nothing"),
    "UNEXPECTED": _("Reported, and nothing was expected"),
}
TONES = {"REPORTED_ONLY": "red", "DIFFERENT": "red", "UNEXPECTED": "red", "LATE": "orange", "UNREPORTED": "amber"}
SAID: dict[str, Any] = {"SENT": _("Sent"), "ARRIVED": _("Arrived")}


def purpose(code: str) -> Any:
    return PURPOSES.get(code, code)


def reference(key: str) -> str:
    """The number people know money by: the last part of the key that both houses share ("claim:WANXIN:BC2026-000003")."""
    return key.rpartition(":")[2]


def page_of(request: HttpRequest, subject: str) -> str:
    """The page of what money is about, in the face that was asked; "" where there is none: "claim:3" is page "claim"."""
    kind, _colon, key = subject.partition(":")
    try:
        return here(request, kind, int(key))
    except (NoReverseMatch, ValueError):
        return ""
