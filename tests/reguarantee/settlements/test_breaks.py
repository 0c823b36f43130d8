"""The nightly comparison: each break kept by its row, found again, and cleared."""

from __future__ import annotations

from datetime import date, timedelta

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.letters import MoneyReported
from reguarantee.settlements import queries, services
from reguarantee.settlements.models import Break
from reguarantee.settlements.tasks import check
from tests.factories.houses import ANHE, BOYU
from tests.reguarantee.settlements.conftest import APRIL, MARCH, came, expect, went

People = dict[str, User]


def say(key: str, fen: int, *, sender: str = ANHE, said: str = "ARRIVED", reference: str = "") -> None:
    told = {"key": key, "purpose": "CLAIM", "fen": fen, "on": MARCH, "voucher_no": "V", "said": said, "reference": reference}
    services.open_money_reported(MoneyReported(**told), sender=sender, actor=Actor("LETTER", sender), today=APRIL)


def found() -> dict[str, str]:
    return {row.key: row.code for row in queries.breaks()}


def test_each_kind_is_named_by_its_row(people: People) -> None:
    expect(people, "claim:ANHE:1", "OUT", 1_000)
    went(people, "claim:ANHE:1")
    expect(people, "premium:ANHE:1", "IN", 600, on=MARCH)
    expect(people, "claim:ANHE:2", "OUT", 1_000, on=MARCH)
    say("claim:ANHE:2", 1_000)
    expect(people, "premium:ANHE:2", "IN", 600)
    came(people, "premium:ANHE:2", 600)
    say("premium:ANHE:2", 500, said="SENT")
    say("claim:ANHE:404", 7)
    assert services.check(today=APRIL) == {"found": 5, "new": 5, "cleared": 0}
    assert found() == {
        "claim:ANHE:1": "UNREPORTED",
        "premium:ANHE:1": "LATE",
        "claim:ANHE:2": "REPORTED_ONLY",
        "premium:ANHE:2": "DIFFERENT",
        "claim:ANHE:404": "UNEXPECTED",
    }
    assert queries.counts(today=APRIL) == dict.fromkeys(set(found().values()), 1)
    assert services.check(today=APRIL) == {"found": 5, "new": 0, "cleared": 0}, "a second run finds the same"


def test_what_agrees_again_is_cleared_and_may_come_back(people: People) -> None:
    expect(people, "claim:ANHE:1", "OUT", 1_000)
    went(people, "claim:ANHE:1")
    services.check(today=APRIL)
    say("claim:ANHE:1", 1_000, reference="a")
    assert services.check(today=APRIL + timedelta(days=1)) == {"found": 0, "new": 0, "cleared": 1}
    assert found() == {}
    say("claim:ANHE:1", -1_000, reference="b")
    services.check(today=APRIL + timedelta(days=2))
    assert found() == {"claim:ANHE:1": "UNREPORTED"}
    assert Break.objects.count() == 2


def test_a_letter_that_comes_twice_is_one_word(people: People) -> None:
    expect(people, "claim:ANHE:1", "OUT", 1_000)
    went(people, "claim:ANHE:1")
    for _ in range(2):
        say("claim:ANHE:1", 1_000, reference="a")
    assert services.check(today=APRIL)["found"] == 0


def test_a_neighbours_word_is_not_taken_for_the_members(people: People) -> None:
    expect(people, "claim:ANHE:1", "OUT", 1_000)
    went(people, "claim:ANHE:1")
    say("claim:ANHE:1", 1_000, sender=BOYU)
    services.check(today=APRIL)
    assert {(row.counterparty, row.code) for row in queries.breaks()} == {(ANHE, "UNREPORTED"), (BOYU, "UNEXPECTED")}


def test_the_task_runs_twice(people: People) -> None:
    expect(people, "premium:ANHE:1", "IN", 600, on=date(2026, 3, 1))
    first, second = (check.apply().get() for _ in range(2))
    assert (first["new"], second["new"], second["found"]) == (1, 0, 1)


def test_every_kind_vanishes_when_it_is_mended(people: People) -> None:
    """Each break is named by its row, and is gone from the board and from the night's list once its cause is mended."""
    expect(people, "claim:ANHE:1", "OUT", 1_000)
    went(people, "claim:ANHE:1")
    for number in (1, 2, 3):
        expect(people, f"premium:ANHE:{number}", "IN", 600)
    came(people, "premium:ANHE:2", 600)
    say("premium:ANHE:2", 500, said="SENT", reference="a")
    say("premium:ANHE:3", 600, said="SENT")
    say("claim:ANHE:404", 7, reference="a")
    services.check(today=APRIL)
    assert sorted(found().values()) == ["DIFFERENT", "LATE", "REPORTED_ONLY", "UNEXPECTED", "UNREPORTED"]
    say("claim:ANHE:1", 1_000)  # the member tells that it arrived
    came(people, "premium:ANHE:1", 600)
    say("premium:ANHE:1", 600, said="SENT")
    say("premium:ANHE:2", 100, said="SENT", reference="b")
    came(people, "premium:ANHE:3", 600)
    say("claim:ANHE:404", -7, reference="b")
    assert services.check(today=APRIL) == {"found": 0, "new": 0, "cleared": 5}
    assert found() == {} and queries.counts(today=APRIL) == {}
