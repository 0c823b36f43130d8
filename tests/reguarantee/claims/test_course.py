"""A claim's course: not covered, doubled, returned, cut, refused and appealed, signed by others, late (domain.md 7.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError

from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.approval.services.rights import OwnEntry
from kernel.cash import queries as cash
from kernel.cash import services as money
from kernel.documents import queries as documents
from kernel.flow import WrongState
from kernel.letters import ClaimDecided, ClaimPaid
from reguarantee.claims import queries, services
from reguarantee.claims.models import Amount, Claim
from reguarantee.claims.services import checking, records
from reguarantee.filings.models import Filing
from reguarantee.recoveries import queries as recoveries
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.claims.shared import DAY, LETTER, POST, approve, bring, pay, review, sign
from tests.reguarantee.claims.test_example import APPROVED, letters
from tests.reguarantee.filings.test_filings import file, publish
from tests.reguarantee.recoveries.conftest import report

ACCOUNT = {"account_name": "安和担保", "account_no": "6222", "account_bank": "工行"}


def test_a_claim_of_an_uncovered_guarantee_is_refused_and_says_why(people: dict[str, User]) -> None:
    """CLM-07: nothing filed, nothing covered: refused at once, clearly."""
    claim = bring(papers=False)
    assert (claim.status, claim.reason_code, claim.checks.count()) == ("REJECTED", "NOT_COVERED", 0)
    told = letters(ClaimDecided)[-1]
    assert (told["status"], told["payable_fen"]) == ("REJECTED", 0)
    assert "not covered" in told["reason"]


def test_a_claim_of_a_refused_filing_is_refused_too(people: dict[str, User]) -> None:
    publish(people, scope={"products": ["OTHER"]})
    assert file().coverage == "UNCOVERED"
    assert bring(papers=False).reason_code == "NOT_COVERED"


def test_the_same_letter_twice_is_one_claim(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: sent again with the same content, it is answered again and nothing else happens."""
    claim = bring()
    papers, amounts = documents.of(claim.subject).count(), claim.amounts.count()
    services.open_claim(LETTER, sender=ANHE, actor=POST, today=DAY + timedelta(days=1))
    assert Claim.objects.count() == 1
    assert (documents.of(claim.subject).count(), claim.amounts.count()) == (papers, amounts)


def test_one_payment_to_the_bank_is_claimed_once(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: another claim for the same voucher is refused; when the first was refused, it may come again."""
    first = bring()
    assert bring(claim_no="B2", papers=False).reason_code == "DUPLICATE"
    services.refuse(actor=people["claims"], today=DAY, claim_id=first.id, code="OUT_OF_DUTY", text="未尽职")
    assert bring(claim_no="B3").status == "RECEIVED"


def test_the_return_loop(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: deficiencies as codes, answered within working days; an old round changes nothing, a new one mends."""
    claim = bring()
    with pytest.raises(checking.NothingLacking):
        services.give_back(actor=people["claims"], today=DAY, claim_id=claim.id, lacks=[])
    with pytest.raises(checking.UnknownReason):
        services.give_back(actor=people["claims"], today=DAY, claim_id=claim.id, lacks=[("NONSENSE", "", "")])
    lacks = [("ILLEGIBLE", "BANK_NOTICE", "看不清")]
    claim = services.give_back(actor=people["claims"], today=DAY, claim_id=claim.id, lacks=lacks, text="请补正")
    assert (claim.status, claim.answer_by) == ("RETURNED", records.working_day(DAY, 10))
    told = letters(ClaimDecided)[-1]
    assert told["deficiencies"] == [{"code": "ILLEGIBLE", "slot": "BANK_NOTICE", "text": "看不清"}]
    assert told["answer_by"] == claim.answer_by.isoformat()
    assert bring(papers=False).status == "RETURNED"  # round 1 again
    again = bring(round=2, papers=False, submitted_on=DAY + timedelta(days=3), today=DAY + timedelta(days=3))
    assert (again.id, again.status, again.round, again.first_submitted_on) == (claim.id, "RECEIVED", 2, DAY)
    assert again.deficiencies.get().mended_on == DAY + timedelta(days=3)


def test_an_appeal_is_heard_once(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: history stays; the second appeal only hears the refusal again."""
    claim = bring()
    services.refuse(actor=people["claims"], today=DAY, claim_id=claim.id, code="LATE", text="逾期")
    claim = bring(round=2, appeal=True, late_reason="不可抗力", papers=False)
    assert (claim.status, claim.is_appeal) == ("RECEIVED", True)
    services.refuse(actor=people["claims"], today=DAY, claim_id=claim.id, code="LATE", text="维持")
    claim = bring(round=3, appeal=True, late_reason="再诉", papers=False)
    assert (claim.status, claim.reason) == ("REJECTED", "维持")
    assert list(claim.rulings.filter(event="reject").values_list("text", flat=True)) == ["逾期", "维持"]


def test_a_part_denied_is_not_paid_and_stays_with_the_member(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07, AGR-20: partial, with its reason; the shares still sum to the base."""
    claim = bring()
    services.take_up(actor=people["claims"], today=DAY, claim_id=claim.id)
    told = {"actor": people["claims"], "today": DAY, "claim_id": claim.id, "code": "NOT_PROVED"}
    with pytest.raises(checking.DeniedTooMuch):
        services.deny(**told, fen=APPROVED + 1, text="不足")
    claim = services.deny(**told, fen=10_000_001, text="用途证明不足")
    assert claim.checked_fen == APPROVED - 10_000_001
    services.send_to_approval(actor=people["claims"], today=DAY, claim_id=claim.id)
    claim = sign(claim, people)
    assert claim.approved_fen == APPROVED - 10_000_001 == cash.due(claim.key).fen
    assert sum(claim.shares.values()) == claim.base_fen
    assert claim.shares["member"] == 160_000_000 + 10_000_001
    assert min(claim.shares["group"], claim.shares["nfgf"]) >= 74_999_999


def test_nobody_signs_what_he_entered_and_every_post_signs(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: officer, head, risk, legal, general manager; the chairman above the amount."""
    claim = review(bring(), people)
    case = approvals.case_of(claim.subject)
    people["claims"].posts.add(*people["claims_head"].posts.all())
    task = case.tasks.get(state="TODO")
    with pytest.raises(OwnEntry):
        approval.decide(actor=type(people["claims"]).objects.get(id=people["claims"].id), today=DAY, task_id=task.id)
    sign(claim, people)
    assert list(case.tasks.filter(state="DONE").order_by("id").values_list("element", flat=True)) == [
        "check", "head", "risk", "legal", "executive",
    ]  # fmt: skip


def test_a_large_claim_goes_to_the_chairman(people: dict[str, User]) -> None:
    """CLM-07: above rg.claim.chairman_above_fen (5,000,000)."""
    publish(people)
    file(principal_fen=2_000_000_000, guaranteed_fen=1_600_000_000)
    told = {"principal_fen": 2_000_000_000, "interest_fen": 0, "paid_fen": 1_600_000_000, "asked_fen": 800_000_000}
    claim = approve(bring(**told), people)
    elements = approvals.case_of(claim.subject).tasks.filter(state="DONE").values_list("element", flat=True)
    assert claim.status == "APPROVED" and "chairman" in elements


def test_an_approver_sends_it_back_and_it_is_handed_in_again(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: returned inside the house, then signed."""
    claim = review(bring(), people)
    case = approvals.case_of(claim.subject)
    task = case.tasks.get(state="TODO")
    approval.send_back(actor=people["claims_head"], today=DAY, task_id=task.id, to="check", text="再核")
    claim.refresh_from_db()
    assert claim.status == "CHECKING"
    claim = services.send_to_approval(actor=people["claims"], today=DAY, claim_id=claim.id)
    assert claim.status == "REVIEWING"
    assert sign(claim, people).status == "APPROVED"


def test_a_case_refused_by_an_approver_refuses_the_claim(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: and no position, no money is left behind."""
    claim = review(bring(), people)
    task = approvals.case_of(claim.subject).tasks.get(state="TODO")
    approval.decide(actor=people["claims_head"], today=DAY, task_id=task.id, verdict="REJECT", text="材料不实")
    claim.refresh_from_db()
    assert (claim.status, claim.reason_code, claim.reason) == ("REJECTED", "NOT_APPROVED", "材料不实")
    assert not cash.of(claim.subject).exists()


def test_only_those_who_may(filed: Filing, people: dict[str, User]) -> None:
    claim = bring()
    with pytest.raises(MissingPermission):
        services.take_up(actor=people["filing"], today=DAY, claim_id=claim.id)
    services.take_up(actor=people["claims"], today=DAY, claim_id=claim.id)
    with pytest.raises(WrongState):
        services.take_up(actor=people["claims_head"], today=DAY, claim_id=claim.id)


def test_clocks_by_working_days_and_the_late_list(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: two working days to take up; then it is late, first in the list."""
    claim = bring()
    due = queries.listing().get(id=claim.id).due_on
    assert due == records.working_day(DAY, 2)
    assert not queries.overdue(due).exists()
    assert list(queries.overdue(due + timedelta(days=1))) == [claim]
    board = {row["status"]: row for row in queries.board(due + timedelta(days=1))}
    assert (board["RECEIVED"]["count"], board["RECEIVED"]["late"]) == (1, 1)


def test_the_history_of_amounts_cannot_be_rewritten(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: who, when, why; append-only by a trigger."""
    claim = approve(bring(), people)
    assert list(claim.amounts.values_list("stage", "fen")) == [
        ("ASKED", APPROVED), ("CHECKED", APPROVED), ("APPROVED", APPROVED),
    ]  # fmt: skip
    assert all(row.why_text and row.by for row in claim.amounts.all())
    for attempt in (lambda: claim.amounts.update(fen=1), lambda: Amount.objects.all().delete()):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            attempt()
    assert connection.schema_name


def test_a_claim_of_another_member_is_another_claim(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: members number their claims themselves; the same number at two members never meets."""
    bring()
    file(sender=BOYU, obligor_key="k9")
    other = bring(BOYU, obligor_key="k9")
    assert other.member_code == BOYU and Claim.objects.count() == 2
    assert other.key == f"claim:{BOYU}:{LETTER.claim_no}" != Claim.objects.get(member_code=ANHE).key


def test_a_correction_of_figures_after_a_return_is_reckoned_anew(filed: Filing, people: dict[str, User]) -> None:
    claim = bring()
    services.give_back(actor=people["claims"], today=DAY, claim_id=claim.id, lacks=[("AMOUNT_DIFFERS", "", "")])
    letter = replace(LETTER, round=2, principal_fen=300_000_000, paid_fen=240_000_000, interest_fen=0, asked_fen=120_000_000)
    services.open_claim(letter, sender=ANHE, actor=POST, today=DAY)
    claim.refresh_from_db()
    assert (claim.asked_fen, claim.checked_fen) == (120_000_000, 120_000_000)


@pytest.fixture
def approved(filed: Filing, people: dict[str, User]) -> Claim:
    return approve(bring(), people)


def status(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.status


def test_a_payment_cancelled_at_the_desk_can_be_prepared_again(approved: Claim, people: dict[str, User]) -> None:
    """CLM-07: the claim left the state in which nothing could be done with it."""
    services.prepare(actor=people["cashier"], today=DAY, claim_id=approved.pk)
    order = cash.waiting(approved.key)
    money.cancel(actor=people["cashier"], today=DAY, order_id=order.pk, reason="账号有误")
    assert status(approved) == "APPROVED"
    assert pay(approved, people).status == "PAID"


def test_a_payment_prepared_at_the_desk_is_under_way(approved: Claim, people: dict[str, User]) -> None:
    """What comes back meanwhile is passed on; it used to be netted, and the letter waited behind the open payment."""
    order = money.prepare(actor=people["cashier"], today=DAY, key=approved.key, **ACCOUNT)
    assert status(approved) == "PAYING"
    report()
    assert [(row.remit_fen > 0, row.held_fen) for row in recoveries.listing()] == [(True, 0)]
    services.cancel(actor=people["cashier"], today=DAY, claim_id=approved.pk, reason="账号有误")
    order.refresh_from_db()
    assert (order.state, status(approved)) == ("CANCELLED", "APPROVED")


def test_a_payment_that_bounced_is_told_and_made_again_under_the_same_number(approved: Claim, people: dict[str, User]) -> None:
    pay(approved, people, voucher="V-1")
    first = cash.settling(approved.key).get()
    money.reverse(actor=people["accountant"], today=DAY, movement_id=first.pk, reason="退票")
    assert status(approved) == "APPROVED"
    pay(approved, people, voucher="V-1")
    told = letters(ClaimPaid)
    assert [letter["fen"] for letter in told] == [approved.approved_fen, -approved.approved_fen, approved.approved_fen]
    assert len({letter["reference"] for letter in told}) == 3


def test_a_part_is_undone_while_another_waits(approved: Claim, people: dict[str, User]) -> None:
    """It is still under way: what comes back then is passed on, and the waiting payment can be taken back or sent."""
    part = {"actor": people["cashier"], "today": DAY, "key": approved.key, "fen": 100}
    first = money.prepare(**part, **ACCOUNT)
    paid = money.confirm(actor=people["accountant"], today=DAY, order_id=first.pk, voucher_no="V-1")
    money.prepare(**part, **ACCOUNT)
    money.reverse(actor=people["accountant"], today=DAY, movement_id=paid.pk, reason="退票")
    assert (status(approved), approved.paid_fen) == ("PAYING", 0)
    services.cancel(actor=people["cashier"], today=DAY, claim_id=approved.pk, reason="账号有误")
    assert pay(approved, people).paid_fen == approved.approved_fen
