"""Letters: at least once on the way, in order per subject, read once; a bad one stops nobody else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from kernel.access.actors import SYSTEM
from kernel.audit.models import Entry
from kernel.audit.services import leave
from kernel.letters import ReportingScopeAgreed
from kernel.outbox import queries, services
from kernel.outbox.inbox.models import Receipt
from kernel.outbox.models import Letter
from registry import queries as registry
from registry.tenancy import PUBLIC, current, inside
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.registry.shared import one, owner

KIND = ReportingScopeAgreed.kind


def letter(word: str) -> ReportingScopeAgreed:
    return ReportingScopeAgreed(scope="CEDED", agreement=word, effective_on=timezone.localdate())


def post(word: str, *, sender: str = ANHE, to: str = GROUP, subject: str = "guarantee:1") -> None:
    with inside(house(sender)):
        services.post(letter(word), sender=sender, to=to, subject=subject)


def deliver() -> int:
    with inside(PUBLIC):
        return services.deliver(house_of=registry.institution, enter=inside)


def due_now() -> None:
    with inside(PUBLIC):
        Letter.objects.update(retry_at=timezone.now() - timedelta(seconds=1))


def waiting() -> list[Letter]:
    with inside(PUBLIC):
        return list(queries.waiting())


class Reader:
    """Leaves one audit line per letter in the house that reads it; strikes when told to."""

    def __init__(self) -> None:
        self.strike: Any = None

    def __call__(self, body: Any, *, sender: str, actor: Any, today: Any) -> None:
        if self.strike == f"before {body.agreement}":
            raise ValueError(self.strike)
        leave(actor=actor, act="test.read", subject=f"letter:{body.agreement}", facts={"sender": sender, "house": current().code})
        if self.strike == f"after {body.agreement}":
            raise ValueError(self.strike)
        if callable(self.strike):
            self.strike(body.agreement)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr(services, "readers", {KIND: reader})
    return reader


def read(code: str = GROUP) -> list[str]:
    with inside(house(code)):
        return [entry.subject.split(":")[1] for entry in Entry.objects.filter(act="test.read").order_by("id")]


def test_letters_are_read_in_the_recipient_s_house_and_in_order(fresh_database: None, reader: Reader) -> None:
    for word in ("a", "b", "c"):
        post(word)
    post("x", subject="guarantee:2")
    post("back", sender=GROUP, to=BOYU)
    assert deliver() == 3  # the first of each subject
    assert deliver() == 1
    assert deliver() == 1
    assert deliver() == 0
    found = read()
    assert [word for word in found if word != "x"] == ["a", "b", "c"]
    assert sorted(found) == ["a", "b", "c", "x"]
    assert (read(BOYU), read(ANHE)) == (["back"], [])
    with inside(house(GROUP)):
        assert Receipt.objects.count() == 4
        assert {entry.actor for entry in Entry.objects.filter(act="test.read")} == {"LETTER:ANHE"}


def test_a_letter_belongs_to_the_transaction_that_posts_it(fresh_database: None, reader: Reader) -> None:
    with pytest.raises(ValueError), inside(house(ANHE)), transaction.atomic():
        services.post(letter("never"), sender=ANHE, to=GROUP, subject="s")
        raise ValueError
    assert waiting() == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_failing_letter_holds_its_own_subject_and_no_other(fresh_database: None, reader: Reader, moment: str) -> None:
    for word, subject in (("bad", "g:1"), ("next", "g:1"), ("good", "g:2")):
        post(word, subject=subject)
    reader.strike = f"{moment} bad"
    assert deliver() == 1
    assert read() == ["good"]  # what the reader had done for the bad one is undone
    bad, behind = waiting()
    assert (bad.attempts, behind.attempts) == (1, 0)
    assert bad.last_error == f"ValueError: {moment} bad"
    assert deliver() == 0  # not due yet
    reader.strike = None
    due_now()
    assert deliver() == 1
    assert deliver() == 1
    assert read() == ["good", "bad", "next"]
    with inside(house(GROUP)):
        assert Receipt.objects.count() == 3


def test_pauses_grow_and_have_an_end(fresh_database: None, reader: Reader) -> None:
    post("bad")
    reader.strike = "before bad"
    pauses = []
    for _ in range(12):
        due_now()
        before = timezone.now()
        deliver()
        pauses.append((waiting()[0].retry_at - before).total_seconds())
    for attempt, pause in enumerate(pauses, start=1):
        assert min(2**attempt, 600) <= pause < min(2**attempt, 600) + 5
    assert waiting()[0].attempts == 12


def test_a_letter_that_fails_for_days_stops_no_other(fresh_database: None, reader: Reader) -> None:
    """Its pause stays the longest, whatever it has been tried; an error may quote what no column keeps."""
    post("bad")
    post("good", subject="other")
    with owner() as cursor:
        cursor.execute("update outbox_letter set attempts = 60 where body like '%bad%'")
    reader.strike = "before bad"
    assert deliver() == 1
    assert read() == ["good"]
    (bad,) = waiting()
    assert bad.attempts == 61
    assert timedelta(minutes=9) < bad.retry_at - timezone.now() <= timedelta(minutes=10)
    due_now()

    def quote(_word: str) -> None:
        raise ValueError("a\x00b")

    reader.strike = quote
    assert deliver() == 0
    assert waiting()[0].last_error == "ValueError: ab"


def test_a_letter_nobody_can_open_waits_and_says_why(fresh_database: None, reader: Reader) -> None:
    post("lost", to="NOBODY")
    post("found", subject="other")
    with owner() as cursor:
        cursor.execute("update outbox_letter set kind = 'UNKNOWN' where body like '%lost%'")
    assert deliver() == 1
    assert "KeyError" in waiting()[0].last_error
    with owner() as cursor:
        cursor.execute("update outbox_letter set kind = %s, retry_at = now()", [KIND])
    assert deliver() == 0
    assert "NOBODY" in waiting()[0].last_error


def test_a_letter_read_before_changes_nothing(fresh_database: None, reader: Reader) -> None:
    post("a")
    assert deliver() == 1
    with owner() as cursor:  # as if the mark had been lost
        cursor.execute("update outbox_letter set delivered_at = null")
    assert deliver() == 1
    assert (read(), waiting()) == (["a"], [])


@pytest.mark.parametrize("moment", ["in the reader", "before the mark"])
def test_killed_between_the_work_and_the_mark_it_is_read_once(
    fresh_database: None, reader: Reader, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def kill(*_: Any) -> None:
        with owner() as executioner:
            executioner.execute("select pg_terminate_backend(%s, 5000)", [connections["default"].connection.info.backend_pid])

    post("a")
    post("b", subject="other")
    if moment == "in the reader":
        reader.strike = lambda word: kill() if word == "a" else None
    else:
        save = Letter.save
        monkeypatch.setattr(Letter, "save", lambda self, **how: (kill(), save(self, **how)))
    with pytest.raises(Exception, match="terminat|closed"):
        while deliver():
            pass
        raise AssertionError("terminated nothing")
    connections.close_all()
    monkeypatch.undo()
    monkeypatch.setattr(services, "readers", {KIND: reader})
    reader.strike = None
    due_now()
    while deliver():
        pass
    assert sorted(read()) == ["a", "b"]
    assert one("select count(*) from outbox_letter where delivered_at is null") == 0


def test_two_carriers_at_once_read_each_letter_once_and_in_order(fresh_database: None, reader: Reader) -> None:
    words = [f"{subject}{place}" for place in range(6) for subject in "pqr"]
    for word in words:
        post(word, subject=word[0])
    gate = threading.Barrier(3)

    def carry(_: int) -> int:
        try:
            gate.wait(timeout=20)
            total = 0
            for _turn in range(12):
                total += deliver()
            return total
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(carry, range(3)))
    while count := deliver():
        told.append(count)
    found = read()
    assert sorted(found) == sorted(words)
    for subject in "pqr":
        assert [word for word in found if word[0] == subject] == [f"{subject}{place}" for place in range(6)]
    assert sum(told) == 18
    with inside(house(GROUP)):
        assert Receipt.objects.count() == 18


@pytest.mark.django_db
def test_system_words_travel_as_text_and_come_back_whole() -> None:
    sent = letter("协议\n一")
    again = ReportingScopeAgreed.read({**sent.body(), "of_a_newer_sender": 1})
    assert again == sent
    assert SYSTEM.label == "SYSTEM:zaidan"
