"""Whose a recovery is: worked example 13 in each state of the claim, exact sums, and the ways back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.letters import ClaimWithdrawn, WriteOffReported
from reguarantee.claims import services as claims
from reguarantee.filings.models import Filing
from reguarantee.recoveries import queries, services
from reguarantee.recoveries.models import Recovery, Share, WriteOff
from reguarantee.recoveries.services.undoing import UndoesNothing
from reguarantee.recoveries.services.writing_off import WriteOffDiffers
from reguarantee.settlements import queries as settlements
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.claims.shared import DAY as CLAIM_DAY
from tests.reguarantee.claims.shared import LETTER as CLAIM
from tests.reguarantee.claims.shared import approve, bring, pay, review
from tests.reguarantee.recoveries.conftest import DAY, LETTER, YUAN, parts, report, told

People = dict[str, User]
EXAMPLE = {"bank": 180_000, "member": 360_000, "group": 180_000, "nfgf": 180_000}
KEY = f"recovery:{ANHE}:{LETTER.recovery_no}"


def paid(people: People) -> None:
    pay(approve(bring(), people), people)


def test_worked_example_13(filed: Filing, people: People) -> None:
    """REC-10, AGR-21: net 900,000 → 180,000 / 360,000 / 180,000 / 180,000; 360,000 to be passed on in 15 working days."""
    paid(people)
    row = report()
    assert parts(row) == EXAMPLE
    assert (row.remit_fen, row.held_fen) == (360_000 * YUAN, 0)
    due = money.due(KEY)
    assert (due.direction, due.purpose, due.counterparty, due.fen) == ("IN", "RECOVERY", ANHE, 360_000 * YUAN)
    assert due.due_on == date(2027, 6, 22), "15 working days after 1 June"
    (letter,) = told()
    assert (letter.key, letter.remit_fen, letter.due_on) == (KEY, 360_000 * YUAN, due.due_on)
    assert sum(letter.shares.values()) == row.net_fen
    assert letter.roles["nfgf"] == "FUND"


def test_the_wrong_way_gives_another_figure(filed: Filing, people: People) -> None:
    """Sharing the gross would pass 400,000 on, and the bank's part left out of it 450,000 (domain.md 11.17)."""
    paid(people)
    assert report().remit_fen not in (400_000 * YUAN, 450_000 * YUAN)


def test_before_the_claim_is_paid_it_is_held_and_netted(filed: Filing, people: People) -> None:
    """domain.md 5.9: claim = 1,600,000 - 360,000."""
    claim = approve(bring(), people)
    row = report()
    claim.refresh_from_db()
    assert (row.remit_fen, row.held_fen) == (0, 360_000 * YUAN)
    assert (claim.netted_fen, claim.payable_fen, money.due(claim.key).fen) == tuple(
        yuan * YUAN for yuan in (360_000, 1_240_000, 1_240_000)
    )
    assert not money.dues(purposes=("RECOVERY",))
    pay(claim, people)
    assert claim.outward.get().fen == 620_000 * YUAN


def test_before_the_claim_has_come_it_is_netted_when_it_comes(filed: Filing, people: People) -> None:
    """Margin applied on day 0, the claim some days later (domain.md 5.9)."""
    row = report(method="MARGIN")
    assert (row.held_fen, row.netted_fen, row.claim_no) == (360_000 * YUAN, 0, "")
    assert queries.held(row) == 360_000 * YUAN
    services.open_claim(CLAIM, sender=ANHE, actor=Actor("LETTER", ANHE), today=CLAIM_DAY)
    row.refresh_from_db()
    assert (row.netted_fen, row.claim_no) == (360_000 * YUAN, CLAIM.claim_no)
    claim = approve(bring(), people)
    assert claim.payable_fen == 1_240_000 * YUAN
    assert services.settle_held(actor=people["claims"], today=DAY, filing_id=filed.pk) == 0, "netted once"


def test_while_the_payment_is_under_way_it_is_passed_on(filed: Filing, people: People) -> None:
    claim = approve(bring(), people)
    claims.prepare(actor=people["cashier"], today=CLAIM_DAY, claim_id=claim.pk)
    row = report()
    assert (row.remit_fen, row.held_fen) == (360_000 * YUAN, 0)


def test_costs_that_eat_the_recovery_share_nothing(filed: Filing, people: People) -> None:
    paid(people)
    row = report(gross_fen=100, cost_fen=100)
    assert (parts(row), row.remit_fen) == ({}, 0)
    assert not money.dues(purposes=("RECOVERY",))


@pytest.mark.parametrize("net", [1, 2, 3, 7, 99_999, 100_001])
def test_odd_fen_go_to_the_member_and_the_sum_is_exact(filed: Filing, people: People, net: int) -> None:
    paid(people)
    row = report(gross_fen=net, cost_fen=0)
    fen = {share.party: share.fen for share in row.shares.all()}
    assert sum(fen.values()) == net
    assert min(fen.values()) >= 0


def test_a_guarantee_that_is_not_covered_is_answered_clearly(people: People) -> None:
    row = report()
    assert (row.answer, row.remit_fen, row.held_fen) == ("NOT_COVERED", 0, 0)
    (letter,) = told()
    assert (letter.shares, letter.remit_fen, letter.claim_no) == ({}, 0, "")
    assert letter.why


def test_the_letter_again_changes_nothing_and_another_word_is_refused(filed: Filing, people: People) -> None:
    paid(people)
    first = report()
    assert report().pk == first.pk
    assert (Recovery.objects.count(), len(told())) == (1, 1)
    with pytest.raises(services.RecoveryDiffers):
        report(gross_fen=5)


def test_members_do_not_meet(filed: Filing, people: People) -> None:
    """The same numbers of a neighbour are another recovery, and not of this guarantee."""
    paid(people)
    report()
    other = report(sender=BOYU)
    assert (other.answer, other.filing) == ("NOT_COVERED", None)
    assert [row.pk for row in queries.listing(member_code=BOYU)] == [other.pk]


def test_the_fund_gets_its_part_when_it_has_paid(filed: Filing, people: People) -> None:
    paid(people)
    outward = filed.claims.get().outward.get()
    claims.submit_outward(actor=people["claims"], today=DAY, outward_id=outward.pk)
    half = {"outward_id": outward.pk, "fen": 400_000 * YUAN, "on": DAY, "voucher_no": "GD-1"}
    claims.receive_outward(actor=people["cashier"], today=DAY, **half)
    share = report().shares.get(party="nfgf")
    assert (share.passed_fen, share.netted_fen) == (90_000 * YUAN, 90_000 * YUAN), "by what it has really paid"
    assert money.due(f"fund-recovery:nfgf:{ANHE}:{LETTER.recovery_no}").fen == 90_000 * YUAN
    assert money.due(outward.key).open_fen == 310_000 * YUAN


def arrive(people: People) -> None:
    told = {"counterparty": ANHE, "fen": 360_000 * YUAN, "on": DAY, "voucher_no": "V-1", "key": KEY}
    cash.receive(actor=people["cashier"], today=DAY, **told)


def undo(unsent_fen: int) -> Recovery:
    opposite = {"gross_fen": -LETTER.gross_fen, "cost_fen": -LETTER.cost_fen}
    return report(recovery_no="ZH2027-000002", reverses=LETTER.recovery_no, unsent_fen=unsent_fen, **opposite)


def test_undone_before_it_was_sent(filed: Filing, people: People) -> None:
    paid(people)
    before = settlements.losses(filed)
    report()
    undo(360_000 * YUAN)
    assert money.due(KEY).fen == 0
    assert not money.dues(purposes=("RECOVERY_REFUND",))
    assert settlements.losses(filed) == before
    with pytest.raises(UndoesNothing):
        report(recovery_no="ZH2027-000003", reverses=LETTER.recovery_no, gross_fen=-LETTER.gross_fen, cost_fen=-LETTER.cost_fen)


def test_undone_after_it_was_sent_is_given_back(filed: Filing, people: People) -> None:
    paid(people)
    before = settlements.losses(filed)
    report()
    arrive(people)
    row = undo(0)
    back = money.due(row.key)
    assert (back.direction, back.purpose, back.fen) == ("OUT", "RECOVERY_REFUND", 360_000 * YUAN)
    assert told()[-1].refund_fen == 360_000 * YUAN
    assert settlements.losses(filed) == before
    assert filed.claims.get().outward.get().fen == 800_000 * YUAN


@pytest.mark.parametrize("wrong", [{"gross_fen": -1}, {"reverses": "ZH2027-999999"}, {"unsent_fen": 10**12}])
def test_nothing_else_is_undone(filed: Filing, people: People, wrong: dict[str, int]) -> None:
    paid(people)
    report()
    told = {"gross_fen": -LETTER.gross_fen, "cost_fen": -LETTER.cost_fen, "reverses": LETTER.recovery_no}
    with pytest.raises(UndoesNothing):
        report(recovery_no="ZH2027-000002", **(told | wrong))


def test_late_is_listed(filed: Filing, people: People) -> None:
    paid(people)
    row = report()
    assert not queries.overdue(today=date(2027, 6, 22))
    assert list(queries.overdue(today=date(2027, 6, 23))) == [row]
    arrive(people)
    assert not queries.overdue(today=date(2027, 6, 23))


def test_written_off_and_still_shared(filed: Filing, people: People) -> None:
    paid(people)
    letter = WriteOffReported(guarantee_id=1, on=DAY, written_off_fen=1_000, resolution_no="决8", reason="终本")
    for _ in range(2):
        services.open_write_off(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=DAY)
    assert WriteOff.objects.get().filing == filed
    other = WriteOffReported(guarantee_id=1, on=DAY, written_off_fen=2_000, resolution_no="决8", reason="终本")
    with pytest.raises(WriteOffDiffers):
        services.open_write_off(other, sender=ANHE, actor=Actor("LETTER", ANHE), today=DAY)
    row = report(after_write_off=True)
    assert (row.after_write_off, parts(row)) == (True, EXAMPLE)


def test_what_was_shared_stays(filed: Filing, people: People) -> None:
    paid(people)
    row = report()
    for work in (
        lambda: Recovery.objects.filter(pk=row.pk).update(net_fen=1, gross_fen=1, cost_fen=0),
        lambda: Share.objects.filter(recovery=row).update(fen=1),
        lambda: Share.objects.filter(recovery=row).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            work()


def test_the_list_asks_once(filed: Filing, people: People) -> None:
    paid(people)
    for number in range(6):
        report(recovery_no=f"ZH2027-00001{number}", gross_fen=1_000 + number, cost_fen=0)
    with CaptureQueriesContext(connection) as seen:
        assert len(list(queries.listing())) == 6
    assert len(seen) == 1


def test_a_checked_claim_holds_by_the_filing(filed: Filing, people: People) -> None:
    review(bring(), people)
    assert report().held_fen == 360_000 * YUAN


def test_nobody_behind_the_member_gets_back_more_than_it_bears(filed: Filing, people: People) -> None:
    """4,060,000 came back of a loss base of 4,000,000: the interest was the member's (domain.md 5.8.1)."""
    paid(people)
    row = report(gross_fen=4_060_000 * YUAN, cost_fen=0)
    assert parts(row) == {"bank": 812_000, "member": 1_648_000, "group": 800_000, "nfgf": 800_000}
    assert row.remit_fen == 1_600_000 * YUAN
    losses = settlements.losses(filed)
    assert (losses["group"], losses["nfgf"], sum(losses.values())) == (0, 0, 0)


def test_what_was_netted_from_a_withdrawn_claim_is_netted_from_the_next(filed: Filing, people: People) -> None:
    claim = bring()
    row = report()
    row.refresh_from_db()
    assert (row.netted_fen, row.claim_no) == (360_000 * YUAN, claim.claim_no)
    gone = ClaimWithdrawn(claim_no=claim.claim_no, reason="材料有误")
    claims.open_withdrawn(gone, sender=ANHE, actor=Actor("LETTER", ANHE), today=CLAIM_DAY)
    again = replace(CLAIM, claim_no="BC2027-000002")
    services.open_claim(again, sender=ANHE, actor=Actor("LETTER", ANHE), today=CLAIM_DAY)
    row.refresh_from_db()
    assert (row.netted_fen, row.claim_no) == (360_000 * YUAN, "BC2027-000002")
    assert filed.claims.get(claim_no="BC2027-000002").netted_fen == 360_000 * YUAN


def test_undone_before_the_claim_is_decided_it_is_put_back_on_it(filed: Filing, people: People) -> None:
    """REC-10: no refund: it was owed at once, and stayed owed when the claim was refused or cut."""
    claim = bring()
    report()
    row = undo(0)
    claim.refresh_from_db()
    assert (claim.netted_fen, row.netted_fen, list(money.dues())) == (0, 0, [])
    assert told()[-1].refund_fen == 0
    assert services.settle_held(actor=people["claims"], today=DAY, filing_id=filed.pk) == 0
    assert approve(claim, people).payable_fen == 1_600_000 * YUAN


def test_undone_after_approval_the_claim_pays_it_again(filed: Filing, people: People) -> None:
    claim = approve(bring(), people)
    report()
    assert money.due(claim.key).fen == 1_240_000 * YUAN
    undo(0)
    assert money.due(claim.key).fen == 1_600_000 * YUAN
    assert not money.dues(purposes=("RECOVERY_REFUND",))


def test_what_arrived_before_the_member_wrote_it_down_is_given_back(filed: Filing, people: People) -> None:
    """The member says that nothing was sent; here it has come. The letter stuck, and all that waited behind it."""
    paid(people)
    report()
    arrive(people)
    row = undo(360_000 * YUAN)
    assert (money.due(KEY).open_fen, money.due(row.key).fen) == (0, 360_000 * YUAN)


def test_two_payments_are_one_loss(filed: Filing, people: People) -> None:
    """REC-10: 1,000,000 of it is paid, 3,000,000 are claimed: the whole debt comes back, and each has its part of all."""
    first = {"principal_fen": 1_000_000 * YUAN, "interest_fen": 0, "paid_fen": 800_000 * YUAN, "asked_fen": 400_000 * YUAN}
    pay(approve(bring(**first), people), people)
    second = {name: fen * 3 for name, fen in first.items()} | {"claim_no": "BC2027-000002", "voucher_no": "DC-2"}
    claim = bring(**second)
    row = report(gross_fen=4_000_000 * YUAN, cost_fen=0, principal_fen=4_000_000 * YUAN)
    assert (row.remit_fen, row.held_fen) == (400_000 * YUAN, 1_200_000 * YUAN), "each part of the group's is settled or not"
    claim.refresh_from_db()
    assert claim.netted_fen == 1_200_000 * YUAN


def test_a_part_that_is_not_claimed_yet_is_held(filed: Filing, people: People) -> None:
    first = {"principal_fen": 1_000_000 * YUAN, "interest_fen": 0, "paid_fen": 800_000 * YUAN, "asked_fen": 400_000 * YUAN}
    pay(approve(bring(**first), people), people)
    row = report(gross_fen=4_000_000 * YUAN, cost_fen=0, principal_fen=4_000_000 * YUAN)
    assert (row.remit_fen, row.held_fen) == (400_000 * YUAN, 1_200_000 * YUAN)


def test_a_fund_claim_lowered_to_nothing_can_still_be_submitted(filed: Filing, people: People) -> None:
    """CLM-07: it was never submitted; after the recovery was undone it said so and expected no money."""
    paid(people)
    report(gross_fen=4_000_000 * YUAN, cost_fen=0)
    outward = filed.claims.get().outward.get()
    assert (outward.fen, outward.state, filed.claims.get().status) == (0, "PAID", "CLOSED")
    gone = {"gross_fen": -4_000_000 * YUAN, "cost_fen": 0, "unsent_fen": 1_600_000 * YUAN}
    report(recovery_no="ZH2027-000002", reverses=LETTER.recovery_no, **gone)
    assert filed.claims.get().status == "PAID"
    outward = claims.submit_outward(actor=people["claims"], today=DAY, outward_id=outward.pk)
    assert money.due(outward.key).open_fen == 800_000 * YUAN
