"""Reads of one case for its page: where it stands, what may be done, what was said, what is checked by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access.permissions import may
from reguarantee.filings import papers
from reguarantee.filings.flow import FILING
from reguarantee.filings.models import Filing, Opinion, Stage, Status
from reguarantee.filings.queries import fees, same_note
from reguarantee.filings.services.deciding import MAY

_OPINING = (Stage.ACCEPTANCE, Stage.EXAMINATION, Stage.VERIFICATION, Stage.REVIEW)


@dataclass(frozen=True)
class Check:
    """One thing that is looked at by itself (BUS-03); `ok` None: there is nothing to compare."""

    label: str
    ok: bool | None
    note: str = ""


def opinions(filing: Filing) -> QuerySet[Opinion]:
    """What was said at the stages of all rounds, the newest first."""
    return filing.opinions.order_by("-id")


def actions(user: Any, filing: Filing) -> list[str]:
    """The verbs for which the person gets a button: possible now and permitted, and not the same person twice in a row.

    opine, reply, confirm, reject, return, reopen.
    """
    if filing.status == Status.REJECTED:
        return ["reopen"] if may(user, "filings.decide") and not filing.end else []
    if filing.status != Status.REVIEWING:
        return []
    last = filing.opinions.filter(round=filing.round).order_by("-id").first()
    if last is not None and last.person_id == user.id:
        return []
    verbs = []
    if may(user, MAY[filing.stage]):
        if filing.stage in _OPINING:
            verbs.append("opine")
        elif filing.stage == Stage.REPLY:
            verbs.append("reply")
        else:
            verbs.append("confirm")
        verbs.append("return")
    if may(user, "filings.decide"):
        verbs.append("reject")
    return verbs


def steps(filing: Filing) -> list[dict[str, str]]:
    """The stage bar: label, state (done, now, todo, failed, skipped), note. What was covered by itself has three steps."""
    ended = filing.get_end_display() if filing.end else _("In force")
    over = {"label": ended, "state": "done" if filing.end else "todo", "note": f"{filing.ended_on or filing.due_on}"}
    if filing.status == Status.CONFIRMED and not filing.end:
        over["state"] = "failed" if filing.overdue_on else "now"
        if filing.overdue_on:
            over |= {"label": _("Overdue"), "note": f"{filing.overdue_on}"}
    filed = {"label": _("Filed"), "state": "done", "note": f"{filing.filed_on}"}
    if not filing.round:
        answered = {"label": filing.get_status_display(), "state": _answer(filing), "note": f"{filing.decided_on or ''}"}
        return [filed, answered, over]
    said = {one.stage: one for one in filing.opinions.filter(round=filing.round)}
    bar = [filed]
    for stage in Stage:
        one = said.get(stage.value)
        if one is not None:
            state = "failed" if one.outcome in (Opinion.Outcome.REFUSED, Opinion.Outcome.RETURNED) else "done"
            bar.append({"label": str(stage.label), "state": state, "note": f"{one.on:%m-%d} {one.by}"})
        else:
            state = "now" if filing.stage == stage else "todo" if filing.status == Status.REVIEWING else "skipped"
            bar.append({"label": str(stage.label), "state": state, "note": ""})
    return [*bar, over]


def _answer(filing: Filing) -> str:
    return {"CONFIRMED": "done", "SUBMITTED": "now", "RETURNED": "now"}.get(filing.status, "failed")


def checks(filing: Filing) -> list[Check]:
    """The list against which the material is examined: what the letter says and what must fit together (domain.md 8.5)."""
    kept = filing.principal_fen - filing.guaranteed_fen
    notes = list(same_note(filing)[:3])
    return [
        Check(_("Drawdown note"), bool(filing.iou_no), filing.iou_no),
        Check(_("Loan contract"), bool(filing.contract_no), filing.contract_no),
        Check(_("Interest of the loan"), bool(filing.loan_rate), _percent(filing.loan_rate)),
        Check(_("Member's fee"), bool(filing.fee_rate), _percent(filing.fee_rate)),
        _fee_check(filing),
        Check(_("Size class"), bool(filing.size_class) or filing.obligor_kind == "PERSON", filing.size_class),
        Check(_("Dates fit the term"), filing.drawdown_on < filing.due_on, f"{filing.drawdown_on} - {filing.due_on}"),
        Check(
            _("The bank keeps a part"), kept > 0, f"{Decimal(kept) / filing.principal_fen:.2%}" if filing.principal_fen else ""
        ),
        Check(_("Filed in time"), not filing.is_late, f"{(filing.filed_on - filing.drawdown_on).days} {_('days')}"),
        Check(_("Drawdown note filed once"), not notes, ", ".join(f"{one.member_code} {one.number}" for one in notes)),
    ]


def _fee_check(filing: Filing) -> Check:
    """A policy institution's fee against its cap; nothing to compare for any other, and without a fee (AGR-14)."""
    cap = fees.cap(filing)
    label = _("Fee within the cap of policy institutions")
    if cap is None:
        return Check(label, None, _("no policy institution"))
    if not filing.fee_rate:
        return Check(label, None, _("cap %(cap)s") % {"cap": f"{cap:.2%}"})
    words = _("%(fee)s, cap %(cap)s") % {"fee": _percent(filing.fee_rate), "cap": f"{cap:.2%}"}
    return Check(label, Decimal(filing.fee_rate) <= cap, words)


def certificate(filing: Filing, *, on: date) -> bytes:
    """The certificate of a confirmed filing as PDF, made anew from what stands."""
    return papers.certificate(filing, on=on)


def subject(filing: Filing) -> str:
    """Under which name the papers of a filing are kept."""
    return papers.subject(filing)


def _percent(text: str) -> str:
    return f"{Decimal(text):.2%}" if text else ""


WORDS: dict[str, Any] = {
    "accept": gettext_lazy("Accepted within the treaty"),
    "refer": gettext_lazy("Referred to an officer"),
    "refuse": gettext_lazy("Refused"),
    "return": gettext_lazy("Returned for correction"),
    "confirm": gettext_lazy("Confirmed case by case"),
    "reject": gettext_lazy("Rejected case by case"),
    "reopen": gettext_lazy("Reopened"),
    "withdraw": gettext_lazy("Withdrawn"),
    "void": gettext_lazy("Voided"),
    "end": gettext_lazy("The guarantee ended"),
    "overdue": gettext_lazy("In arrears"),
    "cure": gettext_lazy("Arrears paid"),
    "claim": gettext_lazy("A claim was submitted"),
    "unclaim": gettext_lazy("The claim was withdrawn"),
    "acceptance": gettext_lazy("Accepted as a case"),
    "examination": gettext_lazy("Examined"),
    "verification": gettext_lazy("Verified"),
    "review": gettext_lazy("Reviewed"),
    "reply": gettext_lazy("Formal reply given"),
}
"""Every event of a filing in words."""
EVENTS = tuple(dict.fromkeys([*(move.event for move in FILING.moves), *WORDS]))
