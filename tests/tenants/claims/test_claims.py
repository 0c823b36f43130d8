"""The member's side of a claim: papers and readiness, the last day, submission, appeal, what the group's letters do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.cash import queries as cash
from kernel.documents.services import WrongType
from kernel.letters import ClaimDecided, ClaimPaid
from kernel.notices import queries as notices
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from tenants.claims import queries, services
from tenants.claims.models import Claim, ClaimFile, Compensation
from tenants.claims.services import claiming
from tenants.claims.slots import AFTER_PAYMENT, REQUIRED
from tenants.guarantees import figures
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee
from tests.factories import members
from tests.factories.houses import GROUP
from tests.reguarantee.engine.terms import MILLION

POST = Actor("LETTER", GROUP)
DAY = date(2026, 1, 1)
ACCOUNT = {"account_name": "安和", "account_no": "6222", "account_bank": "华星银行"}
PDF = b"%PDF-1.4 x"


@pytest.fixture
def guarantee(staff: dict[str, User]) -> Guarantee:
    """5,000,000 lent on 2026-01-01, 2,000,000 ceded."""
    made = members.make_guarantee(state="IN_FORCE", today=DAY)
    Guarantee.objects.filter(pk=made.pk).update(
        coverage="COVERED", ceded_fen=2 * MILLION, filing_status="CONFIRMED", treaty_code="P4222"
    )
    made.refresh_from_db()
    return made


def pay(guarantee: Guarantee, staff: dict[str, User], *, today: date = DAY, **more: Any) -> Claim | None:
    told = {"actor": staff["operations"], "today": today, "guarantee_id": guarantee.pk}
    guarantees.mark_overdue(**told, on=today)
    figures = {"principal_fen": 5 * MILLION, "interest_fen": 0, "paid_fen": 4 * MILLION, **more}
    services.pay(**told, **figures, paid_on=today, bank_notice_on=today, voucher_no="DC-1")
    return Claim.objects.filter(guarantee=guarantee).first()


def attach(guarantee: Guarantee, staff: dict[str, User], *slots: str) -> None:
    for slot in slots:
        told = {"guarantee_id": guarantee.pk, "slot": slot, "name": f"{slot}.pdf", "file": BytesIO(PDF)}
        services.attach(actor=staff["operations"], today=DAY, **told)


def decided(claim: Claim, status: str, **more: Any) -> ClaimDecided:
    figures = {"asked_fen": claim.asked_fen, "checked_fen": 0, "approved_fen": 0, "netted_fen": 0, "payable_fen": 0}
    return ClaimDecided(claim_no=claim.claim_no, status=status, **{"decided_on": DAY, **figures, **more})


def hear(letter: Any) -> None:
    reader = services.open_claim_paid if isinstance(letter, ClaimPaid) else services.open_claim_decided
    reader(letter, sender=GROUP, actor=POST, today=DAY)


def sent(kind: str) -> int:
    with inside(PUBLIC):
        return Letter.objects.filter(kind=kind).count()


def test_readiness_counts_what_can_be_there(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: from the first day of cover; papers of the payment count only after it."""
    early = [slot for slot in REQUIRED if slot not in AFTER_PAYMENT]
    assert (queries.readiness(guarantee).score, len(queries.readiness(guarantee).missing)) == (0, 6)
    attach(guarantee, staff, *early[:3])
    assert queries.readiness(guarantee).score == 50 == ClaimFile.objects.get().score
    attach(guarantee, staff, *early[3:])
    assert queries.readiness(guarantee).score == 100
    assert [row.claim_score for row in queries.files(staff["operations"])] == [100]
    pay(guarantee, staff)
    assert queries.readiness(guarantee).score == 60 == ClaimFile.objects.get().score


def test_a_removed_paper_counts_no_more(guarantee: Guarantee, staff: dict[str, User]) -> None:
    attach(guarantee, staff, "LOAN_CONTRACT")
    paper = queries.slots(guarantee)[2]["papers"][0]
    services.remove(actor=staff["operations"], today=DAY, guarantee_id=guarantee.pk, document_id=paper.id)
    assert queries.readiness(guarantee).score == 0 == ClaimFile.objects.get().score


def test_the_agreement_s_own_papers_and_deadline(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: typed slots are those of the treaty where it names some; so is the deadline, and the loss base."""
    import json

    terms = {"loss_base": "PRINCIPAL_AND_INTEREST", "claims": {"deadline_days": 30, "documents": ["LOAN_CONTRACT", "POLICY"]}}
    services.adopt_terms(actor=POST, today=DAY, code="P4222", version=1, terms=json.dumps(terms))
    assert queries.readiness(guarantee).missing == [str(REQUIRED["LOAN_CONTRACT"]), "POLICY"]
    attach(guarantee, staff, "POLICY")
    assert queries.readiness(guarantee).score == 50
    claim = pay(guarantee, staff, interest_fen=1_000_000, paid_fen=400_800_000)
    assert claim.deadline_on == date(2026, 1, 30)
    assert (claim.base_fen, claim.asked_fen) == (501_000_000, 200_400_000)


def test_an_unknown_slot_and_a_wrong_file_are_refused(guarantee: Guarantee, staff: dict[str, User]) -> None:
    told = {"actor": staff["operations"], "today": DAY, "guarantee_id": guarantee.pk, "name": "a.pdf"}
    with pytest.raises(services.NoSuchSlot):
        services.attach(**told, slot="HOLIDAY", file=BytesIO(PDF))
    with pytest.raises(WrongType):
        services.attach(**told, slot="OTHER", file=BytesIO(b"MZ"))
    with pytest.raises(MissingPermission):
        services.attach(**{**told, "actor": staff["risk"]}, slot="OTHER", file=BytesIO(PDF))


def test_120_days_both_counted(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: compensated on 2026-01-01, the last day is 2026-04-30; on 2026-05-01 a reason is needed (domain.md 11.12)."""
    claim = pay(guarantee, staff)
    assert claim.deadline_on == date(2026, 4, 30)
    assert queries.todo(claim, date(2026, 4, 30))["days"] == 0
    assert queries.todo(claim, date(2026, 5, 1))["days"] == -1
    attach(guarantee, staff, *REQUIRED)
    told = {"actor": staff["operations"], "claim_id": claim.pk, **ACCOUNT}
    with pytest.raises(services.LateNeedsReason):
        services.submit(**told, today=date(2026, 5, 1))
    assert sent("CLAIM_SUBMITTED") == 0
    late = services.submit(**told, today=date(2026, 5, 1), late_reason="账户被冻结")
    assert (late.state, late.late_reason) == ("SUBMITTED", "账户被冻结")


def test_on_the_last_day_no_reason_is_needed(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: day 120 is in time."""
    claim = pay(guarantee, staff)
    attach(guarantee, staff, *REQUIRED)
    told = {"actor": staff["operations"], "claim_id": claim.pk, **ACCOUNT}
    assert services.submit(**told, today=date(2026, 4, 30)).state == "SUBMITTED"


def test_what_stops_a_submission(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: papers named one by one, the account, the permission."""
    claim = pay(guarantee, staff)
    told = {"today": DAY, "claim_id": claim.pk}
    with pytest.raises(MissingPermission):
        services.submit(actor=staff["manager"], **told, **ACCOUNT)
    with pytest.raises(services.AccountNeeded):
        services.submit(actor=staff["operations"], **told)
    attach(guarantee, staff, *[slot for slot in REQUIRED if slot != "BANK_NOTICE"])
    with pytest.raises(services.PapersMissing) as refusal:
        services.submit(actor=staff["operations"], **told, **ACCOUNT)
    assert str(REQUIRED["BANK_NOTICE"]) in str(refusal.value)
    claim.refresh_from_db()
    assert (claim.state, claim.round, sent("CLAIM_SUBMITTED")) == ("DRAFT", 0, 0)


def test_an_uncovered_guarantee_has_no_claim(staff: dict[str, User]) -> None:
    """CLM-07: the payment stands, no draft opens, and asking for one says why."""
    guarantee = members.make_guarantee(state="IN_FORCE", today=DAY)
    assert pay(guarantee, staff) is None
    with pytest.raises(services.NotCovered):
        services.draft(actor=staff["operations"], today=DAY, compensation_id=Compensation.objects.get().pk)
    assert not queries.files(staff["operations"]).exists()


def test_a_part_of_the_share_is_claimed_in_proportion(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: half of the liability paid: half of 40 % of the principal (domain.md 5.8.1)."""
    assert pay(guarantee, staff, paid_fen=2 * MILLION).asked_fen == MILLION


def test_an_appeal_needs_words_and_goes_once(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: one appeal."""
    claim = pay(guarantee, staff)
    attach(guarantee, staff, *REQUIRED)
    told = {"actor": staff["operations"], "today": DAY, "claim_id": claim.pk}
    services.submit(**told, **ACCOUNT)
    hear(decided(claim, "REJECTED", reason="逾期"))
    with pytest.raises(services.ReasonNeeded):
        services.submit(**told)
    assert services.submit(**told, late_reason="不可抗力").round == 2
    hear(decided(claim, "REJECTED", reason="维持"))
    with pytest.raises(services.AppealUsed):
        services.submit(**told, late_reason="再诉")


def test_an_appeal_after_its_day_is_refused(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: the day that the group told binds; the page says how long, then that it is over; the last news comes once."""
    claim = pay(guarantee, staff)
    attach(guarantee, staff, *REQUIRED)
    told = {"actor": staff["operations"], "claim_id": claim.pk}
    services.submit(**told, today=DAY, **ACCOUNT)
    last = DAY + timedelta(days=21)
    refusal = decided(claim, "REJECTED", reason="逾期", answer_by=last)
    hear(refusal)
    claim.refresh_from_db()
    assert queries.may_appeal(claim, last) and not queries.may_appeal(claim, last + timedelta(days=1))
    assert f"{last}" in queries.todo(claim, last)["text"] and queries.todo(claim, last)["days"] == 0
    after = queries.todo(claim, last + timedelta(days=1))
    assert "final" in after["text"] or "最终" in after["text"]
    assert after["days"] is None
    with pytest.raises(services.AppealTooLate):
        services.submit(**told, today=last + timedelta(days=1), late_reason="不可抗力")
    final = decided(claim, "REJECTED", reason="逾期", answer_by=last, decided_on=last + timedelta(days=1))
    before = notices.of(staff["operations"]).count()
    hear(final)
    assert notices.of(staff["operations"]).count() == before + 1
    assert services.submit(**told, today=last, late_reason="不可抗力").is_appeal


def test_letters_of_the_group_are_read_as_often_as_they_come(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: the same answer twice, the same payment twice: one due, one report, one figure; netting lowers the due."""
    claim = pay(guarantee, staff)
    attach(guarantee, staff, *REQUIRED)
    services.submit(actor=staff["operations"], today=DAY, claim_id=claim.pk, **ACCOUNT)
    approved = decided(claim, "APPROVED", approved_fen=2 * MILLION, payable_fen=2 * MILLION)
    hear(approved)
    hear(approved)
    key = f"claim:ANHE:{claim.claim_no}"
    assert cash.due(key).fen == 2 * MILLION
    hear(decided(claim, "APPROVED", approved_fen=2 * MILLION, netted_fen=MILLION, payable_fen=MILLION))
    assert cash.due(key).fen == MILLION
    money = ClaimPaid(claim_no=claim.claim_no, key=key, fen=MILLION, on=DAY, voucher_no="V-1")
    hear(money)
    hear(money)
    claim.refresh_from_db()
    assert (claim.paid_fen, queries.money(claim).open_fen) == (MILLION, MILLION)
    for entry, fen in (("FC-2/2", -MILLION), ("FC-3/3", MILLION)):  # undone by the group, and sent again under the same number
        hear(replace(money, fen=fen, reference=entry))
        claim.refresh_from_db()
        assert claim.paid_fen == max(fen, 0)
    told = {"actor": staff["operations"], "today": DAY, "claim_id": claim.pk, "fen": MILLION, "on": DAY, "voucher_no": "V-1"}
    with pytest.raises(MissingPermission):
        services.receive(**{**told, "actor": staff["manager"]})
    services.receive(**told)
    assert queries.money(claim).open_fen == 0


def test_no_money_is_registered_before_approval(guarantee: Guarantee, staff: dict[str, User]) -> None:
    claim = pay(guarantee, staff)
    with pytest.raises(services.NothingExpected):
        services.receive(actor=staff["operations"], today=DAY, claim_id=claim.pk, fen=1, on=DAY, voucher_no="V-1")


def test_a_decided_claim_cannot_be_withdrawn(guarantee: Guarantee, staff: dict[str, User]) -> None:
    claim = pay(guarantee, staff)
    attach(guarantee, staff, *REQUIRED)
    services.submit(actor=staff["operations"], today=DAY, claim_id=claim.pk, **ACCOUNT)
    hear(decided(claim, "APPROVED", approved_fen=MILLION, payable_fen=MILLION))
    with pytest.raises(services.NotToWithdraw):
        services.withdraw(actor=staff["operations"], today=DAY, claim_id=claim.pk, reason="x")


def test_a_draft_is_dropped_at_once_and_can_be_begun_again(guarantee: Guarantee, staff: dict[str, User]) -> None:
    claim = pay(guarantee, staff)
    services.withdraw(actor=staff["operations"], today=DAY, claim_id=claim.pk, reason="录错")
    again = services.draft(actor=staff["operations"], today=DAY, compensation_id=claim.compensation_id)
    assert again.pk != claim.pk and sent("CLAIM_WITHDRAWN") == 0
    same = services.draft(actor=staff["operations"], today=DAY, compensation_id=claim.compensation_id)
    assert same.pk == again.pk


def test_the_representative_of_the_day_of_filing_is_told(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: an old value of the customer's history is what held at filing (domain.md 5.8.4)."""
    customer = guarantee.customer
    customer.legal_rep = "李新"
    customer.save()
    assert claiming._representative_then(customer, guarantee) != "李新"
    Guarantee.objects.filter(pk=guarantee.pk).update(start_on=timezone.localdate() + timedelta(days=1))
    guarantee.refresh_from_db()
    assert claiming._representative_then(customer, guarantee) == "李新"


def test_the_rate_is_paid_over_released(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-05, domain.md 6.1: both of the member's share, and what ended by compensation is released as well.

    4,000,000 paid; 4,000,000 ended so and 4,000,000 by repayment: one half, as the workbench says.
    """
    pay(guarantee, staff)
    members.make_guarantee(state="RELEASED", today=DAY)
    for by in ("product", "bank"):
        (row,) = queries.rates(by, DAY.year)
        assert (row["paid_fen"], row["released_fen"]) == (4 * MILLION, 8 * MILLION)
        assert row["rate"] == Decimal("0.5")
    found = figures.figures(staff["executive"], DAY)
    assert (found.compensation_fen, found.released_fen) == (row["paid_fen"], row["released_fen"])


def test_who_may_not_pay_is_refused_by_the_verb_itself(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: not only by the page."""
    with pytest.raises(MissingPermission):
        pay(guarantee, {**staff, "operations": staff["manager"]})
    assert not Compensation.objects.exists()


def test_a_claim_taken_back_twice_is_answered_twice(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: the second answer could not be read, and every later letter about the guarantee waited behind it."""
    claim = pay(guarantee, staff)
    attach(guarantee, staff, *REQUIRED)
    services.submit(actor=staff["operations"], today=DAY, claim_id=claim.pk, **ACCOUNT)
    for _ in range(2):
        services.withdraw(actor=staff["operations"], today=DAY, claim_id=claim.pk, reason="录错")
    assert sent("CLAIM_WITHDRAWN") == 2
    for _ in range(2):
        hear(decided(claim, "WITHDRAWN", reason="录错"))
    claim.refresh_from_db()
    assert claim.state == "WITHDRAWN"


def test_more_has_come_than_the_group_owes_by_its_books(guarantee: Guarantee, staff: dict[str, User]) -> None:
    """CLM-07: the group's payment is undone after we registered it, and a recovery is netted: the board shows it."""
    claim = pay(guarantee, staff)
    attach(guarantee, staff, *REQUIRED)
    services.submit(actor=staff["operations"], today=DAY, claim_id=claim.pk, **ACCOUNT)
    hear(decided(claim, "APPROVED", approved_fen=2 * MILLION, payable_fen=2 * MILLION))
    told = {"claim_id": claim.pk, "fen": 2 * MILLION, "on": DAY, "voucher_no": "V-1"}
    services.receive(actor=staff["operations"], today=DAY, **told)
    key = f"claim:ANHE:{claim.claim_no}"
    for fen, entry in ((2 * MILLION, "FC-1"), (-2 * MILLION, "FC-2"), (MILLION, "FC-3")):
        hear(ClaimPaid(claim_no=claim.claim_no, key=key, fen=fen, on=DAY, voucher_no="V-1", reference=entry))
    hear(decided(claim, "PAID", approved_fen=2 * MILLION, netted_fen=MILLION, payable_fen=MILLION))
    assert cash.due(key).fen == 2 * MILLION
    assert [row.break_code for row in cash.breaks(today=DAY, key=key)] == ["DIFFERENT"]
