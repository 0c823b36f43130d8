"""What the room keeps as codes, in words and in the units people read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from design.templatetags.design import money, rate
from reguarantee.admission import queries

NEXT = {
    "APPLIED": gettext_lazy("Check the application and accept it, return it with a reason, or refuse it."),
    "RETURNED": gettext_lazy("The applicant corrects it; nothing is to be done until it applies again."),
    "DOCUMENTS": gettext_lazy("Collect every required paper, ask for what is missing, then go on."),
    "ANALYSIS": gettext_lazy("Check the figures against the papers, analyse, and conclude with your opinion."),
    "REVIEW": gettext_lazy("Report the visit on site, then give the reviewer's opinion and score."),
    "COMMITTEE": gettext_lazy("The committee's secretary puts it on an agenda; its decision moves the case on."),
    "AGREEMENT": gettext_lazy("Work the line out, write down treaty and agreement, then have it signed."),
    "ACTIVATING": gettext_lazy("Activate: the house is opened with everything in it, or nothing is."),
    "ACTIVE": gettext_lazy("Admitted. What follows stands in the register: evaluation, limits, suspension, exit."),
    "REFUSED": gettext_lazy("Refused. A new application is possible."),
    "WITHDRAWN": gettext_lazy("Withdrawn by the applicant."),
}
EVENTS = {
    "accept": gettext_lazy("Accepted for handling"),
    "send_back": gettext_lazy("Returned to the applicant"),
    "reapply": gettext_lazy("Applied again"),
    "complete": gettext_lazy("Papers complete"),
    "conclude": gettext_lazy("Analysis concluded"),
    "review": gettext_lazy("Reviewed"),
    "approve": gettext_lazy("Passed by the committee"),
    "reject": gettext_lazy("Rejected by the committee"),
    "sign": gettext_lazy("Agreement signed"),
    "activate": gettext_lazy("Activated"),
    "return": gettext_lazy("Returned to the papers"),
    "reopen": gettext_lazy("Returned to the analysis"),
    "refuse": gettext_lazy("Refused"),
    "withdraw": gettext_lazy("Withdrawn"),
}
BRANCHES = {
    "NEW_MEMBER": gettext_lazy("A new member gets the policy target."),
    "APPLICATION": gettext_lazy("Measured above the target and on pace: the application stands."),
    "TARGET_BEHIND": gettext_lazy("Measured above the target but behind its pace: the target."),
    "TARGET_PACE": gettext_lazy("Measured below the target but on pace: the target."),
    "MEASURED": gettext_lazy("Measured below the target and behind its pace: what was measured."),
    "AT_TARGET": gettext_lazy("Measured exactly at the target."),
}
KEYS = {
    "leverage": gettext_lazy("Leverage"),
    "filing_rate": gettext_lazy("Filing rate"),
    "risk_shared_share": gettext_lazy("Share in which a bank bears risk"),
    "small_agri_share": gettext_lazy("Share of small firms and farming"),
    "compensation_rate": gettext_lazy("Compensation rate"),
    "compensation_return_rate": gettext_lazy("Return rate"),
    "policy_target_completion": gettext_lazy("Policy target reached"),
    "institution_rating": gettext_lazy("Rating of the institution"),
}
METRICS = {
    **KEYS,
    "new_volume": gettext_lazy("New guarantees"),
    "filed_volume": gettext_lazy("Filed guarantees"),
    "return_rate": gettext_lazy("Return rate"),
}
DIMENSIONS = {
    "POLICY": gettext_lazy("Policy benefit"),
    "OPERATION": gettext_lazy("Operation"),
    "RISK_CONTROL": gettext_lazy("Risk control"),
    "SYSTEM": gettext_lazy("Part in the system"),
}
SOURCES = {
    "FILINGS": gettext_lazy("Filings"),
    "BOOK": gettext_lazy("Reported book"),
    "MONEY": gettext_lazy("Money moved"),
    "FILE": gettext_lazy("Reported book and file"),
    "OFFICER": gettext_lazy("Stated by an officer"),
    "NONE": gettext_lazy("No data"),
}
METRIC_UNITS = {"new_volume": "fen", "filed_volume": "fen", "leverage": "times"}
OPERATORS = {"GE": "≥", "LE": "≤", "GT": ">", "LT": "<", "EQ": "="}


def named(texts: dict[str, str] | None) -> str:
    """A standard's name or sentence in the reader's language."""
    if not texts:
        return ""
    return texts["en"] if (get_language() or "").startswith("en") else texts["zh"]


def figure(name: str, text: Any, context: Any, *, unit: str = "") -> Any:
    """A stored figure in its unit: yuan, percent, times, days, yes or no; "-" when nobody stated it."""
    unit = unit or queries.UNITS.get(name, "rate")
    if text in (None, ""):
        return "-"
    number = Decimal(int(text)) if isinstance(text, bool) else Decimal(str(text).replace("True", "1").replace("False", "0"))
    if unit == "fen":
        return money(context, int(number), unit=True)
    if unit == "rate":
        return rate(number)
    if unit == "bool":
        return _("yes") if number else _("no")
    plain = f"{number.normalize():f}"
    return _("%(number)s times") % {"number": plain} if unit == "times" else plain
