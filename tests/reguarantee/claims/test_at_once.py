"""Two at the same moment, on real connections: two last signatures under one cap, two payments, one letter twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.cash import queries as cash
from kernel.cash.models import Movement
from kernel.errors import DomainError
from registry.tenancy import inside
from reguarantee.claims import services
from reguarantee.claims.models import Claim
from reguarantee.treaties import positions
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.factories.races import at_once
from tests.reguarantee.claims.shared import DAY, LETTER, approve, review, sign
from tests.reguarantee.claims.test_caps import cap, loss, released
from tests.reguarantee.engine.terms import N_4222, quota
from tests.reguarantee.filings.test_filings import file, publish


@pytest.fixture
def people(fresh_database: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        yield staff(GROUP)


def test_two_last_signatures_under_one_cap(people: dict[str, User]) -> None:
    """AGR-22: 1.2m of the cap for two claims of 1.0m each: together never more, whoever comes first."""
    publish(people, layers=[quota(**N_4222), cap("0.01", "member")])
    claims = [loss(1, 500_000_000), loss(2, 500_000_000)]
    released(claims[0].filing, 12_000_000_000)
    tasks = []
    for claim in claims:
        sign(review(claim, people), people, until="executive")
        tasks.append(approvals.case_of(claim.subject).tasks.get(state="TODO").id)

    def last(task: int) -> Callable[[], Any]:
        return lambda: approval.decide(actor=people["executive"], today=DAY, task_id=task, text="同意")

    told = at_once(GROUP, last(tasks[0]), last(tasks[1]))
    assert not [one for one in told if isinstance(one, Exception)]
    for claim in claims:
        claim.refresh_from_db()
    assert sorted(claim.shares["group"] for claim in claims) == [20_000_000, 100_000_000]
    paid = sum(fen for key, fen in positions.standing(claims[0].treaty_version).totals.items() if ":paid:group" in key)
    assert paid == 120_000_000


def test_one_payment_confirmed_twice_moves_once(people: dict[str, User]) -> None:
    """CLM-07: the second person hears that it is settled."""
    publish(people)
    claim = approve(loss(1, 500_000_000), people)
    services.prepare(actor=people["cashier"], today=DAY, claim_id=claim.id)

    def confirm(number: int) -> Callable[[], Any]:
        told = {"claim_id": claim.id, "voucher_no": f"V-{number}"}
        return lambda: services.confirm(actor=people["accountant"], today=DAY, **told)

    told = at_once(GROUP, confirm(1), confirm(2))
    assert [isinstance(one, DomainError) for one in told].count(True) == 1
    assert Movement.objects.count() == 1
    claim.refresh_from_db()
    assert (claim.status, claim.paid_fen, cash.due(claim.key).open_fen) == ("PAID", 200_000_000, 0)


def test_a_recovery_netted_while_the_payment_is_confirmed(people: dict[str, User]) -> None:
    """CLM-07: either the recovery is taken off first or the payment goes; never both for the same money."""
    publish(people)
    claim = approve(loss(1, 500_000_000), people)
    services.prepare(actor=people["cashier"], today=DAY, claim_id=claim.id)
    pay = partial(services.confirm, actor=people["accountant"], today=DAY, claim_id=claim.id, voucher_no="V-1")
    net = {"claim_id": claim.id, "fen": 36_000_000, "recovery_no": "ZC-1"}
    told = at_once(GROUP, pay, lambda: services.net(actor=people["claims"], today=DAY, **net))
    assert [isinstance(one, DomainError) for one in told].count(True) == 1
    claim.refresh_from_db()
    # A payment under way is not netted, a paid claim neither: so the payment goes in both orders.
    assert (claim.paid_fen, claim.netted_fen) == (claim.approved_fen, 0)


def test_the_same_letter_read_twice_at_once(people: dict[str, User]) -> None:
    """CLM-07: two claims of one voucher at one moment: one stands, the other is refused."""
    publish(people)
    file()

    def read(number: str) -> Callable[[], Any]:
        from dataclasses import replace

        letter = replace(LETTER, claim_no=number)
        return lambda: services.open_claim(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=DAY)

    at_once(GROUP, read("A"), read("B"))
    assert sorted(Claim.objects.values_list("status", flat=True)) == ["RECEIVED", "REJECTED"]
