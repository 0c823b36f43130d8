"""Two at the same moment: claims that share one cap, two approvers, a member that joins twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from kernel.access.actors import SYSTEM, Actor
from kernel.errors import DomainError
from kernel.flow import WrongState
from registry.tenancy import inside
from reguarantee.treaties import positions, queries, services
from reguarantee.treaties.engine import Loss, apply
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.factories.treaties import agree
from tests.reguarantee.engine.terms import MARCH, document, layer, quota
from tests.reguarantee.treaties.test_agreed import TODAY

Both = Callable[[Callable[[int], Any]], list[Any]]


@pytest.fixture
def at_once(fresh_database: None) -> Iterator[Both]:
    """Runs a verb twice, each on a thread and a connection of its own, released at the same moment; what each gives."""
    start = threading.Barrier(2, timeout=60)

    def run(verb: Callable[[int], Any], n: int) -> Any:
        with inside(house(GROUP)):
            connection.ensure_connection()
            start.wait()
            try:
                return verb(n)
            except DomainError as refusal:
                return refusal

    def leave() -> None:
        start.wait()
        connection.close()

    with inside(house(GROUP)), ThreadPoolExecutor(2) as pool:
        yield lambda verb: [done.result(timeout=90) for done in [pool.submit(run, verb, n) for n in range(2)]]
        for left in [pool.submit(leave), pool.submit(leave)]:
            left.result(timeout=60)


def test_two_claims_share_what_is_left_under_a_cap(at_once: Both) -> None:
    """The position is locked while a loss is shared: together they never get more than the cap, and none gets it twice."""
    cap = layer("RATE_CAP", 2, party="group", cap_rate="0.5", base="RELEASED", excess_to="member")
    version = agree(actor=SYSTEM, today=TODAY, code="CAP-1", terms=document(quota(member="0", group="1"), cap))
    terms = queries.terms_of(version)

    def claim(n: int) -> int:
        with positions.held(version) as row:
            result = apply(terms, row.position, Loss(f"L{n}", MARCH, principal_fen=7, released_base_fen=200))
            row.save(result.position)
            return result.shares["group"]

    got = [sum(at_once(claim)) for _ in range(12)]
    assert got[:7] == [14] * 7 and sum(got) == 100  # the cap is 100
    assert positions.standing(version).to_json() == {"CAP-1/1:paid:group": 100}


def test_two_approvers_and_one_draft(at_once: Both) -> None:
    version = services.draft(
        actor=SYSTEM, today=TODAY, code="TWO-1", title="two", members=[ANHE], terms=document(quota(bank="1"))
    )
    services.submit(actor=SYSTEM, today=TODAY, version_id=version.id)
    boards = [Actor("SYSTEM", "one"), Actor("SYSTEM", "two")]
    outcomes = at_once(lambda n: services.approve(actor=boards[n], today=TODAY, version_id=version.id))
    assert [isinstance(one, WrongState) for one in outcomes].count(True) == 1  # the second hears that it is approved
    signed = at_once(lambda n: services.publish(actor=boards[n], today=TODAY, version_id=version.id))
    assert [isinstance(one, services.VersionPublished) for one in signed].count(True) == 1


def test_members_that_join_at_once_are_both_in(at_once: Both) -> None:
    agree(actor=SYSTEM, today=TODAY, code="JOIN-1", terms=document(quota(bank="1")), members=["FIRST"])
    at_once(lambda n: services.join(actor=SYSTEM, today=TODAY, code="JOIN-1", member_code=[ANHE, BOYU][n]))
    assert sorted(queries.get("JOIN-1").members) == [ANHE, BOYU, "FIRST"]
