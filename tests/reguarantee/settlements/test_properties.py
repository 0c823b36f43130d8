"""Whatever happens in whatever order: opening plus rows is closing, each record stands once, the last closing is what is open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.calendar import add_months
from kernel.cash import services as cash
from kernel.cash.models import Allocation, Due, DueLine, Movement
from kernel.letters import StatementAnswered
from reguarantee.settlements import services
from reguarantee.settlements.models import Row, Statement
from tests.factories.houses import ANHE
from tests.kernel.cash.conftest import ACCOUNT
from tests.reguarantee.settlements.conftest import expect

EVENTS = st.lists(
    st.tuples(st.sampled_from(["owe", "own", "more", "come", "go", "reverse", "unmatch", "close"]), st.integers(1, 900)),
    min_size=4,
    max_size=30,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=EVENTS)
def test_the_accounts_run_on(people: dict[str, User], events: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        month = date(2026, 3, 1)
        for place, (event, fen) in enumerate([*events, ("close", 0)]):
            _happen(people, event, fen, place, month)
            if event == "close":
                _close(people, f"{month:%Y-%m}", today=add_months(month, 1))
                # Now and then a month passes without an account current.
                month = add_months(month, 1 + fen % 2)
        statements = list(Statement.objects.order_by("to_on"))
        balance = 0
        for statement in statements:
            rows = list(statement.rows.all())
            assert statement.opening_fen == balance
            balance += sum(row.due_fen - row.moved_fen for row in rows)
            assert statement.closing_fen == balance
        dues = list(Due.objects.all())
        assert balance == sum(due.open_fen if due.direction == "IN" else -due.open_fen for due in dues)
        sources = [f"line:{pk}" for pk in DueLine.objects.values_list("pk", flat=True)]
        sources += [f"allocation:{pk}" for pk in Allocation.objects.values_list("pk", flat=True)]
        assert sorted(Row.objects.values_list("source", flat=True)) == sorted(sources)
        transaction.set_rollback(True)


def _happen(people: dict[str, User], event: str, fen: int, place: int, today: date) -> None:
    told: dict[str, Any] = {"actor": people["cashier"], "today": today}
    into, out = (Due.objects.filter(direction=way).order_by("id") for way in ("IN", "OUT"))
    movement = Movement.objects.filter(reverses=None, reversed_by=None).order_by("id").last()
    if event in ("owe", "own"):
        expect(people, f"{event}:{place}", "IN" if event == "owe" else "OUT", fen, on=today)
    elif event == "more" and (due := into.last()):
        cash.change(**told, key=due.key, by_fen=fen, why="x")
    elif event == "come":
        cash.receive(**told, counterparty=ANHE, fen=fen, on=today, voucher_no=f"R{place}", key=getattr(into.last(), "key", ""))
    elif event == "go" and (due := out.last()) and due.open_fen:
        order = cash.prepare(**told, key=due.key, fen=min(fen, due.open_fen), **ACCOUNT)
        cash.confirm(actor=people["accountant"], today=today, order_id=order.pk, voucher_no=f"F{place}")
    elif event == "reverse" and movement:
        cash.reverse(actor=people["accountant"], today=today, movement_id=movement.pk, reason="x")
    elif event == "unmatch" and movement and movement.direction == "IN":
        matched = movement.allocations.values("due__key").annotate(total=Sum("fen")).filter(total__gt=0)
        for row in matched:
            cash.unmatch(**told, movement_id=movement.pk, key=row["due__key"], reason="x")


def _close(people: dict[str, User], period: str, *, today: date) -> None:
    """A period drafted, confirmed and locked."""
    made = services.draft(actor=people["accountant"], today=today, counterparty=ANHE, period=period)
    services.issue(actor=people["accountant"], today=today, statement_id=made.pk)
    letter = StatementAnswered(statement_no=made.number, agreed=True, answered_on=today, closing_fen=made.closing_fen)
    services.open_statement_answered(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=today)
    services.lock(actor=people["executive"], today=today, statement_id=made.pk)
