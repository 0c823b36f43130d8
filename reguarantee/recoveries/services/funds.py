"""The funds' parts of a recovery: passed on to whom has paid, taken off our claim on whom has not (domain.md 5.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from kernel.audit import services as audit
from kernel.cash import services as cash
from kernel.errors import gettext_noop
from kernel.money import half_up
from reguarantee.claims.models import Claim, OutwardClaim
from reguarantee.claims.services.outward import lower_outward
from reguarantee.claims.services.records import hold_loss
from reguarantee.recoveries.models import Share
from reguarantee.recoveries.words import said

_NETTED = gettext_noop("Part of recovery %(number)s of %(member)s")


def code_of(party: str) -> str:
    """The counterparty's code of a fund or government in kernel.cash, as in our claims on it."""
    return OutwardClaim(party=party).counterparty


def outward_opened(*, claim: Claim, actor: Any, today: date) -> None:
    """Claims on funds have just been opened: what came back before lowers them (reguarantee.claims.services.outward)."""
    if claim.filing_id is not None:
        # The claim is held, maybe by money that moves: only its own claims on funds, which nobody else has seen, are touched.
        _settle_open(claim.filing_id, {"claim": claim}, actor, today, False)


@transaction.atomic
def settle_funds(*, actor: Any, today: date, filing_id: int) -> int:
    """Pass on or net what the funds' parts of a filing's recoveries leave open; returns the fen settled now.

    A part that the member holds lowers our claim as well: we shall pay less, so we claim less. Until our claim on the fund
    is opened nothing is known of it, and the part waits.
    """
    hold_loss(filing_id)
    return _settle_open(filing_id, {"claim__filing_id": filing_id}, actor, today, True)


def _settle_open(filing_id: int, at: dict[str, Any], actor: Any, today: date, close: bool) -> int:
    open_parts = Share.objects.select_for_update(of=("self",)).filter(
        recovery__filing_id=filing_id,
        recovery__reversed_by=None,
        role__in=("FUND", "GOVERNMENT"),
        fen__gt=F("passed_fen") + F("netted_fen"),
    )
    total = 0
    for part in open_parts.select_related("recovery").order_by("id"):
        outward = OutwardClaim.objects.filter(party=part.party, **at).order_by("id").last()
        if outward is not None:
            total += _settle(part, outward, actor, today, close)
    return total


def _settle(part: Share, outward: OutwardClaim, actor: Any, today: date, close: bool) -> int:
    row = part.recovery
    # Of a part that the member holds, the fund gets what was really netted from our claim: we had nothing of the rest.
    held = half_up(part.held_fen * row.netted_fen, row.held_fen) if row.held_fen else 0
    left = part.fen - part.held_fen + held - part.passed_fen - part.netted_fen
    if left <= 0:
        return 0
    # By what the fund has really paid: that part is passed on, for the rest we claim less of it.
    open_fen = outward.fen - outward.paid_fen
    passed = half_up(left * outward.paid_fen, outward.fen) if outward.fen else left
    netted = min(left - passed, open_fen)
    if netted:
        lower_outward(actor=actor, today=today, outward_id=outward.pk, fen=netted, recovery_no=row.recovery_no, close=close)
        part.netted_fen += netted
    passed = left - netted
    if passed:
        cash.expect(
            actor=actor,
            today=today,
            key=fund_key(part),
            direction="OUT",
            purpose="FUND_RECOVERY",
            counterparty=code_of(part.party),
            subject=f"recovery:{row.pk}",
            fen=passed,
            due_on=row.due_on,
            why=said(_NETTED, number=row.recovery_no, member=row.member_code),
        )
        part.passed_fen += passed
    part.save(update_fields=["netted_fen", "passed_fen"])
    facts = {"party": part.party, "netted_fen": netted, "passed_fen": passed}
    audit.leave(actor=actor, act="reguarantee_recoveries.pass_on", subject=f"recovery:{row.pk}", facts=facts)
    return left


def fund_key(part: Share) -> str:
    """The key under which a part is paid to the fund."""
    return f"fund-recovery:{part.party}:{part.recovery.member_code}:{part.recovery.recovery_no}"


def settled(filing_id: int) -> dict[str, int]:
    """What was netted from, or is due to, each fund of a filing's recoveries, in fen."""
    rows = Share.objects.filter(recovery__filing_id=filing_id, role__in=("FUND", "GOVERNMENT"))
    return {row["party"]: row["total"] for row in rows.values("party").annotate(total=Sum(F("passed_fen") + F("netted_fen")))}
