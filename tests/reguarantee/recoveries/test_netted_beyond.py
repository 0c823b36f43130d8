"""More was held against a claim than is finally approved: only what is owed is netted (domain.md 5.9)."""

from __future__ import annotations

import pytest

from kernel.access.models import User
from kernel.cash import queries as money
from reguarantee.claims import services as claims
from reguarantee.filings.models import Filing
from reguarantee.recoveries import services
from reguarantee.settlements import queries as settlements
from tests.reguarantee.claims.shared import DAY, LETTER, bring, sign
from tests.reguarantee.recoveries.conftest import YUAN, report

HELD = 360_000 * YUAN


@pytest.mark.parametrize("approved", [300_000 * YUAN, 1 * YUAN])
def test_what_was_held_beyond_the_approved_amount_stays_with_the_member(
    filed: Filing, people: dict[str, User], approved: int
) -> None:
    """REC-10, CLM-07: the group pays nothing and gets back no more than it bears; the loss still sums to the fen."""
    claim, row = bring(), report()
    told = {"actor": people["claims"], "today": DAY, "claim_id": claim.id}
    claim.refresh_from_db()
    assert (row.held_fen, claim.netted_fen) == (HELD, HELD)
    claim = claims.take_up(**told)
    claim = claims.deny(**told, fen=claim.checked_fen - approved, code="NOT_PROVED", text="用途证明不足")
    claims.send_to_approval(**told)
    claim = sign(claim, people)
    row.refresh_from_db()
    assert (claim.approved_fen, claim.netted_fen, claim.payable_fen, row.netted_fen) == (approved, approved, 0, approved)
    assert claim.status in ("PAID", "CLOSED")
    assert (money.due(claim.key).fen, list(money.dues(purposes=("RECOVERY", "FUND_RECOVERY")))) == (0, [])
    assert [one.fen for one in claim.amounts.filter(stage="NETTED")] == [HELD, approved - HELD]
    # The fund is claimed on for its part of what the group owes, less its part of what was netted: nothing.
    assert [one.fen for one in claim.outward.all()] in ([0], [])

    loss = settlements.losses(filed)
    assert sum(loss.values()) == LETTER.principal_fen + LETTER.interest_fen - row.net_fen
    assert (loss["group"], loss["nfgf"]) == (0, 0)
    assert services.settle_held(actor=people["claims"], today=DAY, filing_id=filed.pk) == 0
    assert services.settle_funds(actor=people["claims"], today=DAY, filing_id=filed.pk) == 0
    assert settlements.losses(filed) == loss


def test_the_last_recovery_gives_back_first(filed: Filing, people: dict[str, User]) -> None:
    claim = bring()
    first, last = report(), report(recovery_no="ZH2027-000002", gross_fen=100_000 * YUAN, cost_fen=0)
    told = {"actor": people["claims"], "today": DAY, "claim_id": claim.id}
    claim = claims.take_up(**told)
    claims.deny(**told, fen=claim.checked_fen - HELD - 1 * YUAN, code="NOT_PROVED", text="用途证明不足")
    claims.send_to_approval(**told)
    sign(claim, people)
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.netted_fen, last.held_fen, last.netted_fen) == (HELD, 40_000 * YUAN, 1 * YUAN)
