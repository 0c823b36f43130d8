"""A member's premium lists and bills: read once, compared with our books, answered, paid by two people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.cash import queries as money
from kernel.cash import services as cash
from tenants.cessions import queries, services
from tenants.cessions.models import Bill, PremiumList
from tenants.guarantees.models import Guarantee
from tests.factories.members import make_guarantee
from tests.tenants.cessions.letters import APRIL, arrived, billed, credited, listed, posted, read, row, statement, with_bill

Staff = dict[str, User]


def kept(*rows: dict) -> PremiumList:
    read(services.open_premium_list, listed(*rows))
    return queries.premium_list(PremiumList.objects.get().pk)


def in_force(**changes: object) -> Guarantee:
    made = make_guarantee(state="IN_FORCE", today=date(2026, 3, 1))
    Guarantee.objects.filter(pk=made.pk).update(
        **{"coverage": "COVERED", "ceded_fen": 200_000_000, "filing_status": "CONFIRMED", "number": "DB-1", **changes}
    )
    return Guarantee.objects.get(pk=made.pk)


def test_a_list_is_read_once_and_anew_when_it_changes(staff: Staff) -> None:
    """FEE-12: the same letter again changes nothing; another one replaces the rows and can be answered anew."""
    first = kept()
    read(services.open_premium_list, listed(), today=date(2026, 4, 5))
    assert (queries.premium_list(first.pk).round, first.premium_fen, first.count) == (1, 600_000, 1)
    services.answer_list(actor=staff["operations"], today=APRIL, list_id=first.pk, disputes={first.rows.get().pk: "金额不符"})
    read(services.open_premium_list, listed(row(premium_fen=300_000, answer="已减半")))
    again = queries.premium_list(first.pk)
    assert (again.state, again.round, again.premium_fen, again.rows.get().answer) == ("ISSUED", 2, 300_000, "已减半")


def test_an_answer_goes_to_the_group_once(staff: Staff) -> None:
    """FEE-12: confirmed, or disputed by row; the second of two people hears that it is answered."""
    mine = kept(row(), row(item=8, guarantee_id=2, number="DB-2"))
    with pytest.raises(MissingPermission):
        services.answer_list(actor=staff["risk"], today=APRIL, list_id=mine.pk)
    second = mine.rows.get(guarantee_id=2)
    with pytest.raises(services.DisputeEmpty):
        services.answer_list(actor=staff["operations"], today=APRIL, list_id=mine.pk, disputes={second.pk: "  "})
    services.answer_list(actor=staff["operations"], today=APRIL, list_id=mine.pk, disputes={second.pk: "未放款"})
    with pytest.raises(services.AnsweredAlready):
        services.answer_list(actor=staff["executive"], today=APRIL, list_id=mine.pk)
    (body,) = posted("PREMIUM_LIST_ANSWERED")
    assert (body["agreed"], body["disputes"]) == (False, [{"guarantee_id": 2, "item": 8, "text": "未放款"}])
    assert body["premium_fen"] == 1_200_000


def test_rows_are_compared_with_our_guarantees(staff: Staff, django_assert_num_queries) -> None:
    """FEE-12: each row beside our own books: what is wrong is named."""
    mine = in_force()
    ours = {"guarantee_id": mine.pk, "number": mine.number, "to": mine.due_on.isoformat()}
    rows = [
        row(**ours),
        row(**{**ours, "number": "DB-X"}),
        row(**{**ours, "ceded_fen": 300_000_000}),
        row(**{**ours, "from": "2026-02-01"}),
        row(**{**ours, "premium_fen": 700_000}),
        row(guarantee_id=99_999, number="DB-9"),
        row(**{**ours, "kind": "CORRECTION", "premium_fen": -5}),
    ]
    listed_rows = kept(*rows)
    with django_assert_num_queries(3):
        checks = [entry.check for entry in queries.checked(listed_rows)]
    assert checks == ["", "NUMBER", "CEDED", "DAYS", "AMOUNT", "UNKNOWN", ""]
    Guarantee.objects.update(coverage="UNCOVERED", ceded_fen=0)
    assert queries.checked(listed_rows)[0].check == "NOT_CEDED"


def test_a_bill_is_paid_by_two_people_and_told(staff: Staff) -> None:
    """FEE-13: prepared by one, confirmed by another with the bank's number; the group is told that it was sent."""
    bill = with_bill()
    read(services.open_bill, billed())
    assert Bill.objects.count() == 1 and money.due(bill.key).fen == 600_000
    account = {"account_name": "再担保集团", "account_no": "6222", "account_bank": "华星银行"}
    order = cash.prepare(actor=staff["operations"], today=APRIL, key=bill.key, **account)
    with pytest.raises(MissingPermission):
        cash.confirm(actor=staff["operations"], today=APRIL, order_id=order.pk, voucher_no="V-1")
    cash.confirm(actor=staff["executive"], today=APRIL, order_id=order.pk, voucher_no="V-1")
    assert queries.bill(bill.pk).open_fen == 0
    (body,) = posted("MONEY_REPORTED")
    assert (body["key"], body["fen"], body["said"], body["voucher_no"]) == (bill.key, 600_000, "SENT", "V-1")
    read(services.open_money_reported, arrived(600_000))
    read(services.open_money_reported, arrived(600_000))
    assert money.board(today=APRIL, key=bill.key).get().reported_fen == 600_000
    read(services.open_bill, billed(status="SETTLED"))
    assert queries.bill(bill.pk).status == "SETTLED"


@pytest.mark.parametrize(
    ("paid", "refund_told", "due", "expected"),
    [
        (0, 0, 400_000, 0),
        (500_000, 100_000, 500_000, 100_000),
        (600_000, 200_000, 600_000, 200_000),
        (600_000, 0, 600_000, 200_000),
    ],
)
def test_a_credit_note_lowers_and_refunds(staff: Staff, paid: int, refund_told: int, due: int, expected: int) -> None:
    """FEE-14: what is open falls, what was paid comes back, also what we paid while the note was on its way."""
    bill = with_bill()
    account = {"account_name": "集团", "account_no": "1", "account_bank": "华星"}
    if paid:
        order = cash.prepare(actor=staff["operations"], today=APRIL, key=bill.key, fen=paid, **account)
        cash.confirm(actor=staff["executive"], today=APRIL, order_id=order.pk, voucher_no="V-1")
    if paid < 600_000:
        cash.prepare(actor=staff["operations"], today=APRIL, key=bill.key, **account)
    note = credited(200_000, refund=refund_told)
    read(services.open_bill, note)
    read(services.open_bill, note)
    assert money.due(bill.key).fen == due
    back = money.dues(purposes=("PREMIUM_REFUND",)).first()
    assert (back.fen if back else 0) == expected
    # What waited for its second person was prepared for a sum that is no longer due.
    assert not money.orders().exists()


def test_silence_shows_when_the_bill_comes(staff: Staff) -> None:
    mine = kept()
    with_bill()
    assert queries.premium_list(mine.pk).state == "AGREED"


def test_a_bill_in_arrears_stands_over_the_pages(staff: Staff) -> None:
    """The stop is seen until the bill is settled."""
    with_bill()
    assert not queries.banner().shown
    read(services.open_bill, billed(status="OVERDUE"))
    assert not queries.banner().stops
    read(services.open_bill, billed(status="OVERDUE", stops=True))
    assert [bill.number for bill in queries.banner().bills] == ["BF2026-000001"] and queries.banner().stops
    read(services.open_bill, billed(status="SETTLED"))
    assert not queries.banner().shown


def test_an_account_is_compared_and_answered(staff: Staff, django_assert_num_queries) -> None:
    """The member's side of a statement: our books beside it, disputed by row, answered once; sent anew: answered anew."""
    bill = with_bill()
    read(services.open_statement, statement())
    mine = queries.statements().get()
    with django_assert_num_queries(4):
        rows = queries.compared(mine)
    assert [(entry.key, entry.agrees) for entry in rows] == [(bill.key, True), ("claim:ANHE:BC-1", False)]
    services.answer_statement(actor=staff["operations"], today=APRIL, statement_id=mine.pk, disputes={rows[1].pk: "无此笔"})
    with pytest.raises(services.StatementNotOpen):
        services.answer_statement(actor=staff["executive"], today=APRIL, statement_id=mine.pk)
    (body,) = posted("STATEMENT_ANSWERED")
    assert (body["agreed"], body["disputes"]) == (False, [{"key": "claim:ANHE:BC-1", "text": "无此笔"}])
    read(services.open_statement, replace(statement(), rows=statement().rows[:1], closing_fen=600_000))
    services.answer_statement(actor=staff["executive"], today=APRIL, statement_id=mine.pk)
    read(services.open_statement, replace(statement(), rows=statement().rows[:1], closing_fen=600_000, status="LOCKED"))
    mine.refresh_from_db()
    assert (mine.status, mine.answer) == ("LOCKED", "AGREED")


def test_a_draft_drawn_up_anew_as_it_was_is_answered_again(staff: Staff) -> None:
    """Our yes reached the group between two drafts that are the same: it is told once more, and nobody waits for ever."""
    with_bill()
    read(services.open_statement, statement())
    mine = queries.statements().get()
    services.answer_statement(actor=staff["operations"], today=APRIL, statement_id=mine.pk)
    read(services.open_statement, statement())
    assert [body["agreed"] for body in posted("STATEMENT_ANSWERED")] == [True, True]
    read(services.open_statement, statement(status="LOCKED"))
    read(services.open_statement, statement(status="LOCKED"))
    assert len(posted("STATEMENT_ANSWERED")) == 2


def test_a_list_drawn_up_anew_as_it_was_is_answered_again(staff: Staff) -> None:
    """FEE-12: the same list comes again after our yes, which the group may have missed: the yes is told once more."""
    mine = kept()
    read(services.open_premium_list, listed())
    assert posted("PREMIUM_LIST_ANSWERED") == []
    services.answer_list(actor=staff["operations"], today=APRIL, list_id=mine.pk)
    read(services.open_premium_list, listed())
    assert [body["agreed"] for body in posted("PREMIUM_LIST_ANSWERED")] == [True, True]
