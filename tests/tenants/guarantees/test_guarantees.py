"""Guarantees from issue to end: four eyes, drawdowns, repayments, arrears, compensation, release."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kernel.access.permissions import MissingPermission
from kernel.audit import queries as trail
from kernel.flow import WrongState
from tenants.applications.models import Application
from tenants.claims import queries as claim_queries
from tenants.claims import services as claims
from tenants.guarantees import queries, services
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services import compensating, drawing, ending, funnel, issuing, repaying
from tests.factories.houses import BANK, OTHER_BANK
from tests.factories.members import LOAN_FEN, TODAY, bank, make_approved, make_guarantee, people

HALF = LOAN_FEN // 2
LATER = TODAY + timedelta(days=40)


def draw(guarantee, iou="JJ-1", amount=LOAN_FEN, on=TODAY, today=LATER, **more):
    told = {"actor": bank(), "today": today, "guarantee_id": guarantee.pk, "iou_no": iou, "amount_fen": amount, "on": on}
    row = services.drawdown(**told, **more)
    guarantee.refresh_from_db()
    return row


def repay(guarantee, reference="HK-1", amount=HALF, on=TODAY, today=LATER, **more):
    told = {"actor": bank(), "today": today, "guarantee_id": guarantee.pk, "reference": reference}
    row = services.repay(**told, principal_fen=amount, on=on, **more)
    guarantee.refresh_from_db()
    return row


def days(guarantee):
    return [(row.on, row.outstanding_fen, row.balance_fen) for row in queries.money(guarantee).movements]


def test_issue_copies_what_was_approved(staff):
    application = make_approved()
    made = services.issue(actor=staff["operations"], today=TODAY, application_id=application.pk)
    assert (made.number, made.state, made.balance_fen, made.start_on) == ("DB2026-000001", "ISSUED", 0, None)
    assert (made.loan_fen, made.guaranteed_fen) == (LOAN_FEN, LOAN_FEN * 8 // 10)
    assert (made.customer, made.owner, made.approved_on) == (application.customer, staff["manager"], TODAY)
    assert (made.coverage, made.coverage_reason_code, made.filing_status) == ("UNCOVERED", "NOT_FILED", "")
    assert Application.objects.get(pk=application.pk).state == "ISSUED"


def test_issue_needs_the_right_and_another_person(staff):
    application = make_approved()
    told = {"today": TODAY, "application_id": application.pk}
    for actor in (staff["manager2"], bank()):
        with pytest.raises(MissingPermission):
            services.issue(actor=actor, **told)
    made = services.issue(actor=staff["operations"], **told)
    with pytest.raises(WrongState):
        services.issue(actor=staff["operations"], **told)
    assert Guarantee.objects.get().pk == made.pk


def test_nobody_issues_what_he_wrote_himself(staff):
    application = make_approved(actor=staff["operations"])
    with pytest.raises(issuing.OwnApplication, match=application.number):
        services.issue(actor=staff["operations"], today=TODAY, application_id=application.pk)
    application.refresh_from_db()
    assert application.state == "APPROVED"
    assert not Guarantee.objects.exists()
    made = services.issue(actor=staff["executive"], today=TODAY, application_id=application.pk)
    assert made.number == "DB2026-000001"


def test_only_an_approved_application_is_issued(staff):
    application = make_approved()
    Application.objects.filter(pk=application.pk).update(state="IN_REVIEW")
    with pytest.raises(WrongState, match="state"):
        services.issue(actor=staff["operations"], today=TODAY, application_id=application.pk)


def test_the_first_drawdown_starts_the_term_and_the_last_brings_it_in_force(member):
    made = make_guarantee()
    start = date(2026, 3, 31)
    draw(made, "JJ-1", HALF, on=start, today=date(2026, 5, 4))
    assert (made.state, made.start_on, made.due_on) == ("PARTLY_DRAWN", start, date(2027, 3, 31))
    assert made.balance_fen == HALF * 8 // 10
    draw(made, "JJ-2", HALF, on=date(2026, 5, 4), today=date(2026, 5, 4))
    assert (made.state, made.balance_fen, made.start_on) == ("IN_FORCE", made.guaranteed_fen, start)
    assert days(made) == [(start, HALF, HALF * 8 // 10), (date(2026, 5, 4), LOAN_FEN, LOAN_FEN * 8 // 10)]


def test_a_drawdown_is_what_it_says(member):
    made = make_guarantee()
    draw(made, "JJ-1", HALF, on=TODAY + timedelta(days=3))
    for fields, error in (
        ({"iou": " "}, drawing.IouMissing),
        ({"iou": "JJ-2", "amount": 0}, drawing.AmountMissing),
        ({"iou": "JJ-2", "amount": HALF + 1, "on": LATER}, drawing.MoreThanLoan),
        ({"iou": "JJ-2", "on": LATER + timedelta(days=1)}, funnel.FutureDate),
        ({"iou": "JJ-2", "on": TODAY - timedelta(days=1)}, funnel.BeforeApproval),
        ({"iou": "JJ-2", "amount": 1, "on": TODAY}, drawing.BeforeFirstDrawdown),
        ({"iou": "JJ-1", "amount": HALF - 1}, drawing.IouTaken),
        ({"iou": "JJ-1", "amount": HALF, "on": LATER}, drawing.IouTaken),
    ):
        with pytest.raises(error) as refusal:
            draw(made, **fields)
        assert "%(" not in str(refusal.value)
    made.refresh_from_db()
    assert (made.drawn_fen, made.drawdowns.count()) == (HALF, 1)


def test_the_same_iou_again_changes_nothing_in_any_state(staff):
    made = make_guarantee()
    row = draw(made)
    lines = trail.of(made.subject).count()
    assert draw(made) == row
    services.mark_overdue(actor=bank(), today=LATER, guarantee_id=made.pk, on=LATER)
    assert draw(made) == row
    assert (made.drawn_fen, made.state, trail.of(made.subject).count()) == (LOAN_FEN, "OVERDUE", lines + 1)


def test_midnight_is_the_caller_s(member):
    made = make_guarantee(today=date(2026, 12, 31))
    tomorrow = date(2027, 1, 1)
    with pytest.raises(funnel.FutureDate):
        draw(made, on=tomorrow, today=date(2026, 12, 31))
    draw(made, on=tomorrow, today=tomorrow)
    assert (made.start_on, made.due_on) == (tomorrow, date(2028, 1, 1))


def test_a_partly_drawn_loan_can_be_told_complete(member):
    made = make_guarantee(state="PARTLY_DRAWN")
    services.complete(actor=bank(), today=TODAY, guarantee_id=made.pk)
    made.refresh_from_db()
    assert (made.state, made.balance_fen, made.filing_status) == ("IN_FORCE", HALF * 8 // 10, "SUBMITTED")
    with pytest.raises(WrongState):
        draw(made, "JJ-2", HALF)


def test_the_last_drawdown_may_say_that_it_is_the_last(member):
    made = make_guarantee()
    row = draw(made, "JJ-1", HALF, complete=True)
    assert (made.state, made.balance_fen, made.filing_status) == ("IN_FORCE", HALF * 8 // 10, "SUBMITTED")
    assert row.guarantee.balance_fen == draw(made, "JJ-1", HALF, complete=True).guarantee.balance_fen == HALF * 8 // 10


def test_repayments_lower_the_balance_by_the_own_share(member):
    # 80 % of an odd loan: guaranteed 266,666,668 of 333,333,335 fen.
    made = make_guarantee(state="IN_FORCE", loan_fen=333_333_335)
    assert made.balance_fen == made.guaranteed_fen == 266_666_668
    repay(made, "HK-1", 1)
    # 333,333,334 x 266,666,668 / 333,333,335 = 266,666,667.2
    assert made.balance_fen == 266_666_667
    repay(made, "HK-2", 333_333_333)
    assert (made.outstanding_fen, made.balance_fen) == (1, 1)
    repay(made, "HK-3", 1)
    assert (made.outstanding_fen, made.balance_fen, made.repaid_fen) == (0, 0, 333_333_335)


def test_a_repayment_is_what_it_says(member):
    made = make_guarantee(state="IN_FORCE")
    row = repay(made, "HK-1", HALF)
    assert repay(made, "HK-1", HALF) == row
    for fields, error in (
        ({"reference": ""}, repaying.ReferenceMissing),
        ({"reference": "HK-2", "amount": -1}, drawing.AmountMissing),
        ({"reference": "HK-2", "amount": HALF + 1}, repaying.MoreThanOutstanding),
        ({"reference": "HK-1", "amount": HALF - 1}, repaying.ReferenceTaken),
        ({"reference": "HK-2", "on": LATER + timedelta(days=1)}, funnel.FutureDate),
    ):
        with pytest.raises(error):
            repay(made, **fields)
    made.refresh_from_db()
    assert (made.repaid_fen, made.repayments.count()) == (HALF, 1)


def test_a_repayment_reported_late_stands_on_its_own_day(member):
    made = make_guarantee(state="IN_FORCE")
    first, second = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
    repay(made, "HK-2", 100, on=second)
    repay(made, "HK-1", 50, on=first)
    repay(made, "HK-3", 25, on=second)
    share = LOAN_FEN * 8 // 10
    assert days(made) == [
        (TODAY, LOAN_FEN, share),
        (first, LOAN_FEN - 50, share - 40),
        (second, LOAN_FEN - 175, share - 140),
    ]
    changes = made.movements.order_by("on").values_list("change_fen", flat=True)
    assert list(changes) == [share, -40, -100]


def test_money_cannot_come_back_before_it_went_out(member):
    made = make_guarantee()
    draw(made, "JJ-1", HALF, on=TODAY + timedelta(days=5))
    draw(made, "JJ-2", HALF, on=LATER)
    for amount, on in ((1, TODAY), (HALF + 1, TODAY + timedelta(days=6))):
        with pytest.raises(funnel.BelowNothing):
            repay(made, "HK-1", amount, on=on)
    made.refresh_from_db()
    assert (made.repaid_fen, made.outstanding_fen) == (0, LOAN_FEN)


def test_overdue_and_cured(member):
    made = make_guarantee(state="IN_FORCE")
    told = {"actor": bank(), "today": LATER, "guarantee_id": made.pk}
    with pytest.raises(WrongState):
        services.cure(**told)
    assert services.mark_overdue(**told, on=LATER).overdue_on == LATER
    repay(made, "HK-1", HALF)
    assert made.state == "OVERDUE"
    cured = services.cure(**told)
    assert (cured.state, cured.overdue_on, cured.balance_fen) == ("IN_FORCE", None, HALF * 8 // 10)


def test_release_needs_balance_nothing_and_the_bank_s_certificate(staff):
    made = make_guarantee(state="IN_FORCE")
    told = {"actor": staff["operations"], "today": LATER, "guarantee_id": made.pk, "on": LATER}
    with pytest.raises(ending.StillOutstanding, match="5,000,000.00"):
        services.release(**told, certificate="JQ-1")
    repay(made, "HK-1", LOAN_FEN, on=LATER - timedelta(days=1))
    with pytest.raises(ending.CertificateMissing):
        services.release(**told, certificate=" ")
    with pytest.raises(ending.BeforeLastMovement):
        services.release(**(told | {"on": TODAY}), certificate="JQ-1")
    done = services.release(**told, certificate="JQ-1")
    assert (done.state, done.ended_on, done.balance_fen) == ("RELEASED", LATER, 0)
    with pytest.raises(WrongState):
        repay(made, "HK-2", 1)


def test_lapse_and_cancel(staff):
    never, given_up, running = make_guarantee(), make_guarantee(), make_guarantee(state="IN_FORCE")
    told = {"actor": staff["operations"], "today": TODAY, "reason": "逾期未放款"}
    assert services.lapse(**told, guarantee_id=never.pk).state == "LAPSED"
    assert services.cancel(**told, guarantee_id=given_up.pk).state == "CANCELLED"
    with pytest.raises(ending.EndReasonMissing):
        services.lapse(**(told | {"reason": ""}), guarantee_id=running.pk)
    with pytest.raises(ending.NotYetDue):
        services.lapse(**told, guarantee_id=running.pk)
    with pytest.raises(WrongState):
        services.cancel(**told, guarantee_id=running.pk)
    after = running.due_on + timedelta(days=1)
    gone = services.lapse(**(told | {"today": after}), guarantee_id=running.pk)
    # The loan is still outstanding at the bank, but the member answers for nothing any more (Art 693).
    assert (gone.state, gone.outstanding_fen, gone.balance_fen) == ("LAPSED", LOAN_FEN, 0)
    assert days(gone)[-1] == (after, LOAN_FEN, 0)


def pay(guarantee, **fields):
    told = {
        "principal_fen": 400_000_000,
        "interest_fen": 6_000_000,
        "paid_fen": 324_800_000,
        "paid_on": LATER,
        "bank_notice_on": TODAY,
        "voucher_no": "DC-1",
    }
    return claims.pay(actor=people()["operations"], today=LATER, guarantee_id=guarantee.pk, **(told | fields))


def test_the_handbook_s_claim_to_the_fen(member):
    """domain.md 12: 5,000,000 lent, 1,000,000 repaid, bank claims 4,060,000, the member pays 3,248,000."""
    made = make_guarantee(state="IN_FORCE")
    repay(made, "HK-1", 100_000_000)
    assert made.balance_fen == 320_000_000
    with pytest.raises(WrongState):
        pay(made)
    services.mark_overdue(actor=bank(), today=LATER, guarantee_id=made.pk, on=LATER)
    made.refresh_from_db()
    assert claim_queries.liability(made, 400_000_000, 6_000_000) == 324_800_000
    for fields, error in (
        ({"paid_fen": 324_800_001}, compensating.MoreThanLiability),
        ({"principal_fen": 400_000_001}, compensating.ClaimTooLarge),
        ({"principal_fen": 0}, claims.BadClaim),
        ({"voucher_no": ""}, claims.VoucherMissing),
        ({"bank_notice_on": LATER + timedelta(days=1)}, claims.PaidBeforeNotice),
        ({"paid_on": LATER + timedelta(days=1)}, funnel.FutureDate),
    ):
        with pytest.raises(error):
            pay(made, **fields)
    row = pay(made)
    made.refresh_from_db()
    assert (made.state, made.balance_fen, made.outstanding_fen) == ("COMPENSATED", 0, 0)
    assert (made.compensation_fen, made.compensated_principal_fen) == (324_800_000, 400_000_000)
    assert (made.compensated_on, made.ended_on) == (LATER, LATER)
    assert pay(made) == row
    with pytest.raises(claims.VoucherTaken):
        pay(made, paid_fen=324_799_999)
    assert list(claim_queries.of(made)) == [row]


def test_a_part_of_the_principal_leaves_the_guarantee_overdue(member):
    made = make_guarantee(state="OVERDUE")
    pay(made, principal_fen=HALF, interest_fen=0, paid_fen=HALF * 8 // 10)
    made.refresh_from_db()
    assert (made.state, made.outstanding_fen, made.balance_fen) == ("OVERDUE", HALF, HALF * 8 // 10)
    told = {"actor": people()["operations"], "today": LATER, "guarantee_id": made.pk, "paid_on": LATER}
    claims.pay_outstanding(**told, interest_fen=0, bank_notice_on=TODAY, voucher_no="DC-2")
    made.refresh_from_db()
    assert (made.state, made.compensation_fen, made.balance_fen) == ("COMPENSATED", LOAN_FEN * 8 // 10, 0)
    assert claim_queries.book(people()["risk"]).count() == 2


def test_another_bank_s_guarantee_does_not_exist(member):
    made = make_guarantee(state="PARTLY_DRAWN")
    told = {"actor": bank(OTHER_BANK), "today": LATER, "guarantee_id": made.pk, "bank_code": OTHER_BANK}
    for verb, fields in (
        (services.drawdown, {"iou_no": "X", "amount_fen": 1, "on": TODAY}),
        (services.repay, {"reference": "X", "principal_fen": 1, "on": TODAY}),
        (services.mark_overdue, {"on": TODAY}),
        (services.complete, {}),
        (services.cure, {}),
    ):
        with pytest.raises(funnel.NoSuchGuarantee) as refusal:
            verb(**told, **fields)
        assert refusal.value.status == 404
    with pytest.raises(funnel.NoSuchGuarantee):
        queries.one_for_bank(OTHER_BANK, made.pk)
    assert queries.for_bank(OTHER_BANK) == []
    assert queries.for_bank(BANK) == [made]


@pytest.mark.parametrize("state", ["ISSUED", "PARTLY_DRAWN", "IN_FORCE", "OVERDUE", "RELEASED", "COMPENSATED"])
def test_every_change_leaves_one_line_that_tells_from_and_to(staff, state):
    made = make_guarantee(state=state)
    told = [trail.facts(line) for line in trail.of(made.subject)]
    assert [facts["to"] for facts in told if "to" in facts][:1] == ([] if state == "ISSUED" else [state])
    for newer, older in zip(told[:-2], told[1:-1], strict=True):
        assert newer["from"] == older["to"]
