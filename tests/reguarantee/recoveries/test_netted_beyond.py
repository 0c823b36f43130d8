"""More was held against a claim than is the group's of what is finally approved: only that is netted (domain.md 5.9)."""

from __future__ import annotations

import pytest

from kernel.access.models import User
from kernel.cash import queries as money
from reguarantee.claims import services as claims
from reguarantee.filings.models import Filing
from reguarantee.recoveries import queries, services
from reguarantee.settlements import queries as settlements
from tests.reguarantee.claims.shared import DAY, LETTER, bring, pay, sign
from tests.reguarantee.recoveries.conftest import YUAN, report

HELD = 360_000 * YUAN


@pytest.mark.parametrize(("approved", "netted"), [(300_000 * YUAN, 67_500 * YUAN), (1 * YUAN, 22)])
def test_of_what_is_denied_nothing_is_the_groups(filed: Filing, people: dict[str, User], approved: int, netted: int) -> None:
    """REC-10, CLM-07: 900,000 x 40 % x 300,000 / 1,600,000 = 67,500; the rest of what was held is the member's own."""
    claim, row = bring(), report()
    told = {"actor": people["claims"], "today": DAY, "claim_id": claim.id}
    claim.refresh_from_db()
    assert (row.held_fen, claim.netted_fen) == (HELD, HELD)
    claim = claims.take_up(**told)
    claim = claims.deny(**told, fen=claim.checked_fen - approved, code="NOT_PROVED", text="用途证明不足")
    claims.send_to_approval(**told)
    claim = sign(claim, people)
    row.refresh_from_db()
    assert (claim.approved_fen, claim.netted_fen, claim.payable_fen) == (approved, netted, approved - netted)
    assert (row.netted_fen, money.due(claim.key).fen) == (netted, approved - netted)
    assert queries.held(queries.get(row.pk)) == 0, "the rest is the member's own"
    assert [one.fen for one in claim.amounts.filter(stage="NETTED")] == [HELD, netted - HELD]
    assert services.settle_held(actor=people["claims"], today=DAY, filing_id=filed.pk) == 0
    claim = pay(claim, people)

    loss, base = settlements.losses(filed), LETTER.principal_fen
    assert sum(loss.values()) == LETTER.principal_fen + LETTER.interest_fen - row.net_fen
    # The fund has not paid yet, so the group bears both parts of the net loss.
    assert abs(loss["group"] * base - approved * (base - row.net_fen)) <= base
    again = report(recovery_no="ZH2027-000002")
    assert abs(again.remit_fen - netted) <= 1, "what comes after the payment is shared as what came before"


def test_it_is_the_same_for_each_recovery(filed: Filing, people: dict[str, User]) -> None:
    claim = bring()
    first, last = report(), report(recovery_no="ZH2027-000002", gross_fen=100_000 * YUAN, cost_fen=0)
    told = {"actor": people["claims"], "today": DAY, "claim_id": claim.id}
    claim = claims.take_up(**told)
    claims.deny(**told, fen=claim.checked_fen // 2, code="NOT_PROVED", text="用途证明不足")
    claims.send_to_approval(**told)
    sign(claim, people)
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.netted_fen, last.held_fen, last.netted_fen) == (HELD // 2, 40_000 * YUAN, 20_000 * YUAN)
