"""What a member holds of the group's part is taken off the claim that the group has still to pay (domain.md 5.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from kernel.audit import services as audit
from kernel.letters import ClaimSubmitted
from reguarantee.claims import services as claims
from reguarantee.claims.models import Claim
from reguarantee.claims.models.claim import DEAD
from reguarantee.claims.services.records import hold_loss
from reguarantee.recoveries.models import Recovery
from reguarantee.recoveries.services.standing import find

_OPEN = ("RECEIVED", "CHECKING", "RETURNED", "REVIEWING", "APPROVED")


@transaction.atomic
def open_claim(letter: ClaimSubmitted, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CLAIM_SUBMITTED: claims opens it; what the member recovered before it claimed is netted at once."""
    claims.open_claim(letter, sender=sender, actor=actor, today=today)
    filing = find(sender, letter.guarantee_id)
    if filing is not None:
        settle_held(actor=actor, today=today, filing_id=filing.pk)


@transaction.atomic
def settle_held(*, actor: Any, today: date, filing_id: int) -> int:
    """Net every held part of a filing's recoveries from its open claim; returns the fen netted now.

    Called when a recovery is shared, when a claim comes later than the recovery, and by the nightly task: a second call
    finds nothing left to do. A part that has been undone is not netted any more.
    """
    hold_loss(filing_id)
    claim = Claim.objects.filter(filing_id=filing_id, status__in=_OPEN).order_by("id").last()
    if claim is None:
        return 0
    _forget_dead(filing_id)
    total = 0
    waiting = Recovery.objects.select_for_update(of=("self",)).filter(
        filing_id=filing_id, held_fen__gt=F("netted_fen"), reversed_by=None
    )
    for row in waiting.order_by("id"):
        claim.refresh_from_db()
        ceiling = claim.approved_fen or claim.checked_fen or claim.asked_fen
        part = min(row.held_fen - row.netted_fen, ceiling - claim.netted_fen - claim.paid_fen)
        if standing := claim.nettings.filter(recovery_no=row.recovery_no).first():
            if claim.approved_fen:
                continue  # netted as far as it was owed
            part = standing.fen  # an appeal: the refused claim kept what was taken off it
        if part <= 0:
            continue
        claims.net(actor=actor, today=today, claim_id=claim.pk, fen=part, recovery_no=row.recovery_no)
        row.netted_fen += part
        row.claim_no = claim.claim_no
        row.save(update_fields=["netted_fen", "claim_no"])
        total += part
    return total


def given_back(*, claim: Claim, recovery_no: str, fen: int, actor: Any, today: date) -> None:
    """Less was approved than had been netted: of the recovery so much was not taken off (reguarantee.claims, deciding)."""
    row = Recovery.objects.select_for_update(of=("self",)).get(member_code=claim.member_code, recovery_no=recovery_no)
    row.netted_fen -= fen
    row.save(update_fields=["netted_fen"])
    facts = {"claim": claim.number, "recovery_no": recovery_no, "fen": fen}
    audit.leave(actor=actor, act="reguarantee_recoveries.give_back", subject=f"recovery:{row.pk}", facts=facts)


def _forget_dead(filing_id: int) -> None:
    """What was taken off a claim that came to nothing is held as before, for the claim that comes next."""
    dead = Claim.objects.filter(filing_id=filing_id, status__in=DEAD).values("claim_no")
    rows = Recovery.objects.filter(filing_id=filing_id, netted_fen__gt=0, reverses=None, claim_no__in=dead)
    rows.update(netted_fen=0, claim_no="")
