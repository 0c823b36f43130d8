"""Accounts current: opening, rows, closing; agreed, locked, paid; what comes late stands in the next."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.cash import services as cash
from kernel.flow import WrongState
from kernel.letters import LETTERS, StatementAnswered
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.settlements import papers, queries, services
from reguarantee.settlements.models import Row, Statement
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.settlements.conftest import APRIL, MARCH, MAY, came, expect, went

People = dict[str, User]


def draft(people: People, period: str = "2026-03", *, party: str = ANHE, today: date = APRIL) -> Statement:
    return services.draft(actor=people["accountant"], today=today, counterparty=party, period=period)


def answer(statement: Statement, *, sender: str = ANHE, agreed: bool = True, disputes: Any = ()) -> None:
    letter = StatementAnswered(statement_no=statement.number, agreed=agreed, disputes=disputes, answered_on=APRIL)
    services.open_statement_answered(letter, sender=sender, actor=Actor("LETTER", sender), today=APRIL)
    statement.refresh_from_db()


def issued(people: People, **more: Any) -> Statement:
    made = draft(people, **more)
    return services.issue(actor=people["accountant"], today=more.get("today", APRIL), statement_id=made.pk)


def locked(people: People, **more: Any) -> Statement:
    made = issued(people, **more)
    answer(made)
    return services.lock(actor=people["executive"], today=more.get("today", APRIL), statement_id=made.pk)


def told() -> list[Any]:
    with inside(PUBLIC):
        rows = list(Letter.objects.filter(kind="STATEMENT_ISSUED").order_by("id"))
    return [LETTERS[row.kind].read(json.loads(row.body)) for row in rows]


@pytest.fixture
def march(people: People) -> People:
    """The member owes 600 of premium and has paid 400; the group owes 1,000 of a claim and has paid it."""
    expect(people, "premium:ANHE:1", "IN", 600)
    came(people, "premium:ANHE:1", 400)
    expect(people, "claim:ANHE:1", "OUT", 1_000)
    went(people, "claim:ANHE:1")
    expect(people, "fund-claim:NFGF:1", "IN", 800, party="NFGF")
    return people


def test_opening_rows_and_closing(march: People) -> None:
    made = draft(march)
    rows = [(row.key, row.due_fen, row.moved_fen) for row in queries.rows(made.pk)]
    assert sorted(rows) == [
        ("claim:ANHE:1", -1_000, 0),
        ("claim:ANHE:1", 0, -1_000),
        ("premium:ANHE:1", 0, 400),
        ("premium:ANHE:1", 600, 0),
    ]
    assert (made.opening_fen, made.closing_fen, made.kind) == (0, 200, "MEMBER")
    assert draft(march).pk == made.pk, "drafting again gathers the same"
    assert Row.objects.count() == 4


def test_agreed_locked_and_paid(march: People) -> None:
    made = issued(march)
    assert (made.state, made.confirm_by) == ("ISSUED", date(2026, 4, 20))
    answer(made)
    answer(made)
    assert (made.state, made.confirmed_on) == ("CONFIRMED", APRIL)
    with pytest.raises(MissingPermission):
        services.lock(actor=march["accountant"], today=APRIL, statement_id=made.pk)
    made = services.lock(actor=march["executive"], today=APRIL, statement_id=made.pk)
    with pytest.raises(services.StillOpen):
        services.pay(actor=march["accountant"], today=APRIL, statement_id=made.pk)
    assert services.mark_paid(today=APRIL) == 0
    came(march, "premium:ANHE:1", 200, on=APRIL)
    assert services.mark_paid(today=APRIL) == 1
    made.refresh_from_db()
    assert (made.state, made.paid_on) == ("PAID", APRIL)
    assert [letter.status for letter in told()] == ["DRAFTED", "LOCKED", "PAID"]
    assert (told()[0].closing_fen, len(told()[0].rows)) == (200, 4)


def test_what_is_booked_late_stands_in_the_next_period(march: People) -> None:
    """The locked period keeps its closing; the next one opens with it and takes the late row."""
    first = locked(march)
    expect(march, "premium:ANHE:2", "IN", 50, on=MARCH)
    came(march, "premium:ANHE:1", 200, on=APRIL)
    second = draft(march, "2026-04", today=MAY)
    assert (second.opening_fen, second.closing_fen) == (200, 50)
    assert {row.key for row in queries.rows(second.pk)} == {"premium:ANHE:1", "premium:ANHE:2"}
    first.refresh_from_db()
    assert first.closing_fen == 200
    services.issue(actor=march["accountant"], today=MAY, statement_id=second.pk)
    answer(second)
    services.lock(actor=march["executive"], today=MAY, statement_id=second.pk)
    for period in ("2026-02", "2026-04", "2026-Q1"):
        with pytest.raises(services.drafting.PeriodDone):
            draft(march, period, today=MAY)


def test_a_reversal_after_the_lock_is_in_the_next(march: People) -> None:
    locked(march)
    movement = next(row.movement for row in cash_parts("premium:ANHE:1"))
    cash.reverse(actor=march["accountant"], today=APRIL, movement_id=movement.pk, reason="退票")
    second = draft(march, "2026-04", today=MAY)
    assert (second.opening_fen, second.closing_fen) == (200, 600)


def cash_parts(key: str) -> Any:
    from kernel.cash import queries as money

    return money.due(key).allocations.select_related("movement")


def test_a_dispute_names_rows_and_is_mended(march: People) -> None:
    made = issued(march)
    answer(made, agreed=False, disputes=({"key": "premium:ANHE:1", "text": "金额不符"},))
    assert made.state == "DISPUTED"
    assert queries.disputes(made) == [{"key": "premium:ANHE:1", "text": "金额不符"}]
    cash.change(actor=march["cashier"], today=MARCH, key="premium:ANHE:1", by_fen=-100, why="更正")
    made = services.redraft(actor=march["accountant"], today=APRIL, statement_id=made.pk)
    assert (made.state, made.closing_fen, queries.disputes(made)) == ("DRAFTED", 100, [])
    services.issue(actor=march["accountant"], today=APRIL, statement_id=made.pk)
    answer(made)
    assert made.state == "CONFIRMED"


def test_an_answer_to_the_draft_before_confirms_nothing(march: People) -> None:
    made = issued(march)
    letter = StatementAnswered(statement_no=made.number, agreed=True, answered_on=APRIL, closing_fen=199)
    services.open_statement_answered(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=APRIL)
    made.refresh_from_db()
    assert made.state == "ISSUED"


def test_a_neighbour_cannot_answer(march: People) -> None:
    made = issued(march)
    with pytest.raises(services.NotTheirs):
        answer(made, sender=BOYU)
    assert made.state == "ISSUED"


def test_a_fund_confirms_on_paper(march: People) -> None:
    made = issued(march, party="NFGF")
    assert (made.kind, made.closing_fen) == ("FUND", 800)
    with pytest.raises(services.agreeing.PaperNeeded):
        services.confirm_on_paper(actor=march["accountant"], today=APRIL, statement_id=made.pk, paper=" ")
    made = services.confirm_on_paper(actor=march["accountant"], today=APRIL, statement_id=made.pk, paper="基金函3号")
    assert (made.state, made.confirmed_by) == ("CONFIRMED", "基金函3号")
    assert told() == [], "a fund has no house to tell"
    member = issued(march)
    with pytest.raises(services.agreeing.ByLetter):
        services.confirm_on_paper(actor=march["accountant"], today=APRIL, statement_id=member.pk, paper="函")


@pytest.mark.parametrize("period", ["2026", "2026-13", "2026-Q5", "26-03", "2026-3", "", "2026-03x"])
def test_what_is_no_period(people: People, period: str) -> None:
    with pytest.raises(services.BadPeriod):
        draft(people, period)


def test_a_period_ends_before_it_is_drafted_and_one_is_open_at_a_time(march: People) -> None:
    with pytest.raises(services.PeriodNotOver):
        draft(march, "2026-04", today=date(2026, 4, 30))
    made = issued(march)
    with pytest.raises(services.PeriodOpen):
        draft(march, "2026-04", today=MAY)
    with pytest.raises(WrongState):
        services.lock(actor=march["executive"], today=APRIL, statement_id=made.pk)
    with pytest.raises(services.NoSuchStatement):
        services.issue(actor=march["accountant"], today=APRIL, statement_id=0)


def test_a_quarter_holds_its_three_months(march: People) -> None:
    made = draft(march, "2026-Q1")
    assert (made.from_on, made.to_on, made.closing_fen) == (date(2026, 1, 1), date(2026, 3, 31), 200)


def test_the_one_who_drafted_does_not_lock(march: People) -> None:
    made = issued(march)
    answer(made)
    march["accountant"].roles.add(*march["executive"].roles.all())
    both = User.objects.get(pk=march["accountant"].pk)
    with pytest.raises(services.SamePerson):
        services.lock(actor=both, today=APRIL, statement_id=made.pk)


def test_a_locked_account_never_changes(march: People) -> None:
    made = locked(march)
    for work in (
        lambda: Statement.objects.filter(pk=made.pk).update(closing_fen=1),
        lambda: Row.objects.filter(statement=made).update(due_fen=1),
        lambda: Row.objects.filter(statement=made).delete(),
        lambda: made.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            work()


def test_who_owes_whom(march: People) -> None:
    assert queries.accounts(today=MAY) == [
        {"counterparty": ANHE, "in_fen": 200, "out_fen": 0, "late_fen": 200},
        {"counterparty": "NFGF", "in_fen": 800, "out_fen": 0, "late_fen": 800},
    ]


def test_the_paper_is_a_pdf_and_the_lists_ask_once(march: People) -> None:
    made = draft(march)
    assert papers.statement(made, list(queries.rows(made.pk))).startswith(b"%PDF-")
    with CaptureQueriesContext(connection) as seen:
        list(queries.listing())
        list(queries.rows(made.pk))
        queries.accounts(today=MAY)
    assert len(seen) == 3
