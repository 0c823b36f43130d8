"""What the database itself refuses, whoever asks: changed rows, sums that do not add up, one person in two roles."""

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.access.models import User
from kernel.cash import services
from kernel.cash.models import Allocation, Due, DueLine, Movement, Order
from tests.kernel.cash.conftest import ACCOUNT, TODAY, expected, paid, received

People = dict[str, User]


def refused(work: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        work()
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")


@pytest.fixture
def due(people: People) -> Due:
    found = expected(people["cashier"])
    paid(people, found.key, fen=400)
    services.report(counterparty="ANHE", key=found.key, purpose="CLAIM", fen=400, on=TODAY, voucher_no="V-1", said="ARRIVED")
    found.refresh_from_db()
    return found


@pytest.mark.parametrize("table", ["cash_dueline", "cash_report", "cash_movement", "cash_allocation", "cash_due", "cash_order"])
def test_rows_stay(due: Due, table: str) -> None:
    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    refused(lambda: run(f"delete from {table}"))
    refused(lambda: run(f"update {table} set {'fen = fen + 1' if table != 'cash_due' else 'counterparty = $$BOYU$$'}"))


def test_a_due_says_the_sum_of_its_rows(due: Due) -> None:
    refused(lambda: Due.objects.filter(id=due.id).update(fen=2_000))
    refused(lambda: Due.objects.filter(id=due.id).update(moved_fen=500))
    refused(lambda: DueLine.objects.create(due=due, on=TODAY, fen=5, why="", by=""))
    refused(lambda: Allocation.objects.create(movement=Movement.objects.get(), due=due, fen=1, on=TODAY, by=""))


def test_a_movement_is_not_spent_twice(people: People, due: Due) -> None:
    other = expected(people["cashier"], key="premium:ANHE:1", direction="IN", purpose="PREMIUM")
    movement = received(people, fen=300, key=other.key)

    def overspend() -> None:
        Allocation.objects.create(movement=movement, due=other, fen=100, on=TODAY, by="")
        Due.objects.filter(id=other.id).update(moved_fen=400)

    refused(overspend)


def test_signs(due: Due) -> None:
    told = {"direction": "OUT", "counterparty": "ANHE", "on": TODAY, "voucher_no": "X", "by": ""}
    refused(lambda: Movement.objects.create(number="X", fen=-5, **told))
    refused(lambda: Movement.objects.create(number="X", fen=5, reverses=Movement.objects.get(), **told))


def test_one_person_is_not_two(people: People, due: Due) -> None:
    order = services.prepare(actor=people["cashier"], today=TODAY, key=due.key, **ACCOUNT)
    refused(lambda: Order.objects.filter(id=order.id).update(state="CONFIRMED", settled_by_id=people["cashier"].id))
    refused(lambda: Order.objects.filter(id=order.id).update(state="CONFIRMED"))
    refused(lambda: Order.objects.filter(id=order.id).update(account_no="6222999"))
    refused(lambda: Order.objects.filter(id=order.id).update(fen=1))
