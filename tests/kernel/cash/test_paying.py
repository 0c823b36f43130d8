"""Payments: two people, one open order, and what a reversal leaves behind."""

from datetime import timedelta

import pytest

from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.audit.models import Entry
from kernel.cash import listeners, queries, services
from kernel.cash.models import Movement, Order
from tests.kernel.cash.conftest import ACCOUNT, TODAY, expected, paid, received

People = dict[str, User]


def test_two_people_pay(people: People) -> None:
    """FEE-15: the position changes in the moment of the confirmation; the one who prepared cannot confirm."""
    due = expected(people["cashier"])
    order = services.prepare(actor=people["cashier"], today=TODAY, key=due.key, **ACCOUNT)
    with pytest.raises(MissingPermission):
        services.confirm(actor=people["cashier"], today=TODAY, order_id=order.id, voucher_no="V-1")
    assert queries.due(due.key).open_fen == 1_000
    movement = services.confirm(actor=people["accountant"], today=TODAY, order_id=order.id, voucher_no="V-1")
    assert (movement.fen, movement.counterparty, queries.due(due.key).open_fen) == (1_000, "ANHE", 0)
    with pytest.raises(services.OrderSettled):
        services.confirm(actor=people["accountant"], today=TODAY, order_id=order.id, voucher_no="V-2")
    assert Entry.objects.filter(act="cash.move").count() == 1


def test_nobody_confirms_what_he_prepared_even_with_both_rights(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    due, both = expected(people["cashier"]), people["accountant"]
    monkeypatch.setattr(User, "permission_codes", frozenset({"cash.prepare", "cash.confirm"}))
    order = services.prepare(actor=both, today=TODAY, key=due.key, **ACCOUNT)
    with pytest.raises(services.SamePerson):
        services.confirm(actor=both, today=TODAY, order_id=order.id, voucher_no="V-1")


def test_one_payment_of_a_due_waits_at_a_time(people: People) -> None:
    due = expected(people["cashier"])
    first = services.prepare(actor=people["cashier"], today=TODAY, key=due.key, fen=400, **ACCOUNT)
    with pytest.raises(services.OrderOpen):
        services.prepare(actor=people["cashier"], today=TODAY, key=due.key, fen=600, **ACCOUNT)
    with pytest.raises(services.OrderOpen):
        services.change(actor=people["cashier"], today=TODAY, key=due.key, by_fen=-700, why="netted")
    with pytest.raises(services.ReasonNeeded):
        services.cancel(actor=people["cashier"], today=TODAY, order_id=first.id, reason=" ")
    with pytest.raises(MissingPermission):
        services.cancel(actor=people["filing"], today=TODAY, order_id=first.id, reason="nosy")
    services.cancel(actor=people["cashier"], today=TODAY, order_id=first.id, reason="账号有误")
    with pytest.raises(services.OrderSettled):
        services.confirm(actor=people["accountant"], today=TODAY, order_id=first.id, voucher_no="V-1")
    assert paid(people, due.key).fen == 1_000
    assert set(Order.objects.values_list("state", flat=True)) == {"CANCELLED", "CONFIRMED"}


@pytest.mark.parametrize("fen", [0, -1, 1_001])
def test_a_payment_is_above_nothing_and_within_the_due(people: People, fen: int) -> None:
    due = expected(people["cashier"])
    with pytest.raises(services.BadAmount):
        services.prepare(actor=people["cashier"], today=TODAY, key=due.key, fen=fen, **ACCOUNT)


def test_what_is_due_to_us_is_not_paid(people: People) -> None:
    due = expected(people["cashier"], direction="IN")
    with pytest.raises(services.BadAmount):
        services.prepare(actor=people["cashier"], today=TODAY, key=due.key, **ACCOUNT)


@pytest.mark.parametrize("missing", list(ACCOUNT))
def test_the_account_is_complete(people: People, missing: str) -> None:
    due = expected(people["cashier"])
    with pytest.raises(services.AccountMissing) as refusal:
        services.prepare(actor=people["cashier"], today=TODAY, key=due.key, **{**ACCOUNT, missing: " "})
    assert refusal.value.field == missing


def test_a_payment_carries_its_transfer_and_is_not_of_tomorrow(people: People) -> None:
    due = expected(people["cashier"])
    order = services.prepare(actor=people["cashier"], today=TODAY, key=due.key, **ACCOUNT)
    told = {"actor": people["accountant"], "today": TODAY, "order_id": order.id}
    with pytest.raises(services.VoucherNeeded):
        services.confirm(**told, voucher_no=" ")
    with pytest.raises(services.MoneyFromTheFuture):
        services.confirm(**told, voucher_no="V-1", on=TODAY + timedelta(days=1))
    services.confirm(**told, voucher_no="V-1")
    other = expected(people["cashier"], key="claim:ANHE:2")
    with pytest.raises(services.VoucherUsed):
        paid(people, other.key)


def test_a_reversal_opens_the_due_and_frees_the_transfer(people: People) -> None:
    """FEE-14: the opposite entry never exceeds what was paid; the transfer can be booked again as it was."""
    due = expected(people["cashier"])
    movement = paid(people, due.key)
    with pytest.raises(services.ReasonNeeded):
        services.reverse(actor=people["accountant"], today=TODAY, movement_id=movement.id, reason="")
    opposite = services.reverse(actor=people["accountant"], today=TODAY, movement_id=movement.id, reason="付错户")
    assert (opposite.fen, opposite.reverses_id, queries.due(due.key).open_fen) == (-1_000, movement.id, 1_000)
    for again in (movement, opposite):
        with pytest.raises(services.Reversed):
            services.reverse(actor=people["accountant"], today=TODAY, movement_id=again.id, reason="again")
    assert paid(people, due.key).attempt == 1
    assert queries.due(due.key).open_fen == 0
    assert sum(Movement.objects.values_list("fen", flat=True)) == 1_000


def test_rooms_hear_of_each_movement_and_can_refuse_it(people: People) -> None:
    heard: list[tuple[str, int]] = []
    listeners.register("TRIP", lambda *, due, allocation, **_: heard.append((due.key, allocation.fen)), direction="OUT")
    listeners.register("TRIP", lambda **_: heard.append(("wrong way", 0)), direction="IN")
    due = expected(people["cashier"], key="trip", purpose="TRIP")
    movement = paid(people, due.key)
    services.reverse(actor=people["accountant"], today=TODAY, movement_id=movement.id, reason="付错户")
    assert heard == [("trip", 1_000), ("trip", -1_000)]

    def refuse(**_: object) -> None:
        raise services.BadAmount(most="0")

    listeners.register("TRIP", refuse)
    with pytest.raises(services.BadAmount):
        paid(people, due.key, voucher_no="V-2")
    assert queries.due(due.key).open_fen == 1_000
    assert not Movement.objects.filter(voucher_no="V-2").exists()


def test_the_same_event_is_expected_once(people: People) -> None:
    due = expected(people["cashier"])
    assert expected(people["cashier"]).id == due.id
    for other in ({"fen": 999}, {"counterparty": "BOYU"}, {"direction": "IN"}, {"purpose": "PREMIUM"}):
        with pytest.raises(services.DueExists):
            expected(people["cashier"], **other)
    services.change(actor=people["cashier"], today=TODAY, key=due.key, by_fen=-400, why="netted")
    assert expected(people["cashier"]).fen == 600, "the first amount is the event's, the change is ours"
    assert [line.fen for line in due.lines.all()] == [1_000, -400]


def test_a_due_does_not_fall_below_what_moved(people: People) -> None:
    due = expected(people["cashier"])
    paid(people, due.key, fen=700)
    with pytest.raises(services.BelowMoved):
        services.change(actor=people["cashier"], today=TODAY, key=due.key, by_fen=-301, why="netted")
    services.change(actor=people["cashier"], today=TODAY, key=due.key, by_fen=-300, why="netted")
    assert not queries.is_open(due.key)


def test_no_due_no_money(people: People) -> None:
    with pytest.raises(services.BadAmount):
        expected(people["cashier"], fen=-1)
    with pytest.raises(services.NoSuchDue):
        services.prepare(actor=people["cashier"], today=TODAY, key="nothing", **ACCOUNT)
    with pytest.raises(services.NoSuchDue):
        received(people, fen=1, key="nothing")
    with pytest.raises(services.NoSuchMovement):
        services.reverse(actor=people["accountant"], today=TODAY, movement_id=0, reason="nothing")
