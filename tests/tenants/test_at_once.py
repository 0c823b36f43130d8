"""Two people press at once, on real connections: one wins, the other is told why, and nothing is doubled."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.errors import DomainError
from registry.tenancy import inside
from tenants.applications import services as applications
from tenants.applications.models import Application
from tenants.claims import services as claims
from tenants.customers import services as customers
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee
from tests.factories.houses import ANHE, house
from tests.factories.members import (
    LOAN_FEN,
    TODAY,
    applicant,
    bank,
    make_application,
    make_approved,
    make_guarantee,
    make_received,
    people,
    sign_all,
)
from tests.factories.races import at_once as together
from tests.factories.races import codes

pytestmark = pytest.mark.usefixtures("fresh_database")
at_once = partial(together, ANHE)


def test_one_of_two_signers_signs():
    with inside(house(ANHE)):
        made, seats = make_application(state="IN_REVIEW"), people()
        task = approvals.mine(seats["head"], made.subject, TODAY).get()
    told = {"actor": seats["head"], "today": TODAY, "task_id": task.id}
    results = at_once(*[lambda: approval.decide(**told)] * 3)
    assert codes(results)[0] == ""
    assert all(codes(results)[1:])
    with inside(house(ANHE)):
        assert [step.state for step in approvals.steps(made.subject)][:3] == ["DONE", "DONE", "NOW"]


def test_the_last_signature_and_a_withdrawal_do_not_both_win():
    with inside(house(ANHE)):
        made, seats = make_application(state="IN_REVIEW"), people()
        sign_all(made.subject, until="final")
        final = approvals.mine(seats["executive"], made.subject, TODAY).get()
    results = at_once(
        lambda: approval.decide(actor=seats["executive"], today=TODAY, task_id=final.id),
        lambda: applications.withdraw(actor=seats["manager"], today=TODAY, application_id=made.pk),
    )
    with inside(house(ANHE)):
        made.refresh_from_db()
        case = approvals.case_of(made.subject)
    # The signature first and then the withdrawal of an approved application is a lawful order too.
    if isinstance(results[1], DomainError):
        assert (made.state, case.status) == ("APPROVED", "APPROVED")
    else:
        assert made.state == "WITHDRAWN"
        assert case.status == ("WITHDRAWN" if isinstance(results[0], DomainError) else "APPROVED")


def test_one_of_two_issues_and_numbers_have_no_gap():
    with inside(house(ANHE)):
        seats = people()
        made = [make_approved() for _ in range(3)]
    told = {"actor": seats["operations"], "today": TODAY}
    results = at_once(
        *[lambda pk=made[0].pk: guarantees.issue(**told, application_id=pk)] * 3,
        *[lambda pk=row.pk: guarantees.issue(**told, application_id=pk) for row in made[1:]],
    )
    assert codes(results) == ["", "", "", "WRONG_STATE", "WRONG_STATE"]
    with inside(house(ANHE)):
        numbers = sorted(Guarantee.objects.values_list("number", flat=True))
    assert numbers == ["DB2026-000001", "DB2026-000002", "DB2026-000003"]


def test_one_of_two_takes_a_bank_s_application_up():
    with inside(house(ANHE)):
        made, seats = make_received(), people()
    results = at_once(
        *[
            lambda actor=seats[key]: applications.take_up(actor=actor, today=TODAY, application_id=made.pk)
            for key in ("manager", "manager2", "head")
        ]
    )
    assert codes(results) == ["", "WRONG_STATE", "WRONG_STATE"]


def test_the_same_application_sent_at_once_is_one():
    firm = applicant()
    results = at_once(*[lambda: make_received(applicant=firm, bank_reference="HX-1")] * 4)
    assert codes(results) == [""] * 4
    assert len({row.pk for row in results}) == 1
    with inside(house(ANHE)):
        assert Application.objects.count() == customers.Customer.objects.count() == 1
        assert make_received().number == "SQ2026-000002"


def test_the_same_drawdown_at_once_is_one():
    with inside(house(ANHE)):
        made = make_guarantee()
    told = {"actor": bank(), "today": TODAY, "guarantee_id": made.pk, "on": TODAY, "amount_fen": LOAN_FEN}
    results = at_once(*[lambda: guarantees.drawdown(**told, iou_no="JJ-1")] * 4)
    assert len({row.pk for row in results}) == 1
    with inside(house(ANHE)):
        made.refresh_from_db()
        assert (made.state, made.drawn_fen, made.balance_fen) == ("IN_FORCE", LOAN_FEN, made.guaranteed_fen)
        assert (made.drawdowns.count(), made.movements.count()) == (1, 1)


def test_two_drawdowns_at_once_do_not_pass_the_loan():
    with inside(house(ANHE)):
        made = make_guarantee()
    told = {"actor": bank(), "today": TODAY, "guarantee_id": made.pk, "on": TODAY}
    part = LOAN_FEN * 6 // 10
    results = at_once(*[lambda iou=iou: guarantees.drawdown(**told, amount_fen=part, iou_no=iou) for iou in ("A", "B")])
    assert codes(results) == ["", "MORE_THAN_LOAN"]


def test_a_repayment_and_a_compensation_at_once_leave_the_balance_right():
    with inside(house(ANHE)):
        made, seats = make_guarantee(state="OVERDUE"), people()
    half = LOAN_FEN // 2
    results = at_once(
        lambda: guarantees.repay(
            actor=bank(), today=TODAY, guarantee_id=made.pk, reference="HK-1", principal_fen=half, on=TODAY
        ),
        lambda: claims.pay_outstanding(
            actor=seats["operations"], today=TODAY, guarantee_id=made.pk,
            interest_fen=0, paid_on=TODAY, bank_notice_on=TODAY, voucher_no="DC-1",
        ),
    )  # fmt: skip
    with inside(house(ANHE)):
        made.refresh_from_db()
    assert (made.state, made.balance_fen, made.outstanding_fen) == ("COMPENSATED", 0, 0)
    paid_after_repayment = not isinstance(results[0], DomainError)
    assert made.compensation_fen == (half if paid_after_repayment else LOAN_FEN) * 8 // 10


def test_a_customer_registered_at_once_is_one():
    with inside(house(ANHE)):
        seats = people()
    firm = applicant()
    told = {"actor": seats["manager"], "today": TODAY, "kind": "COMPANY", "name": firm.name, "id_number": firm.id_number}
    results = at_once(*[lambda: customers.register(**told)] * 3)
    assert codes(results) == ["", "CUSTOMER_EXISTS", "CUSTOMER_EXISTS"]
    assert len({row.pk for row in at_once(*[lambda: customers.recognise(**told)] * 3)}) == 1


def test_two_who_extend_at_once_make_one_extension():
    """domain.md 7.4: one asks, the others hear that it is under approval; of two last signatures one extends."""
    with inside(house(ANHE)):
        made, seats = make_guarantee(state="IN_FORCE"), people()
    told = {"actor": seats["operations"], "today": TODAY, "guarantee_id": made.pk, "due_on": made.due_on + timedelta(days=90),
            "bank_consent": "ZQ-1", "counter_consents": "无", "reason": "回款推迟"}  # fmt: skip
    assert codes(at_once(*[lambda: guarantees.ask_extension(**told)] * 3)) == ["", "CASE_RUNNING", "CASE_RUNNING"]
    subject = f"extension:{made.pk}"
    with inside(house(ANHE)):
        approval.decide(actor=seats["risk"], today=TODAY, task_id=approvals.mine(seats["risk"], subject, TODAY).get().id)
        last = approvals.mine(seats["executive"], subject, TODAY).get()
    signed = codes(at_once(*[lambda: approval.decide(actor=seats["executive"], today=TODAY, task_id=last.id)] * 3))
    assert signed[0] == "" and all(signed[1:])
    with inside(house(ANHE)):
        assert Guarantee.objects.filter(extends=made).count() == 1
