"""The trail: append-only for everybody, one chain per institution without gaps, and a change is found and named."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.db.models import F

from kernel.access.actors import SYSTEM, Actor
from kernel.audit import queries
from kernel.audit.models import Entry
from kernel.audit.services import leave
from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.registry.shared import owner


def line(act: str = "test.act", **facts: Any) -> None:
    leave(actor=SYSTEM, act=act, subject="thing:1", facts=facts)


@pytest.fixture
def trail(fresh_database: None) -> None:
    """Five more lines in ANHE's trail, committed one by one."""
    with inside(house(ANHE)):
        for number in range(5):
            line(number=number)


def last_id(back: int = 0) -> int:
    return Entry.objects.order_by("-position")[back].id


def test_lines_stand_in_a_chain_without_gaps(trail: None) -> None:
    with inside(house(ANHE)):
        lines = list(Entry.objects.order_by("position"))
        assert [entry.position for entry in lines] == list(range(1, len(lines) + 1))
        assert queries.verify() == queries.Verdict(len(lines))
        assert len({entry.hash for entry in lines}) == len(lines)
    with inside(house(BOYU)):
        assert queries.verify().broken_id is None


def test_several_lines_of_one_transaction_keep_their_order(fresh_database: None) -> None:
    with inside(house(ANHE)):
        with transaction.atomic():
            line("first")
            with pytest.raises(ValueError), transaction.atomic():
                line("gone")
                raise ValueError
            line("second")
        assert list(Entry.objects.order_by("-position").values_list("act", flat=True)[:2]) == ["second", "first"]
        assert queries.verify().broken_id is None


def test_twenty_writers_at_once_make_one_chain(fresh_database: None) -> None:
    def write(number: int) -> None:
        try:
            with inside(anhe):
                for turn in range(5):
                    try:
                        with transaction.atomic():
                            line(writer=number, turn=turn)
                            if turn == 3:
                                raise ValueError  # a line that was never committed leaves no gap
                    except ValueError:
                        continue
        finally:
            connections.close_all()

    anhe = house(ANHE)
    with inside(anhe):
        before = Entry.objects.count()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    with inside(anhe):
        assert queries.verify() == queries.Verdict(before + 80)
        own = [queries.facts(entry) for entry in Entry.objects.order_by("position")[before:]]
        for number in range(20):  # each writer's own lines keep their order
            assert [facts["turn"] for facts in own if facts["writer"] == number] == [0, 1, 2, 4]


@pytest.mark.parametrize("as_owner", [False, True])
def test_nobody_changes_or_removes_a_line(trail: None, as_owner: bool) -> None:
    with inside(house(ANHE), as_owner=as_owner):
        for work in (
            lambda: Entry.objects.filter(id=last_id()).update(facts="{}"),
            lambda: Entry.objects.update(hash=""),
            lambda: Entry.objects.update(position=F("position") + 1000),
            lambda: Entry.objects.filter(id=last_id()).delete(),
        ):
            with pytest.raises(IntegrityError, match="append-only"):
                work()
        assert queries.verify().broken_id is None
    with owner() as cursor, pytest.raises(Exception, match="append-only"):
        cursor.execute("truncate m_anhe.audit_entry")


@pytest.mark.parametrize(
    ("change", "back", "reason"),
    [
        ("update m_anhe.audit_entry set facts = '{}' where id = %s", 2, "was changed"),
        ("update m_anhe.audit_entry set actor = 'nobody' where id = %s", 0, "was changed"),
        ("update m_anhe.audit_entry set actor_id = 7 where id = %s", 1, "was changed"),
        ("update m_anhe.audit_entry set at = at + interval '1 microsecond' where id = %s", 1, "was changed"),
        ("update m_anhe.audit_entry set position = null where id = %s", 0, "has no place in the chain"),
    ],
)
def test_a_line_changed_past_the_triggers_is_named(trail: None, change: str, back: int, reason: str) -> None:
    with inside(house(ANHE)):
        victim = last_id(back)
    with owner() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(change, [victim])
        assert cursor.rowcount == 1
    with inside(house(ANHE)):
        verdict = queries.verify()
    assert (verdict.broken_id, verdict.reason) == (victim, reason)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_audit", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["broken"] == 1
    broken = {row["institution"]: row["broken_id"] for row in told["institutions"]}
    assert broken == {GROUP: None, ANHE: victim, BOYU: None}


def test_a_removed_line_shows_at_the_one_after_it(trail: None) -> None:
    with inside(house(ANHE)):
        victim, after = last_id(2), last_id(1)
        place = Entry.objects.get(id=victim).position
    with owner() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("delete from m_anhe.audit_entry where id = %s", [victim])
    with inside(house(ANHE)):
        assert queries.verify() == queries.Verdict(place - 1, after, f"stands at {place + 1}, expected {place}")


def test_two_lines_that_changed_places_are_found(trail: None) -> None:
    with inside(house(ANHE)):
        one, two = Entry.objects.order_by("-position")[:2]
    with owner() as cursor:
        cursor.execute("set session_replication_role = replica")
        for entry, place in ((one, 10**9), (two, one.position), (one, two.position)):
            cursor.execute("update m_anhe.audit_entry set position = %s where id = %s", [place, entry.id])
    with inside(house(ANHE)):
        assert queries.verify().broken_id == one.id


def test_the_command_says_that_all_stands(trail: None) -> None:
    out = StringIO()
    call_command("verify_audit", "--institution", ANHE, stdout=out)
    assert out.getvalue().strip().endswith("lines in 1 institutions, 0 broken")


@pytest.mark.django_db
def test_a_line_says_who_what_on_which_thing() -> None:
    with inside(house(ANHE)):
        manager = staff(ANHE)["manager"]
        leave(
            actor=manager,
            act="a.b",
            subject="customer:5",
            facts={"on": date(2026, 1, 2), "rate": Decimal("0.010"), "名": "甲\n乙"},
        )
        leave(actor=Actor("BANK", "HXYH/k"), act="a.c", subject="customer:5")
        newest, older = queries.of("customer:5")
        assert (newest.actor, newest.actor_id) == ("BANK:HXYH/k", None)
        assert (older.actor, older.actor_id) == (manager.name, manager.id)
        assert queries.facts(older) == {"on": "2026-01-02", "rate": "0.010", "名": "甲\n乙"}
        with pytest.raises(TypeError):
            leave(actor=manager, act="a.b", subject="s", facts={"amount": object()})
        with transaction.atomic():
            pass
    with inside(house(BOYU)):
        assert not queries.of("customer:5").exists()
