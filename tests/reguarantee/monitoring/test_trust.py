"""Nobody but the projector reads across houses, and a projector killed in the middle loses nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, OperationalError, connection

from registry import queries as registry
from registry.tenancy import PROJECTOR, PUBLIC, inside
from reguarantee.monitoring import projector, queries, services
from tests.factories.houses import ANHE, BOYU, house
from tests.reguarantee.monitoring import books

TODAY = date(2026, 3, 31)
CODES = (ANHE, BOYU)


def refused(statement: str) -> bool:
    """Whether the database refuses for lack of a right, and for nothing else."""
    from django.db import transaction

    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        assert "permission denied" in str(error), error
        return True
    return False


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "select 1 from m_anhe.guarantees_guarantee",
        "select 1 from m_anhe.guarantees_movement",
        "select 1 from m_anhe.customers_customer",
        "select 1 from m_anhe.access_user",
        "insert into m_anhe.guarantees_reportingscope default values",
        "select 1 from access_user",
        "select 1 from audit_entry",
        "update filings_filing set ceded_fen = 0",
        "insert into public.reported_change (house, kind, key) values ('m_anhe', 'GUARANTEE', 0)",
        "select 1 from public.outbox_letter",
        "select 1 from public.registry_partnerkey",
    ],
)
def test_the_projectors_role_reads_views_and_nothing_else(statement: str) -> None:
    with inside(PROJECTOR):
        assert refused(statement)
        assert not refused("select 1 from m_anhe.reported_guarantees")


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["select 1 from g_group.monitoring_fact", "select 1 from g_group.monitoring_marginal"])
@pytest.mark.parametrize("code", CODES)
def test_a_member_cannot_read_the_groups_book(code: str, statement: str) -> None:
    with inside(house(code)):
        assert refused(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["select 1 from public.reported_change", "delete from public.reported_change"])
def test_notes_of_changes_are_for_the_projector_alone(statement: str) -> None:
    for someone in (house(ANHE), house(BOYU), registry.group()):
        with inside(someone):
            assert refused(statement), someone


@pytest.mark.django_db
def test_banks_and_the_group_read_no_members_views() -> None:
    # The banks' API answers from the public house; the console from the group's.
    for someone in (PUBLIC, registry.group(), house(BOYU)):
        with inside(someone):
            assert refused("select 1 from m_anhe.reported_guarantees"), someone
    with inside(PUBLIC):
        assert refused("select 1 from g_group.monitoring_fact")


STEPS = ["_take", "_read", "_replace", "_log"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", [True, False])
def test_killed_in_the_middle_nothing_is_lost_or_doubled(
    fresh_database: None, monkeypatch: pytest.MonkeyPatch, step: str, before: bool
) -> None:
    rows = {}
    for code in CODES:
        with inside(house(code)):
            rows[code] = books.put(code, coverage="COVERED")
            books.move(rows[code], date(2026, 2, 1), rows[code].loan_fen)
    services.catch_up(today=TODAY)
    for code in CODES:
        with inside(house(code)):
            books.move(rows[code], date(2026, 3, 1), rows[code].loan_fen // 2)
            books.put(code, coverage="PARTLY", straight=True)
    whole = getattr(projector, step)

    def struck(cursor: Any, *rest: Any) -> Any:
        if before:
            _kill(cursor)
        done = whole(cursor, *rest)
        _kill(cursor)
        cursor.execute("select 1")
        return done

    monkeypatch.setattr(projector, step, struck)
    with pytest.raises(OperationalError):
        services.project(today=TODAY)
    connection.close()
    monkeypatch.undo()
    assert projector.waiting()
    report = services.catch_up(today=TODAY)
    assert report.written == 4
    with inside(registry.group()):
        assert services.compare(today=TODAY).breaks == 0
        found = {row["key"]: row for row in queries.consolidated(by="member", as_of=TODAY)["rows"]}
    truth = books.book(CODES, TODAY)["MEMBER"]
    assert {code: row["in_force_balance_fen"] for code, row in found.items()} == {
        code: figures["in_force_balance_fen"] for code, figures in truth.items()
    }
    assert {code: row["count"] for code, row in found.items()} == dict.fromkeys(CODES, 2)


def _kill(cursor: Any) -> None:
    cursor.execute("select pg_backend_pid()")
    pid = cursor.fetchone()[0]
    at = connection.settings_dict
    other = psycopg2.connect(host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"])
    with other.cursor() as executioner:
        executioner.execute("select pg_terminate_backend(%s, 5000)", [pid])
    other.close()
