"""Two members at the same moment: the last of a line, the last of an obligor's limit, the same letter twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from kernel.access.actors import SYSTEM, Actor
from kernel.letters import FilingSubmitted
from registry.tenancy import inside
from reguarantee.filings import queries, services
from reguarantee.filings.models import Decision, Filing
from reguarantee.treaties import queries as treaties
from reguarantee.treaties import services as treaty_services
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.factories.treaties import sign
from tests.reguarantee.engine.terms import MILLION, N_4222, document, quota
from tests.reguarantee.test_filings import TODAY
from tests.reguarantee.test_filings_cover import LETTER

ROUNDS = 50


@pytest.fixture
def group(fresh_database: None) -> Iterator[None]:
    """At work in the group's house, with real commits."""
    with inside(house(GROUP)):
        yield


def publish(**scope: int) -> None:
    version = treaty_services.draft(
        actor=SYSTEM,
        today=TODAY,
        code="P4222",
        title="赛跑",
        members=["*"],
        terms=document(quota(**N_4222), scope=scope),
        above_limits="PART",
    )
    sign(version, actor=SYSTEM, today=TODAY)


Race = Callable[[tuple[str, FilingSubmitted], tuple[str, FilingSubmitted]], None]


@pytest.fixture
def at_once(group: None) -> Iterator[Race]:
    """Reads two letters, each on a thread and a connection of its own, released at the same moment."""
    start = threading.Barrier(2, timeout=30)

    def read(sender: str, letter: FilingSubmitted) -> None:
        with inside(house(GROUP)):
            connection.ensure_connection()
            start.wait()
            services.open_filing(letter, sender=sender, actor=Actor("LETTER", sender), today=TODAY)

    def leave() -> None:
        start.wait()  # so that each of the two threads closes its own connection
        connection.close()

    with ThreadPoolExecutor(2) as pool:

        def race(*letters: tuple[str, FilingSubmitted]) -> None:
            for done in [pool.submit(read, *one) for one in letters]:
                done.result(timeout=60)

        yield race
        for left in [pool.submit(leave), pool.submit(leave)]:
            left.result(timeout=60)


def outcomes(race: int) -> list[tuple[str, int, int, str]]:
    rows = Filing.objects.filter(guarantee_id=race)
    return sorted((row.coverage, row.ceded_fen, row.uncovered_fen, row.reason_code) for row in rows)


def test_one_of_two_members_gets_the_last_of_a_line(at_once: Race) -> None:
    publish()
    for race in range(1, ROUNDS + 1):
        treaty_services.set_line(actor=SYSTEM, today=TODAY, code="P4222", member_code="*", year=2026, line_fen=2 * MILLION * race)
        at_once(*((member, replace(LETTER, guarantee_id=race, obligor_key=f"{member}{race}")) for member in (ANHE, BOYU)))
        assert outcomes(race) == [
            ("COVERED", 2 * MILLION, 0, "WITHIN_TREATY"),
            ("UNCOVERED", 0, 4 * MILLION, "LINE_EXHAUSTED"),
        ]
    (shared, *_) = treaties.lines("P4222", 2026)
    assert (shared.used_fen, shared.left_fen) == (2 * MILLION * ROUNDS, 0)


def test_two_members_share_the_last_of_an_obligors_limit(at_once: Race) -> None:
    publish(obligor_total_max_fen=5 * MILLION)
    for race in range(1, ROUNDS + 1):
        at_once(*((member, replace(LETTER, guarantee_id=race, obligor_key=f"o{race}")) for member in (ANHE, BOYU)))
        assert outcomes(race) == [
            ("COVERED", 2 * MILLION, 0, "WITHIN_TREATY"),
            ("PARTLY", MILLION // 2, 3 * MILLION, "OBLIGOR_ABOVE_LIMIT"),
        ]


def test_a_letter_read_twice_at_the_same_moment_is_decided_once(at_once: Race) -> None:
    publish()
    for race in range(1, ROUNDS + 1):
        letter = replace(LETTER, guarantee_id=race, obligor_key=f"o{race}")
        at_once((ANHE, letter), (ANHE, letter))
    assert Filing.objects.count() == Decision.objects.count() == ROUNDS
    assert queries.coverage(TODAY)["COVERED"]["ceded_fen"] == 2 * MILLION * ROUNDS
