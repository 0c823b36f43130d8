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
from reguarantee.claims.services.paying import UNPAID, netted
from reguarantee.claims.services.records import hold_loss
from reguarantee.filings.models import Filing
from reguarantee.recoveries.models import Recovery
from reguarantee.recoveries.services.standing import alive, borne, find, group_side


@transaction.atomic
def open_claim(letter: ClaimSubmitted, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CLAIM_SUBMITTED: claims opens it; what the member recovered before it claimed is netted at once."""
    claims.open_claim(letter, sender=sender, actor=actor, today=today)
    filing = find(sender, letter.guarantee_id)
    if filing is not None:
        settle_held(actor=actor, today=today, filing_id=filing.pk)


@transaction.atomic
def settle_held(*, actor: Any, today: date, filing_id: int) -> int:
    """Net every held part of a filing's recoveries from its open claims, the oldest first; returns the fen netted now.

    Called when a recovery is shared and when a claim comes later than the recovery: a second call finds nothing left to
    do. A part that has been undone is not netted any more.
    """
    hold_loss(filing_id)
    claims_now = alive(Filing.objects.get(pk=filing_id))
    if not any(claim.status in UNPAID for claim in claims_now):
        return 0
    bears = borne(claims_now)
    waiting = Recovery.objects.select_for_update(of=("self",)).filter(
        filing_id=filing_id, held_fen__gt=F("netted_fen"), reversed_by=None, reverses=None
    )
    total = 0
    for row in waiting.order_by("id"):
        left = sum(group_side(row.shares.all(), bears).values()) - row.netted_fen
        for claim in claims_now:
            claim.refresh_from_db()
            if claim.status not in UNPAID or row.recovery_no in netted(claim):
                continue
            ceiling = claim.approved_fen or claim.checked_fen or claim.asked_fen
            part = min(left, ceiling - claim.netted_fen - claim.paid_fen)
            if part <= 0:
                continue
            claims.net(actor=actor, today=today, claim_id=claim.pk, fen=part, recovery_no=row.recovery_no)
            row.netted_fen += part
            row.claim_no = claim.claim_no
            row.save(update_fields=["netted_fen", "claim_no"])
            left, total = left - part, total + part
    return total


def given_back(*, claim: Claim, recovery_no: str, fen: int, actor: Any, today: date) -> None:
    """Less of a recovery is taken off a claim than before (reguarantee.claims.services.paying)."""
    row = Recovery.objects.select_for_update(of=("self",)).filter(member_code=claim.member_code, recovery_no=recovery_no).first()
    if row is None:
        return
    row.netted_fen -= fen
    row.save(update_fields=["netted_fen"])
    facts = {"claim": claim.number, "recovery_no": recovery_no, "fen": fen}
    audit.leave(actor=actor, act="reguarantee_recoveries.give_back", subject=f"recovery:{row.pk}", facts=facts)


def reckoned(*, claim: Claim, recovery_no: str, fen: int) -> int:
    """How much of a netted recovery is not the group's by the shares that were approved now (claims, deciding)."""
    row = Recovery.objects.filter(member_code=claim.member_code, recovery_no=recovery_no).first()
    if row is None or row.filing is None:
        return 0
    others = [one for one in alive(row.filing) if one.pk != claim.pk]
    return min(max(row.netted_fen - sum(group_side(row.shares.all(), borne([*others, claim])).values()), 0), fen)
