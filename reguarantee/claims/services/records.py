"""What every verb of a claim leaves behind: the state with its clock, amounts, rulings, and the letter to the member."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from kernel.audit import services as audit
from kernel.calendar import UnknownYear, WorkingDays
from kernel.cash.services.dues import hold_all
from kernel.errors import NotFound, gettext_noop
from kernel.letters import ClaimDecided
from kernel.outbox import services as outbox
from kernel.parameters.queries import value
from registry.tenancy import current
from reguarantee.claims.flow import CLAIM
from reguarantee.claims.models import Amount, Claim, Ruling, Status, Step
from reguarantee.filings import services as filings
from reguarantee.filings.models import Filing

_CLOCKS = {
    Status.RECEIVED: "rg.claim.accept_days",
    Status.CHECKING: "rg.claim.check_days",
    Status.RETURNED: "rg.claim.answer_days",
    Status.REVIEWING: "rg.claim.review_days",
    Status.APPROVED: "rg.claim.pay_days",
    Status.PAYING: "rg.claim.pay_days",
    Status.REJECTED: "rg.claim.appeal_days",
}
# Over for good: taken back, refused with no appeal to come, or refused at the door, where nothing was frozen.
_OVER = (
    Q(status=Status.WITHDRAWN)
    | Q(final_on__isnull=False)
    | Q(status=Status.REJECTED, reason_code__in=("DUPLICATE", "NOT_COVERED"))
)


class NoSuchClaim(NotFound):
    code = "NO_SUCH_GROUP_CLAIM"
    sentence = gettext_noop("There is no such claim.")


def locked(claim_id: int) -> Claim:
    """The claim with its row held: a second person hears the state that the first one made. Raises NoSuchClaim."""
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("filing", "treaty_version__treaty")
        .filter(id=claim_id)
        .first()
    )
    if claim is None:
        raise NoSuchClaim
    return claim


def held(claim_id: int) -> Claim:
    """The claim for a verb that reaches its money: the filing, the dues, and then the claim itself.

    Money that moves holds its due and then tells us, so nobody may hold a claim and then ask for a due; and a due is made
    only by whoever holds the filing, so none appears behind one's back. Raises NoSuchClaim.
    """
    found = Claim.objects.filter(id=claim_id).first()
    if found is None:
        raise NoSuchClaim
    if found.filing_id is not None:
        hold_filing(found.filing_id)
    hold_all(_keys(found))
    return locked(claim_id)


def hold_loss(filing_id: int, *keys: str) -> None:
    """Hold all of a loss in that order: the filing, the dues of its claims (and those of `keys`), its claims."""
    hold_filing(filing_id)
    claims = Claim.objects.filter(filing_id=filing_id).order_by("id")
    hold_all({*keys, *(key for claim in claims for key in _keys(claim))})
    list(claims.select_for_update(of=("self",)).values_list("id", flat=True))


def hold_filing(filing_id: int) -> None:
    """Rows that refer to the filing can still be written by others."""
    Filing.objects.select_for_update(no_key=True).filter(id=filing_id).first()


def _keys(claim: Claim) -> list[str]:
    return [claim.key, *(row.key for row in claim.outward.all())]


def working_day(day: date, days: int) -> date:
    """The working day so many after `day`. In a year whose notice is not published yet, Monday to Friday count.

    These are promises of service, not periods of law (domain.md 5.8.2), so a missing notice must not stop a claim.
    """
    try:
        return WorkingDays().add(day, days)
    except UnknownYear:
        left = days
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day


def move(claim: Claim, event: str, *, actor: Any, today: date, on: date | None = None) -> None:
    """Move the claim, close the open clock and open that of the new state. Raises WrongState. Does not save the claim."""
    CLAIM.move(claim, event)
    begin(claim, actor=actor, today=today, on=on)


def begin(claim: Claim, *, actor: Any, today: date, on: date | None = None) -> Step:
    """Open the clock of the claim's state, from the business day `on`.

    After a first refusal it is the clock of the appeal; a second one is final at once (domain.md 7.6).
    """
    day = on or today
    claim.steps.filter(closed_on=None).update(closed_on=day, by=actor.label)
    refused, heard = claim.status == Status.REJECTED, claim.is_appeal
    key = None if refused and heard else _CLOCKS.get(Status(claim.status))
    due_on = working_day(day, value(key, on=day)) if key else None
    claim.answer_by = due_on if refused or claim.status == Status.RETURNED else None
    claim.final_on = day if refused and heard else None
    # A final state has no clock to close, and is itself closed at once.
    closed = day if claim.status in (Status.CLOSED, Status.WITHDRAWN) or claim.final_on else None
    return Step.objects.create(claim=claim, status=claim.status, opened_on=day, due_on=due_on, closed_on=closed)


def lapse(claim: Claim, *, actor: Any, today: date) -> None:
    """Close the clock of the appeal: the refusal is final. Its last day stays to be read. Does not save the claim."""
    CLAIM.move(claim, "lapse")
    claim.final_on = today
    claim.steps.filter(closed_on=None).update(closed_on=today, by=actor.label)


def amount(claim: Claim, stage: str, fen: int, why: str, *, actor: Any, today: date, **facts: Any) -> Amount:
    """Write down one figure of the claim. `why` is a message id with places that `facts` (words) fill."""
    return Amount.objects.create(
        claim=claim, stage=stage, fen=fen, why=why, facts_text=json.dumps(facts, default=str), on=today, by=actor.label
    )


def rule(claim: Claim, event: str, *, actor: Any, today: date, text: str = "", reason_code: str = "", **facts: Any) -> Ruling:
    """Write down what was decided, and one line of audit."""
    ruling = Ruling.objects.create(claim=claim, event=event, reason_code=reason_code, text=text, on=today, by=actor.label)
    told = {"number": claim.number, "member": claim.member_code, "claim_no": claim.claim_no, "status": claim.status, **facts}
    if text:
        told["reason"] = text
    audit.leave(actor=actor, act=f"reguarantee_claims.{event}", subject=claim.subject, facts=told)
    return ruling


def let_go(claim: Claim, *, actor: Any, today: date) -> None:
    """Thaw what was filed once this claim is over for good and no other claim on the filing lives (domain.md 11.23).

    After a first refusal an appeal may come, so the figures stand until its last day is over. The filing's row
    is held before the claims are counted: of two that end at once, the second sees that the first is over. Call it after
    the claim was saved.
    """
    if claim.filing_id is None:
        return
    Filing.objects.select_for_update(no_key=True).filter(id=claim.filing_id).first()
    if not Claim.objects.filter(filing_id=claim.filing_id).exclude(_OVER).exists():
        filings.thaw(actor=actor, today=today, filing_id=claim.filing_id)


def tell(claim: Claim, *, today: date, reason: str = "") -> None:
    """Tell the member how its claim stands now. The same state told twice is the same letter in content.

    `reason` stands in place of the claim's own, where this answer has another one.
    """
    open_now = claim.deficiencies.filter(mended_on=None).order_by("id") if claim.status == Status.RETURNED else ()
    letter = ClaimDecided(
        claim_no=claim.claim_no,
        status=claim.status,
        asked_fen=claim.asked_fen,
        checked_fen=claim.checked_fen,
        approved_fen=claim.approved_fen,
        netted_fen=claim.netted_fen,
        payable_fen=claim.payable_fen,
        deficiencies=tuple({"code": row.code, "slot": row.slot, "text": row.text} for row in open_now),
        reason=reason or claim.reason,
        decided_on=today,
        answer_by=claim.answer_by,
    )
    post(letter, claim)


def post(letter: Any, claim: Claim) -> None:
    """Post a letter about the claim; letters about one guarantee arrive in their order."""
    outbox.post(letter, sender=current().code, to=claim.member_code, subject=f"guarantee:{claim.guarantee_id}")
