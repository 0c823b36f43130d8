"""What the database keeps about filings, what monitoring is told, and what is read from them."""

import random
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import translation

from kernel.access.models import User
from registry.tenancy import PUBLIC, inside
from reguarantee.filings import queries, services
from reguarantee.filings.models import Filing
from reguarantee.treaties import queries as treaties
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings.test_filings import TODAY, file, people, publish, set_line, through

__all__ = ["people"]


@pytest.mark.parametrize(
    "change",
    [
        "coverage = 'UNCOVERED'",
        "coverage = 'PARTLY'",
        "ceded_fen = 0",
        "ceded_fen = covered_fen + 1",
        "covered_fen = covered_fen - 1",
        "uncovered_fen = 1",
        "guaranteed_fen = guaranteed_fen + 1",
        "status = 'REVIEWING'",
        "status = 'REJECTED'",
        "treaty_version_id = null",
        "reserved_fen = 1",
        "reason = ''",
        "principal_fen = -1",
    ],
)
def test_the_database_refuses_an_answer_that_contradicts_itself(people: dict[str, User], change: str) -> None:
    publish(people)
    file()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update filings_filing set {change}")


@pytest.mark.parametrize("statement", ["update filings_decision set by = ''", "delete from filings_decision"])
def test_decisions_are_append_only(people: dict[str, User], statement: str) -> None:
    file()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_monitoring_is_told_which_guarantee_changed(people: dict[str, User]) -> None:
    publish(people)
    filing = file(guarantee_id=77)
    Filing.objects.filter(id=filing.id).update(reason="x")
    with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
        cursor.execute("select house, member, key from public.reported_change where kind = 'FILING'")
        assert cursor.fetchall() == [("g_group", ANHE, 77)] * 2


def test_figures_as_of_a_day_are_those_of_that_day(people: dict[str, User]) -> None:
    publish(people, scope={"principal_max_fen": 5 * MILLION})
    file(guarantee_id=1)
    file(BOYU, guarantee_id=1, obligor_key="k2", today=date(2026, 3, 6), bank_code="X")
    big = file(guarantee_id=2, obligor_key="k3", principal_fen=10 * MILLION, guaranteed_fen=8 * MILLION)
    officer = {"actor": people["filing"], "today": date(2026, 3, 8), "filing_id": big.id}
    through(big, people)
    services.confirm(**officer, guaranteed_fen=4 * MILLION)

    def row(count: int, guaranteed: int, ceded: int) -> dict[str, int]:
        return {"count": count, "guaranteed_fen": guaranteed * MILLION, "ceded_fen": ceded * MILLION}

    nothing = row(0, 0, 0)
    assert queries.coverage(date(2026, 3, 4)) == dict.fromkeys(("COVERED", "PARTLY", "UNCOVERED"), nothing)
    assert queries.coverage(TODAY) == {"COVERED": row(1, 4, 2), "PARTLY": nothing, "UNCOVERED": row(1, 8, 0)}
    assert queries.coverage(date(2026, 3, 8)) == {"COVERED": row(2, 8, 4), "PARTLY": row(1, 8, 2), "UNCOVERED": nothing}
    in_force = {line["member_code"]: line for line in queries.ceded_in_force(date(2026, 3, 8))}
    assert in_force == {ANHE: {"member_code": ANHE, **row(2, 12, 4)}, BOYU: {"member_code": BOYU, **row(1, 4, 2)}}
    assert queries.ceded_in_force(date(2027, 3, 2)) == []
    assert queries.by_treaty(date(2026, 3, 8)) == {treaties.get("P4222").id: row(3, 16, 6)}


def test_the_list_filters_and_reads_once(people: dict[str, User], django_assert_num_queries: Any) -> None:
    publish(people, scope={"term_max_months": 12})
    file(guarantee_id=1)
    file(BOYU, guarantee_id=2, obligor_key="k2", bank_code="X", number="DB2026-000002")
    long = file(guarantee_id=3, obligor_key="k3", term_months=24, obligor_name="乙公司")
    with django_assert_num_queries(1):
        assert [str(filing.treaty_version.treaty) for filing in queries.listing()] == ["P4222 P4222"] * 3
    found = {
        "member": queries.listing(member_code=BOYU),
        "bank": queries.listing(bank_code="X"),
        "number": queries.listing(q="000002"),
    }
    assert {name: [f.guarantee_id for f in rows] for name, rows in found.items()} == dict.fromkeys(found, [2])
    for rows in (queries.listing(status="REVIEWING"), queries.listing(coverage="UNCOVERED"), queries.listing(q="乙公司")):
        assert [f.id for f in rows] == [long.id]
    assert queries.listing(treaty_code="P4222", drawdown_to=date(2026, 2, 28)).count() == 0
    with pytest.raises(TypeError):
        queries.listing(colour="red")
    (waiting,) = queries.worklist(date(2026, 3, 15))
    assert (waiting.id, waiting.waiting.days, queries.reviewing_count()) == (long.id, 10, 1)
    with pytest.raises(services.NoSuchFiling):
        queries.get(0)


def test_reasons_are_told_in_both_languages(people: dict[str, User]) -> None:
    publish(people)
    filing = file()
    with translation.override("zh-hans"):
        assert (filing.reason_text, filing.get_coverage_display()) == ("在协议范围内。", "已分保")
    with translation.override("en"):
        assert (filing.reason_text, filing.get_coverage_display()) == ("Within the treaty.", "Covered")


@pytest.mark.parametrize("above_limits", ["PART", "REVIEW"])
def test_through_any_story_the_lines_hold_what_the_filings_say(people: dict[str, User], above_limits: str) -> None:
    """Sixty random acts: letters, corrections and officers' decisions; the books agree after each."""
    cap, line = 12 * MILLION, 20 * MILLION
    publish(people, above_limits=above_limits, scope={"obligor_total_max_fen": cap, "principal_max_fen": 6 * MILLION})
    set_line(people, line)
    dice = random.Random(4222)
    for _ in range(60):
        reviewing = list(queries.worklist(TODAY))
        if reviewing and dice.random() < 0.5:
            filing = dice.choice(reviewing)
            officer = {"actor": people["filing"], "today": TODAY, "filing_id": filing.id}
            if dice.random() < 0.5:
                services.reject(**officer, text="否")
            elif filing.reserved_fen:
                through(filing, people)
                services.confirm(**officer, guaranteed_fen=min(filing.guaranteed_fen, filing.reserved_fen))
        else:
            principal = dice.randrange(1, 9 * MILLION)
            file(
                dice.choice([ANHE, BOYU]),
                guarantee_id=dice.randrange(1, 12),
                obligor_key=dice.choice("abc"),
                principal_fen=principal,
                guaranteed_fen=dice.randrange(1, principal + 1),
            )
        for row in treaties.lines("P4222", 2026):
            own = Filing.objects.all() if row.member_code == "*" else Filing.objects.filter(member_code=row.member_code)
            sums = own.aggregate(used=Sum("ceded_fen", default=0), reserved=Sum("reserved_fen", default=0))
            assert (row.used_fen, row.reserved_fen) == (sums["used"], sums["reserved"])
            assert row.line_fen is None or row.used_fen + row.reserved_fen <= line
    assert {"COVERED", "UNCOVERED"} <= set(Filing.objects.values_list("coverage", flat=True))
