"""Receipts: once per transfer, matched to dues of the payer, taken off again, never beyond themselves."""

from datetime import timedelta

import pytest

from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.cash import queries, services
from kernel.cash.models import Movement
from tests.kernel.cash.conftest import TODAY, expected, received

People = dict[str, User]


@pytest.fixture
def due(people: People) -> str:
    return str(expected(people["cashier"], key="premium:ANHE:1", direction="IN", purpose="PREMIUM").key)


def open_fen(key: str) -> int:
    return queries.due(key).open_fen


def test_a_receipt_settles_what_was_expected(people: People, due: str) -> None:
    """FEE-15: what is open falls at once."""
    received(people, fen=400, key=due)
    assert open_fen(due) == 600


def test_one_transfer_is_one_receipt(people: People, due: str) -> None:
    """FEE-13: the same transfer again has no second effect; with other figures it is refused."""
    first = received(people, fen=400, key=due)
    assert received(people, fen=400, key=due).id == first.id
    assert (open_fen(due), Movement.objects.count()) == (600, 1)
    for other in ({"fen": 500}, {"fen": 400, "on": TODAY - timedelta(days=1)}, {"fen": 400, "counterparty": "BOYU"}):
        with pytest.raises(services.VoucherUsed):
            received(people, **other)


def test_more_than_expected_stays_unmatched(people: People, due: str) -> None:
    movement = received(people, fen=1_500, key=due)
    assert open_fen(due) == 0
    (left,) = queries.unallocated()
    assert (left.id, left.fen - left.allocated_fen) == (movement.id, 500)


def test_a_receipt_of_nobody_known_finds_its_due(people: People, due: str) -> None:
    movement = received(people, fen=1_000, counterparty="")
    (left,) = queries.unallocated()
    assert [row.key for row in queries.proposals(left)] == [due]
    services.allocate(actor=people["cashier"], today=TODAY, movement_id=movement.id, key=due, fen=1_000)
    assert (open_fen(due), list(queries.unallocated())) == (0, [])


def test_the_exact_amount_is_proposed_first(people: People, due: str) -> None:
    exact = expected(people["cashier"], key="premium:ANHE:2", fen=700, direction="IN", purpose="PREMIUM", due_on=None).key
    expected(people["cashier"], key="premium:BOYU:1", direction="IN", purpose="PREMIUM", counterparty="BOYU")
    received(people, fen=700)
    assert [row.key for row in queries.proposals(queries.unallocated()[0])] == [exact, due]
    received(people, fen=1_000, counterparty="", voucher_no="R-2")
    known, unknown = queries.proposed(list(queries.unallocated()))
    assert [row.key for row in known[2]] == [exact, due]
    assert [row.key for row in unknown[2]] == [due, "premium:BOYU:1"], "of the exact amount, whoever owes it"


def test_money_of_one_does_not_settle_what_another_owes(people: People, due: str) -> None:
    with pytest.raises(services.OtherParty):
        received(people, fen=100, counterparty="BOYU", key=due)
    movement = received(people, fen=100, counterparty="BOYU")
    with pytest.raises(services.OtherParty):
        services.allocate(actor=people["cashier"], today=TODAY, movement_id=movement.id, key=due, fen=100)
    assert open_fen(due) == 1_000


def test_never_beyond_the_receipt_nor_beyond_the_due(people: People, due: str) -> None:
    small = received(people, fen=300)
    for fen in (0, -1, 301):
        with pytest.raises(services.BadAmount):
            services.allocate(actor=people["cashier"], today=TODAY, movement_id=small.id, key=due, fen=fen)
    large = received(people, fen=5_000, voucher_no="R-2")
    with pytest.raises(services.BadAmount):
        services.allocate(actor=people["cashier"], today=TODAY, movement_id=large.id, key=due, fen=1_001)
    outward = expected(people["cashier"], key="claim:ANHE:9").key
    with pytest.raises(services.BadAmount):
        services.allocate(actor=people["cashier"], today=TODAY, movement_id=large.id, key=outward, fen=1)


def test_a_match_by_mistake_is_taken_off(people: People, due: str) -> None:
    movement = received(people, fen=400, key=due)
    with pytest.raises(services.ReasonNeeded):
        services.unmatch(actor=people["cashier"], today=TODAY, movement_id=movement.id, key=due, reason="")
    services.unmatch(actor=people["cashier"], today=TODAY, movement_id=movement.id, key=due, reason="配错账单")
    assert (open_fen(due), queries.unallocated()[0].id) == (1_000, movement.id)
    with pytest.raises(services.NotSettledSo):
        services.unmatch(actor=people["cashier"], today=TODAY, movement_id=movement.id, key=due, reason="again")
    services.allocate(actor=people["cashier"], today=TODAY, movement_id=movement.id, key=due, fen=400)
    services.reverse(actor=people["accountant"], today=TODAY, movement_id=movement.id, reason="退票")
    assert open_fen(due) == 1_000


def test_a_reversed_receipt_settles_nothing(people: People, due: str) -> None:
    movement = received(people, fen=400)
    services.reverse(actor=people["accountant"], today=TODAY, movement_id=movement.id, reason="退票")
    with pytest.raises(services.Reversed):
        services.allocate(actor=people["cashier"], today=TODAY, movement_id=movement.id, key=due, fen=400)
    assert not queries.unallocated()
    again = received(people, fen=450, key=due)
    assert (again.attempt, open_fen(due)) == (1, 550)


def test_receipts_need_the_right_and_sense(people: People, due: str) -> None:
    with pytest.raises(MissingPermission):
        services.receive(actor=people["filing"], today=TODAY, counterparty="ANHE", fen=1, on=TODAY, voucher_no="R", key=due)
    for wrong, error in (
        ({"fen": 0}, services.BadAmount),
        ({"fen": -5}, services.BadAmount),
        ({"fen": 5, "voucher_no": " "}, services.VoucherNeeded),
        ({"fen": 5, "on": TODAY + timedelta(days=1)}, services.MoneyFromTheFuture),
    ):
        with pytest.raises(error):
            received(people, **wrong)
