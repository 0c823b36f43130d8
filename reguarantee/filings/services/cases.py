"""Cases that are decided one by one: each stage has its own opinion by its own person (features BUS-02 to BUS-06)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, gettext_noop
from kernel.notices import services as notices
from reguarantee.filings import papers
from reguarantee.filings.models import Filing, Opinion, Stage, Status
from reguarantee.filings.services.deciding import MAY, BadGrant, OpinionRequired, at_stage, refuse_case, speak
from reguarantee.filings.services.settling import locked, record, tell

ORDER = tuple(Stage.values)
_POSTS = {
    Stage.EXAMINATION: "FILING_OFFICER",
    Stage.VERIFICATION: "GROUP_RISK",
    Stage.REVIEW: "GROUP_RISK",
    Stage.REPLY: "GROUP_EXECUTIVE",
    Stage.SIGNING: "FILING_OFFICER",
}


class NotUnderReview(Conflict):
    code = "NOT_UNDER_REVIEW"
    sentence = gettext_noop("This filing is not under review (any more).")


class BadRisk(BadGrant):
    code = "BAD_RISK"
    sentence = gettext_noop("A risk degree lies between 0 and 100 %%, and a risk amount is not negative.")


@transaction.atomic
def opine(
    *,
    actor: Any,
    today: date,
    filing_id: int,
    stage: str,
    text: str,
    agreed: bool = True,
    risk_degree: Decimal | None = None,
    risk_fen: int | None = None,
) -> Filing:
    """Speak at acceptance, examination, verification or review; the case goes on to the next stage, also when opposed.

    `stage` is where the person believes the case to be: when somebody was quicker, StageNotYet. `risk_degree` (0 to 1) and
    `risk_fen` belong to the review (BUS-05). Needs the stage's permission. Raises MissingPermission, NoSuchFiling,
    NotUnderReview, StageNotYet, SamePerson, OpinionRequired, BadRisk.
    """
    filing = _case(actor, filing_id, stage)
    if not text.strip():
        raise OpinionRequired(field="text")
    if not 0 <= (risk_degree or 0) <= 1 or (risk_fen or 0) < 0:
        raise BadRisk(field="risk_degree")
    risk = {"risk_degree": risk_degree, "risk_fen": risk_fen} if stage == Stage.REVIEW else {}
    outcome = Opinion.Outcome.AGREED if agreed else Opinion.Outcome.OPPOSED
    speak(filing, outcome, text.strip(), actor=actor, today=today, **risk)
    _go_on(filing, stage, text.strip(), actor=actor, today=today)
    return filing


@transaction.atomic
def reply(
    *,
    actor: Any,
    today: date,
    filing_id: int,
    text: str,
    granted_fen: int | None = None,
    conditions: str = "",
    approved: bool = True,
) -> Filing:
    """Give the formal reply (批复): number, amount, ratio and conditions as a paper; the member is told (BUS-06).

    `granted_fen` is the part of the guaranteed amount that may be signed; left out, all of it. Not approved, the case ends
    here. Needs filings.reply. Raises MissingPermission, NoSuchFiling, NotUnderReview, StageNotYet, SamePerson,
    OpinionRequired, TextRequired, BadGrant.
    """
    filing = _case(actor, filing_id, Stage.REPLY)
    if not text.strip():
        raise OpinionRequired(field="text")
    granted = filing.guaranteed_fen if granted_fen is None else granted_fen
    if not 0 < granted <= filing.guaranteed_fen:
        raise BadGrant(field="granted_fen")
    filing.reply_no = next_number(kind="PF", today=today)
    filing.conditions = conditions.strip()
    if not approved:
        refuse_case(filing, text=text, actor=actor, today=today)
        papers.keep_reply(filing, text.strip(), actor=actor, today=today)
        return filing
    filing.granted_fen = granted
    speak(filing, Opinion.Outcome.AGREED, text.strip(), actor=actor, today=today)
    _go_on(filing, Stage.REPLY, text.strip(), actor=actor, today=today)
    papers.keep_reply(filing, text.strip(), actor=actor, today=today)
    tell(filing, today)
    return filing


def _case(actor: Any, filing_id: int, stage: str) -> Filing:
    if stage in MAY:
        check(actor, MAY[stage])
    filing = locked(filing_id)
    if filing.status != Status.REVIEWING:
        raise NotUnderReview
    at_stage(filing, stage)
    return filing


def _go_on(filing: Filing, stage: str, text: str, *, actor: Any, today: date) -> None:
    filing.stage = ORDER[ORDER.index(stage) + 1]
    filing.save()
    record(filing, stage.lower(), actor=actor, today=today, note=text)
    notices.tell(
        post=_POSTS[Stage(filing.stage)],
        sentence=gettext_noop("Filing %(number)s of %(member)s waits for you."),
        facts={"number": filing.number, "member": filing.member_code},
        url=f"/filings/{filing.pk}/",
    )
