"""What happened to a thing, told for people: audit lines and approval opinions in one list, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.approval import queries as approvals
from kernel.audit import queries as trail
from kernel.money import yuan

# act → (title, tone, icon). Approval acts are told by the opinions themselves, with their text.
_ACTS: dict[str, tuple[Any, str, str]] = {
    "applications.draft": (gettext_lazy("Draft written"), "grey", "pencil"),
    "applications.revise": (gettext_lazy("Changed"), "grey", "pencil"),
    "applications.receive": (gettext_lazy("Received from the bank"), "blue", "inbox"),
    "applications.submit": (gettext_lazy("Submitted"), "blue", "send"),
    "applications.take_up": (gettext_lazy("Taken up"), "blue", "user-check"),
    "applications.decline": (gettext_lazy("Declined"), "red", "x"),
    "applications.return": (gettext_lazy("Returned to the author"), "orange", "arrow-back-up"),
    "applications.resubmit": (gettext_lazy("Handed in again"), "blue", "send"),
    "applications.approve": (gettext_lazy("Approved"), "green", "check"),
    "applications.reject": (gettext_lazy("Rejected"), "red", "x"),
    "applications.withdraw": (gettext_lazy("Withdrawn"), "grey", "arrow-back-up"),
    "guarantees.issue": (gettext_lazy("Guarantee issued"), "green", "file-certificate"),
    "guarantees.draw": (gettext_lazy("Drawdown"), "cyan", "cash"),
    "guarantees.draw_all": (gettext_lazy("Drawdown, loan fully drawn: in force"), "green", "shield-check"),
    "guarantees.complete": (gettext_lazy("Drawing ended: in force"), "green", "shield-check"),
    "guarantees.repay": (gettext_lazy("Repayment"), "cyan", "cash-banknote"),
    "guarantees.mark_overdue": (gettext_lazy("Overdue"), "red", "alert-triangle"),
    "guarantees.cure": (gettext_lazy("Arrears paid"), "green", "heart-handshake"),
    "guarantees.compensate": (gettext_lazy("Compensation paid to the bank"), "red", "building-bank"),
    "guarantees.compensate_part": (gettext_lazy("Part of a compensation paid to the bank"), "red", "building-bank"),
    "guarantees.release": (gettext_lazy("Released"), "green", "lock-open"),
    "guarantees.ask_extension": (gettext_lazy("Extension asked for"), "blue", "send"),
    "guarantees.refuse_extension": (gettext_lazy("Extension not approved"), "grey", "ban"),
    "guarantees.extend": (gettext_lazy("Extended: goes on in another guarantee"), "blue", "calendar-plus"),
    "guarantees.issue_extension": (gettext_lazy("Issued as an extension"), "blue", "calendar-plus"),
    "guarantees.lapse": (gettext_lazy("Lapsed"), "grey", "clock-off"),
    "guarantees.cancel": (gettext_lazy("Cancelled"), "grey", "ban"),
    "guarantees.file": (gettext_lazy("Filed to the group again"), "blue", "send"),
    "guarantees.filing_decided": (gettext_lazy("The group decided on the filing"), "blue", "gavel"),
    "claims.draft": (gettext_lazy("Claim on the group drafted"), "grey", "pencil"),
    "claims.submit": (gettext_lazy("Claim on the group submitted"), "blue", "send"),
    "claims.answer": (gettext_lazy("Returned claim sent again"), "blue", "send"),
    "claims.appeal": (gettext_lazy("Appeal against the group's refusal"), "orange", "send"),
    "claims.withdraw": (gettext_lazy("Claim on the group withdrawn"), "grey", "ban"),
    "claims.decided": (gettext_lazy("Claim answered by the group"), "blue", "gavel"),
    "claims.paid": (gettext_lazy("Group sent money for a claim"), "green", "cash"),
    "claims.receive": (gettext_lazy("Money of the group registered"), "green", "cash-banknote"),
}
_TONES = {"APPROVE": "green", "REJECT": "red", "RETURN": "orange", "SUBMIT": "blue"}
_COVERAGE = {
    "COVERED": gettext_lazy("Covered"),
    "PARTLY": gettext_lazy("Partly covered"),
    "UNCOVERED": gettext_lazy("Not covered"),
}


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened; `note` holds amounts and reasons, `tone` and `icon` are the look's."""

    at: datetime
    title: str
    who: str
    note: str = ""
    tone: str = "grey"
    icon: str = "point"
    url: str = ""


def of(*subjects: str) -> list[TimelineEntry]:
    """Everything about these subjects ("application:12"), newest first; two queries per subject."""
    entries = [entry for subject in subjects for entry in (*_acts(subject), *_opinions(subject))]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _acts(subject: str) -> list[TimelineEntry]:
    found = []
    for line in trail.of(subject):
        if line.act in _ACTS:
            title, tone, icon = _ACTS[line.act]
            found.append(TimelineEntry(line.at, str(title), line.actor, _note(trail.facts(line)), tone, icon))
    return found


def _opinions(subject: str) -> list[TimelineEntry]:
    found = []
    for opinion in approvals.timeline(subject):
        title = f"{opinion.name} · {opinion.get_verdict_display()}" if opinion.name else opinion.get_verdict_display()
        tone = _TONES.get(opinion.verdict, "grey")
        found.append(TimelineEntry(opinion.at, title, opinion.by_label, opinion.text, tone, "signature"))
    return found


def _note(facts: dict[str, Any]) -> str:
    """The figures and reasons of an audit line in words; codes that a reader cannot use stay out."""
    parts = []
    amount = facts.get("paid_fen") or facts.get("amount_fen") or facts.get("principal_fen") or facts.get("loan_fen")
    if amount:
        parts.append(_("%(amount)s yuan") % {"amount": yuan(amount)})
    if "on" in facts:
        parts.append(_("on %(day)s") % {"day": facts["on"]})
    for key, sentence in (
        ("iou_no", _("IOU %(value)s")),
        ("reference", _("reference %(value)s")),
        ("voucher_no", _("voucher %(value)s")),
        ("certificate", _("certificate %(value)s")),
        ("treaty", _("treaty %(value)s")),
    ):
        if facts.get(key):
            parts.append(sentence % {"value": facts[key]})
    if facts.get("coverage"):
        parts.append(str(_COVERAGE.get(facts["coverage"], facts["coverage"])))
    if facts.get("ceded_fen"):
        parts.append(_("ceded %(amount)s yuan") % {"amount": yuan(facts["ceded_fen"])})
    if facts.get("reason") and "coverage" not in facts:
        parts.append(str(facts["reason"]))
    return " · ".join(parts)
