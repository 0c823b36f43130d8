"""Applications: limits, the review by other people, returns, withdrawals, what banks send and see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.audit import queries as trail
from kernel.errors import DomainError
from kernel.flow import WrongState
from tenants.applications import queries, services
from tenants.applications.models import Application
from tenants.applications.services import limits, review, writing
from tenants.customers import services as customers
from tenants.products import queries as products
from tenants.products import services as product_services
from tests.factories.houses import BANK, OTHER_BANK
from tests.factories.members import (
    LOAN_FEN,
    TODAY,
    applicant,
    bank,
    make_application,
    make_approved,
    make_customer,
    make_received,
    people,
    sign_all,
)

WAN = 1_000_000


def test_a_draft_takes_share_and_rate_from_its_product(staff):
    made = make_application()
    assert (made.number, made.state, made.source) == ("SQ2026-000001", "DRAFT", "PORTAL")
    assert (made.guaranteed_fen, made.fee_rate) == (LOAN_FEN * 8 // 10, Decimal("0.015"))
    assert (made.author, made.owner) == (staff["manager"], staff["manager"])


def test_numbers_run_on_within_a_year_and_begin_anew(member):
    days = (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 1))
    assert [make_application(today=day).number for day in days] == [
        "SQ2026-000001",
        "SQ2026-000002",
        "SQ2027-000001",
    ]


def test_a_refused_draft_leaves_no_gap(staff):
    with pytest.raises(limits.AmountTooLarge):
        make_application(loan_fen=1001 * WAN)
    with pytest.raises(limits.PurposeMissing):
        make_application(purpose=" ")
    assert make_application().number == "SQ2026-000001"


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"loan_fen": 0}, limits.AmountNotPositive, "amount_fen"),
        ({"loan_fen": 1000 * WAN + 1}, limits.AmountTooLarge, "amount_fen"),
        ({"term_months": 37}, limits.TermTooLong, "term_months"),
        ({"term_months": 0}, limits.TermTooLong, "term_months"),
        ({"fee_rate": Decimal("0.0151")}, limits.RateTooHigh, "fee_rate"),
        ({"guaranteed_fen": LOAN_FEN * 8 // 10 + 1}, limits.ShareTooLarge, "guaranteed_fen"),
        ({"guaranteed_fen": 0}, limits.AmountNotPositive, "guaranteed_fen"),
        ({"bank_name": ""}, limits.BankMissing, "bank_code"),
        ({"product_code": "NONE"}, product_services.NoSuchProduct, "product_code"),
    ],
)
def test_the_product_s_limits_hold(member, fields, error, field):
    with pytest.raises(error) as refusal:
        make_application(**fields)
    assert refusal.value.field == field
    assert "%(" not in str(refusal.value)


def test_parties_must_fit(staff):
    person = make_customer(kind="PERSON")
    with pytest.raises(limits.WrongKindOfCustomer):
        make_application(customer=person)
    told = {"actor": staff["head"], "today": TODAY, "customer_id": person.pk}
    customers.mark(**told, status="BLOCKED", reason="失信被执行人")
    with pytest.raises(limits.CustomerBlocked, match="失信被执行人"):
        make_application(customer=person, product_code="FARM", loan_fen=WAN)
    product = products.by_code("TECH")
    product_services.close(actor=staff["executive"], today=TODAY, product_id=product.pk)
    with pytest.raises(limits.ProductClosed):
        make_application(product_code="TECH")


def test_five_other_people_approve_and_the_author_cannot(staff):
    made = make_application(state="IN_REVIEW")
    assert made.state == "IN_REVIEW"
    case = approvals.case_of(made.subject)
    first = case.tasks.get(element="acceptance")
    with pytest.raises(DomainError) as refusal:
        approval.decide(actor=staff["manager"], today=TODAY, task_id=first.id)
    assert refusal.value.status == 403
    sign_all(made.subject)
    made.refresh_from_db()
    assert (made.state, made.approved_fen, made.decided_on) == ("APPROVED", LOAN_FEN, TODAY)
    signed = {opinion.by_label for opinion in approvals.timeline(made.subject)}
    assert signed == {staff[key].name for key in ("manager", "head", "risk", "legal", "chair", "executive")}


def test_the_green_channel_is_shorter_up_to_the_product_s_amount(staff):
    quick = make_application(state="IN_REVIEW", product_code="PROCUREMENT", loan_fen=100 * WAN)
    slow = make_application(state="IN_REVIEW", product_code="PROCUREMENT", loan_fen=100 * WAN + 1)
    elements = [{step.element for step in approvals.steps(made.subject)} for made in (quick, slow)]
    assert elements[1] - elements[0] == {"legal"}


def test_the_committee_may_approve_less_and_the_share_stays(staff):
    made = make_application(state="IN_REVIEW", loan_fen=300_000_001, guaranteed_fen=200_000_000)
    sign_all(made.subject, until="final")
    final = approvals.mine(staff["executive"], made.subject, TODAY).get()
    told = {"actor": staff["executive"], "today": TODAY, "task_id": final.id, "text": "核减"}
    with pytest.raises(review.ApprovedMoreThanAsked):
        approval.decide(**told, facts={"amount_fen": 300_000_002})
    approval.decide(**told, facts={"amount_fen": 150_000_001})
    made.refresh_from_db()
    # 200,000,000 x 150,000,001 / 300,000,001 = 100,000,000.33
    assert (made.approved_fen, made.guaranteed_fen) == (150_000_001, 100_000_000)


def test_a_rejection_keeps_its_reason(staff):
    made = make_application(state="IN_REVIEW")
    task = approvals.mine(staff["head"], made.subject, TODAY).get()
    approval.decide(actor=staff["head"], today=TODAY, task_id=task.id, verdict="REJECT", text="还款来源不足")
    made.refresh_from_db()
    assert (made.state, made.reason) == ("REJECTED", "还款来源不足")
    with pytest.raises(WrongState):
        services.submit(actor=staff["manager"], today=TODAY, application_id=made.pk)


def send_back(staff, made):
    task = approvals.mine(staff["head"], made.subject, TODAY).get()
    approval.send_back(actor=staff["head"], today=TODAY, task_id=task.id, to="submit", text="补充财务报表")
    made.refresh_from_db()


def test_a_returned_application_is_corrected_and_handed_in_again(staff):
    made = make_application(state="IN_REVIEW")
    told = {"actor": staff["manager"], "today": TODAY, "application_id": made.pk}
    with pytest.raises(writing.NotEditable):
        services.revise(**told, purpose="购置设备")
    send_back(staff, made)
    assert (made.state, made.reason) == ("RETURNED", "补充财务报表")
    assert queries.actions(staff["manager"], made) == ["submit", "revise", "withdraw"]
    services.revise(**told, amount_fen=400_000_000, purpose="购置设备")
    services.submit(**told)
    made.refresh_from_db()
    assert (made.state, made.reason, made.guaranteed_fen) == ("IN_REVIEW", "", 320_000_000)
    assert approvals.case_of(made.subject).facts["amount_fen"] == 400_000_000
    sign_all(made.subject)
    made.refresh_from_db()
    assert (made.state, made.approved_fen) == ("APPROVED", 400_000_000)


def test_signing_the_returned_task_in_the_to_do_list_closes_the_edit_too(staff):
    made = make_application(state="IN_REVIEW")
    send_back(staff, made)
    services.revise(actor=staff["manager"], today=TODAY, application_id=made.pk, amount_fen=WAN)
    task = approvals.mine(staff["manager"], made.subject, TODAY).get()
    approval.decide(actor=staff["manager"], today=TODAY, task_id=task.id)
    made.refresh_from_db()
    assert made.state == "IN_REVIEW"
    assert approvals.case_of(made.subject).facts["amount_fen"] == WAN
    with pytest.raises(WrongState):
        services.submit(actor=staff["manager"], today=TODAY, application_id=made.pk)


def test_only_its_author_corrects_a_returned_application(staff):
    made = make_application(state="IN_REVIEW")
    send_back(staff, made)
    with pytest.raises(review.NotReturned):
        services.submit(actor=staff["risk"], today=TODAY, application_id=made.pk)


def test_withdrawing_ends_the_review(staff):
    made = make_application(state="IN_REVIEW")
    told = {"actor": staff["manager"], "today": TODAY, "application_id": made.pk}
    assert services.withdraw(**told, text="客户自筹").state == "WITHDRAWN"
    assert approvals.case_of(made.subject).status == "WITHDRAWN"
    assert not approvals.todo(staff["head"], TODAY).exists()
    with pytest.raises(WrongState):
        services.withdraw(**told)


def test_an_approved_application_can_be_given_up_before_its_issue(staff):
    made = make_approved()
    assert services.withdraw(actor=staff["manager"], today=TODAY, application_id=made.pk, text="不用了").state == "WITHDRAWN"


def test_a_bank_s_application_waits_until_a_person_takes_it_up(staff):
    made = make_received()
    assert (made.state, made.owner, made.author, made.source) == ("SUBMITTED", None, None, "API")
    assert list(queries.inbox(staff["manager"])) == [made] == list(queries.book(staff["manager2"]))
    assert not queries.inbox(staff["risk"]).exists()
    assert queries.actions(staff["manager"], made) == ["take_up", "decline", "withdraw"]
    taken = services.take_up(actor=staff["manager"], today=TODAY, application_id=made.pk, fee_rate=Decimal("0.01"))
    assert (taken.state, taken.owner_id, taken.author_id) == ("IN_REVIEW", staff["manager"].id, staff["manager"].id)
    assert not queries.book(staff["manager2"]).exists()
    with pytest.raises(WrongState):
        services.take_up(actor=staff["manager2"], today=TODAY, application_id=made.pk)
    with pytest.raises(review.OnlyPeopleReview):
        services.take_up(actor=bank(), today=TODAY, application_id=made.pk)


def test_declining_needs_a_reason_and_happens_before_the_review(staff):
    made = make_received()
    told = {"actor": staff["head"], "today": TODAY, "application_id": made.pk}
    with pytest.raises(review.ReasonNeeded):
        services.decline(**told, reason="")
    assert services.decline(**told, reason="非支持行业").state == "REJECTED"
    with pytest.raises(WrongState):
        services.decline(**told, reason="非支持行业")


def test_the_same_sending_again_changes_nothing_and_another_is_refused(staff):
    firm = applicant()
    made = make_received(applicant=firm, bank_reference="HX-1")
    before = trail.of(made.subject).count()
    assert make_received(applicant=firm, bank_reference="HX-1") == made
    assert trail.of(made.subject).count() == before
    with pytest.raises(writing.BankReferenceTaken, match=made.number):
        make_received(applicant=firm, bank_reference="HX-1", amount_fen=LOAN_FEN - 1)
    with pytest.raises(writing.BankReferenceTaken):
        make_received(applicant=applicant(), bank_reference="HX-1")
    assert make_received(applicant=firm, bank_reference="HX-1", bank_code=OTHER_BANK).number == "SQ2026-000002"
    with pytest.raises(writing.BankReferenceMissing):
        make_received(bank_reference=" ")


def test_what_a_bank_sends_in_vain_leaves_nothing(staff):
    firm = applicant()
    with pytest.raises(limits.TermTooLong):
        make_received(applicant=firm, term_months=99)
    assert not customers.Customer.objects.filter(id_number=firm.id_number).exists()


def test_a_bank_sees_what_it_lends_on_and_nothing_else(staff):
    ours, theirs = make_received(), make_received(bank_code=OTHER_BANK)
    draft = make_application()
    assert queries.for_bank(BANK) == [ours]
    assert queries.one_for_bank(BANK, ours.pk) == ours
    for hidden in (theirs.pk, draft.pk, 999_999):
        with pytest.raises(writing.NoSuchApplication):
            queries.one_for_bank(BANK, hidden)
    told = {"actor": bank(), "today": TODAY}
    with pytest.raises(writing.NoSuchApplication):
        services.withdraw(**told, application_id=theirs.pk, bank_code=BANK)
    services.take_up(actor=staff["manager"], today=TODAY, application_id=ours.pk)
    with pytest.raises(review.OnlyItsBank):
        services.withdraw(**told, application_id=ours.pk, bank_code=BANK)


def test_a_bank_pages_by_the_last_id(member, django_assert_num_queries):
    made = [make_received() for _ in range(5)]
    with django_assert_num_queries(1):
        page = queries.for_bank(BANK, limit=2)
        assert [row.customer.name for row in page]
    assert page == made[:2:-1]
    assert queries.for_bank(BANK, after=page[-1].pk, limit=2) == made[2:0:-1]


def test_lists_cost_one_query(staff, django_assert_num_queries):
    for _ in range(4):
        make_application()
    with django_assert_num_queries(1):
        rows = list(queries.find(staff["risk"], q="SQ2026", state="DRAFT", product="WORKING_CAPITAL", bank=BANK))
        assert len([(row.customer.name, row.product.label, row.owner.name) for row in rows]) == 4


def test_steps_and_timeline_tell_the_whole_review(staff):
    made = make_approved()
    bar = queries.steps(made)
    assert [step["state"] for step in bar if step["state"] != "skipped"] == ["done"] * 7 + ["now"]
    assert [step["label"] for step in bar if step["state"] == "skipped"] == ["审保会"]
    told = queries.timeline(made)
    assert told == sorted(told, key=lambda entry: entry.at, reverse=True)
    assert {entry.who for entry in told} >= {staff[key].name for key in ("manager", "head", "executive")}
    assert Application.objects.get(pk=made.pk).state == "APPROVED"


def test_a_reviewer_sees_what_he_is_asked_to_sign(staff):
    made = make_application(actor=staff["manager"], state="IN_REVIEW")
    with pytest.raises(writing.NoSuchApplication):
        queries.one_to_sign(staff["manager2"], made.pk, TODAY)
    assert queries.one_to_sign(staff["head"], made.pk, TODAY) == made


def test_who_sees_all_sees_all_with_what_waits(staff):
    staff["executive"].roles.add(*staff["manager"].roles.all())
    seats = people()
    waiting, own, other = make_received(), make_application(), make_application(actor=seats["manager2"])
    assert list(queries.book(seats["executive"])) == [other, own, waiting]
    assert list(queries.book(seats["head"])) == [other, own, waiting]
    assert list(queries.book(seats["manager"])) == [own, waiting]
    assert list(queries.book(seats["risk"])) == [other, own, waiting]
