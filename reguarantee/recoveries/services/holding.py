"""What a member holds of the group's part is taken off the claim that the group has still to pay (domain.md 5.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from kernel.letters import ClaimSubmitted
from reguarantee.claims import services as claims
from reguarantee.claims.models import Claim
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
    claim = Claim.objects.select_for_update(of=("self",)).filter(filing_id=filing_id, status__in=_OPEN).order_by("id").last()
    if claim is None:
        return 0
    total = 0
    waiting = Recovery.objects.select_for_update(of=("self",)).filter(
        filing_id=filing_id, held_fen__gt=F("netted_fen"), reversed_by=None
    )
    for row in waiting.order_by("id"):
        part = row.held_fen - row.netted_fen
        if claim.approved_fen:
            claim.refresh_from_db()
            part = min(part, claim.payable_fen - claim.paid_fen)
        if part <= 0:
            continue
        claims.net(actor=actor, today=today, claim_id=claim.pk, fen=part, recovery_no=row.recovery_no)
        row.netted_fen += part
        row.claim_no = claim.claim_no
        row.save(update_fields=["netted_fen", "claim_no"])
        total += part
    return total
