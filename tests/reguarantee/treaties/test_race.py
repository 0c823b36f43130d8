"""Two at the same moment: claims that share one cap, two approvers, a member that joins twice."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from kernel.access.actors import SYSTEM, Actor
from kernel.flow import WrongState
from registry.tenancy import inside
from reguarantee.treaties import positions, queries, services
from reguarantee.treaties.engine import Loss, apply
from tests.factories import races
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.factories.treaties import agree
from tests.reguarantee.engine.terms import MARCH, document, layer, quota
from tests.reguarantee.treaties.test_agreed import TODAY

Both = Callable[[Callable[[int], Any]], list[Any]]


@pytest.fixture
def at_once(fresh_database: None) -> Iterator[Both]:
    """Runs a verb for 0 and for 1 at the same moment; what each gives."""
    with inside(house(GROUP)):
        yield lambda verb: races.at_once(GROUP, partial(verb, 0), partial(verb, 1))


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
