"""Two people at the same moment: the same list, the same bill, the same transfer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from kernel.access.actors import SYSTEM
from kernel.cash import services as cash
from kernel.cash.models import Movement
from registry.tenancy import inside
from reguarantee.premiums import services
from reguarantee.premiums.models import Bill, Bordereau, Item, PremiumList
from tests.factories import races
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.reguarantee.premiums.world import agreed, file, letters, treaty

APRIL = date(2026, 4, 2)
Race = Callable[[Callable[[int], Any]], list[Any]]


@pytest.fixture
def group(fresh_database: None) -> Iterator[None]:
    """At work in the group's house, with real commits."""
    with inside(house(GROUP)):
        yield


@pytest.fixture
def at_once(group: None) -> Race:
    """Runs a verb for 0 and for 1 at the same moment; answers or refusals come back."""
    return lambda verb: races.at_once(GROUP, partial(verb, 0), partial(verb, 1))


def test_two_at_once_make_one_of_everything(at_once: Race) -> None:
    """FEE-12, FEE-13: two draw the list, bill the quarter, close the fund and register the transfer: each exists once."""
    treaty()
    file(1), file(2)
    told = {"actor": SYSTEM, "today": APRIL}
    drawn = at_once(lambda _: services.draw_list(**told, member_code=ANHE, period="2026-03"))
    assert len({row.pk for row in drawn}) == 1
    assert (PremiumList.objects.count(), Item.objects.count()) == (1, 2)
    agreed("2026-03", on=APRIL)
    made = at_once(lambda _: services.bill(**told, member_code=ANHE, period="2026-Q1"))
    assert sorted(len(bills) for bills in made) == [0, 1]
    bill = Bill.objects.get()
    closed = at_once(lambda _: services.close_fund(**told, party="nfgf", period="2026-Q1"))
    assert len({row.pk for row in closed}) == 1 and Bordereau.objects.get().fen == 600_000

    cashier = staff(GROUP)["cashier"]
    transfer = {"actor": cashier, "today": APRIL, "counterparty": ANHE, "fen": 1_200_000, "on": APRIL, "voucher_no": "V-1"}
    moved = at_once(lambda _: cash.receive(**transfer, key=bill.key))
    assert len({movement.pk for movement in moved}) == 1 and Movement.objects.count() == 1
    bill.refresh_from_db()
    assert (bill.status, bill.paid_fen) == ("SETTLED", 1_200_000)


def test_two_receipts_for_two_bills_and_the_nightly_round(at_once: Race) -> None:
    """Two bills of one member paid at once, while both are in arrears: no deadlock, both settled, the stop is lifted."""
    from reguarantee.partners import queries as partners

    treaty()
    file(1), file(2, size_class="MEDIUM")
    agreed("2026-03", on=APRIL)
    bills = services.bill(actor=SYSTEM, today=APRIL, member_code=ANHE, period="2026-Q1")
    june = date(2026, 6, 1)
    services.roll(today=june)
    assert partners.stops(ANHE, on=june)
    cashier = staff(GROUP)["cashier"]

    def receive(place: int) -> Any:
        return cash.receive(
            actor=cashier, today=june, counterparty=ANHE, fen=600_000, on=june, voucher_no=f"V-{place}", key=bills[place].key
        )

    at_once(receive)
    assert set(Bill.objects.values_list("status", flat=True)) == {"SETTLED"}
    assert not partners.stops(ANHE, on=june)


def test_two_nightly_rounds_at_once(at_once: Race) -> None:
    """FEE-12: the round that runs twice at once sends each list once, bills once, and fails nowhere."""
    treaty()
    file(1), file(2)
    for day in (APRIL, date(2026, 4, 20)):
        rounds = at_once(lambda _, day=day: services.roll(today=day))
        assert [done.troubles for done in rounds] == [[], []]
    assert (PremiumList.objects.get().round, PremiumList.objects.get().state) == (1, "BILLED")
    assert len(letters("PREMIUM_LIST_ISSUED")) == 1
    assert (Bill.objects.count(), Bordereau.objects.count()) == (1, 1)


def test_two_months_drawn_at_once_correct_once(at_once: Race) -> None:
    """FEE-12, FEE-14: what was billed too much is given back on one of two lists that are drawn at the same moment."""
    treaty()
    for number in range(1, 6):
        file(number)
    agreed("2026-03", on=APRIL)
    services.bill(actor=SYSTEM, today=APRIL, member_code=ANHE, period="2026-Q1")
    people, june = staff(GROUP), date(2026, 6, 2)
    told = {"kind": "FACTOR", "factor": Decimal("0.5"), "effective_from": date(2026, 3, 1), "reason": "x"}
    kept = services.propose_standard(actor=people["treaty"], today=june, **told)
    services.decide_standard(actor=people["executive"], today=june, standard_id=kept.pk, approve=True)
    for number in range(6, 11):
        file(number, on=APRIL, drawdown_on=APRIL)
    at_once(lambda month: services.draw_list(actor=SYSTEM, today=june, member_code=ANHE, period=f"2026-0{month + 4}"))
    assert Item.objects.filter(kind="CORRECTION").count() == 5
    assert Item.objects.filter(kind="COVER").count() == 10
