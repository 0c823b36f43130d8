"""Two members at the same moment: the last of a line, the last of an obligor's limit, the same letter twice."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from kernel.access.actors import SYSTEM, Actor
from kernel.letters import FilingSubmitted
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.filings import queries, services
from reguarantee.filings.models import Decision, Filing
from reguarantee.filings.reasons import SENTENCES, Reason
from reguarantee.treaties import queries as treaties
from reguarantee.treaties import services as treaty_services
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.factories.treaties import sign
from tests.reguarantee.engine.terms import MILLION, N_4222, document, quota
from tests.reguarantee.filings.test_filings import TODAY
from tests.reguarantee.filings.test_filings_cover import LETTER

ROUNDS = 50
LINE_RACES = 1_000


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


@pytest.mark.slow
def test_one_of_two_members_gets_the_last_of_a_line(at_once: Race) -> None:
    """Issue 3: two members race for the last of a line, 1,000 times: one gets it, the other a clear answer."""
    publish()
    for race in range(1, LINE_RACES + 1):
        with connection.cursor() as cursor:  # as an officer raises the line, without the letters about it
            cursor.execute("insert into treaties_line (treaty_id, member_code, year, line_fen, used_fen, reserved_fen)"
                           " select id, '*', 2026, %(fen)s, 0, 0 from treaties_treaty on conflict (treaty_id, year, member_code)"
                           " do update set line_fen = excluded.line_fen", {"fen": 2 * MILLION * race})  # fmt: skip
        at_once(*((member, replace(LETTER, guarantee_id=race, obligor_key=f"{member}{race}")) for member in (ANHE, BOYU)))
    won: dict[int, list[tuple[str, int, int, str]]] = {}
    rows = Filing.objects.order_by("coverage").values_list(
        "guarantee_id", "coverage", "ceded_fen", "uncovered_fen", "reason_code"
    )
    for race, *said in rows:
        won.setdefault(race, []).append(tuple(said))
    fair = [("COVERED", 2 * MILLION, 0, "WITHIN_TREATY"), ("UNCOVERED", 0, 4 * MILLION, "LINE_EXHAUSTED")]
    assert won == dict.fromkeys(range(1, LINE_RACES + 1), fair)
    (shared, *own) = treaties.lines("P4222", 2026)
    assert (shared.used_fen, shared.left_fen) == (2 * MILLION * LINE_RACES, 0)
    assert sum(line.used_fen for line in own) == shared.used_fen
    with inside(PUBLIC):
        losers = Letter.objects.filter(kind="FILING_DECIDED", body__contains="LINE_EXHAUSTED")
        assert losers.count() == LINE_RACES
        assert {json.loads(letter.body)["reason"] for letter in losers} == {SENTENCES[Reason.LINE_EXHAUSTED]}


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
