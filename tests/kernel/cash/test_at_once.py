"""Two people at the same moment: one is served, the other hears what has become of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kernel.access.models import User
from kernel.cash import queries, services
from kernel.cash.models import Movement, Order
from registry.tenancy import inside
from tests.factories.houses import GROUP, house, staff
from tests.factories.races import at_once, codes
from tests.kernel.cash.conftest import ACCOUNT, TODAY, expected, paid, received

ROUNDS = 20


@pytest.fixture
def people(fresh_database: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        yield staff(GROUP)


def test_two_confirmations_pay_once(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        key = expected(people["cashier"], key=f"claim:ANHE:{number}").key
        order = services.prepare(actor=people["cashier"], today=TODAY, key=key, **ACCOUNT)

        def confirm(voucher: str, order: Order = order) -> Callable[[], Any]:
            return lambda: services.confirm(actor=people["accountant"], today=TODAY, order_id=order.id, voucher_no=voucher)

        assert codes(at_once(GROUP, confirm(f"A-{number}"), confirm(f"B-{number}"))) == ["", "ORDER_SETTLED"]
        assert queries.due(key).moved_fen == 1_000
    assert Movement.objects.count() == ROUNDS


def test_two_prepare_one_payment(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        key = expected(people["cashier"], key=f"claim:ANHE:{number}").key

        def prepare(key: str = key) -> Any:
            return services.prepare(actor=people["cashier"], today=TODAY, key=key, **ACCOUNT)

        assert codes(at_once(GROUP, prepare, prepare)) == ["", "ORDER_OPEN"]


def test_one_transfer_registered_by_two(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        key = expected(people["cashier"], key=f"premium:ANHE:{number}", direction="IN", purpose="PREMIUM").key

        def receive(key: str = key, number: int = number) -> Any:
            return received(people, fen=700, key=key, voucher_no=f"R-{number}")

        assert codes(at_once(GROUP, receive, receive)) == ["", ""]
        assert queries.due(key).moved_fen == 700
    assert Movement.objects.count() == ROUNDS


def test_reversed_by_two_and_matched_by_two(people: dict[str, User]) -> None:
    for number in range(ROUNDS):
        key = expected(people["cashier"], key=f"claim:ANHE:{number}").key
        movement = paid(people, key, voucher_no=f"V-{number}")

        def undo(movement: Movement = movement) -> Any:
            return services.reverse(actor=people["accountant"], today=TODAY, movement_id=movement.id, reason="付错户")

        assert codes(at_once(GROUP, undo, undo)) == ["", "MOVEMENT_REVERSED"]
        assert queries.due(key).moved_fen == 0
        due = expected(people["cashier"], key=f"premium:ANHE:{number}", direction="IN", purpose="PREMIUM").key
        receipt = received(people, fen=800, voucher_no=f"R-{number}")

        def match(due: str = due, receipt: Movement = receipt) -> Any:
            return services.allocate(actor=people["cashier"], today=TODAY, movement_id=receipt.id, key=due, fen=800)

        assert codes(at_once(GROUP, match, match)) == ["", "BAD_AMOUNT"]
        assert queries.due(due).moved_fen == 800
