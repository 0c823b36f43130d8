"""kernel.flow: a machine that contradicts itself does not start, and only its table moves a state."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict
from kernel.flow import BrokenFlow, Flow, Move, WrongState

STATES = {"DRAFT": "Draft", "SUBMITTED": "Submitted", "RETURNED": "Returned", "ACCEPTED": "Accepted"}
MOVES = [
    Move("submit", ("DRAFT", "RETURNED"), "SUBMITTED", guard="all papers are there", effect="tells the group"),
    Move("return", ("SUBMITTED",), "RETURNED"),
    Move("accept", ("SUBMITTED",), "ACCEPTED"),
]


def filing(**changes: Any) -> Flow:
    parts = {"name": "filing", "title": "Filing", "states": STATES, "initial": "DRAFT", "moves": MOVES}
    return Flow(**{**parts, "final": ("ACCEPTED",), **changes})


@dataclass
class Thing:
    state: str = "DRAFT"


def test_an_event_moves_the_state_and_tells_which_row_it_used() -> None:
    thing = Thing()
    assert filing().move(thing, "submit") is MOVES[0]
    assert thing.state == "SUBMITTED"


def test_an_event_out_of_place_is_refused_and_changes_nothing() -> None:
    thing = Thing("ACCEPTED")
    with pytest.raises(WrongState) as refused:
        filing().move(thing, "return")
    error = refused.value
    assert thing.state == "ACCEPTED"
    assert (error.code, error.status) == ("WRONG_STATE", 409) and isinstance(error, Conflict)
    assert str(error) == "“return” is not possible while this Filing is in state “Accepted”."


def test_a_state_that_the_table_does_not_know_is_refused() -> None:
    with pytest.raises(WrongState, match="LOST"):
        filing().move(Thing("LOST"), "submit")


def test_the_events_of_a_state_each_once() -> None:
    flow = filing(moves=[*MOVES, Move("leave", ("DRAFT",), "ACCEPTED"), Move("leave", ("SUBMITTED",), "RETURNED")])
    assert flow.events("DRAFT") == ["submit", "leave"]
    assert flow.events("SUBMITTED") == ["return", "accept", "leave"]
    assert flow.events("ACCEPTED") == []


@given(st.lists(st.sampled_from(["submit", "return", "accept"]), max_size=12))
def test_any_run_of_events_stays_inside_the_table(events: list[str]) -> None:
    flow, thing = filing(), Thing()
    for event in events:
        before = thing.state
        if event in flow.events(before):
            assert before in flow.move(thing, event).sources
        else:
            with pytest.raises(WrongState):
                flow.move(thing, event)
            assert thing.state == before
    assert thing.state in STATES


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"moves": [*MOVES, Move("lose", ("DRAFT",), "LOST")]}, "unknown state LOST"),
        ({"moves": [*MOVES, Move("find", ("LOST",), "DRAFT")]}, "unknown state LOST"),
        ({"initial": "LOST"}, "unknown state LOST"),
        ({"final": ("ACCEPTED", "LOST")}, "unknown state LOST"),
        (
            {"states": {**STATES, "FORGOTTEN": "Forgotten"}, "final": ("ACCEPTED", "FORGOTTEN")},
            "nothing leads to state",
        ),
        ({"final": ()}, "nothing leaves state ACCEPTED"),
        ({"final": ("ACCEPTED", "RETURNED")}, "final state RETURNED has an exit"),
        ({"moves": [*MOVES, Move("accept", ("SUBMITTED",), "RETURNED")]}, "event accept leaves SUBMITTED twice"),
        (
            {
                "states": {**STATES, "A": "A", "B": "B"},
                "moves": [*MOVES, Move("ping", ("A",), "B"), Move("pong", ("B",), "A")],
            },
            "nothing leads to state A, B",
        ),
    ],
)
def test_a_table_that_contradicts_itself_does_not_start(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BrokenFlow, match=complaint):
        filing(**changes)


def test_the_documentation_shows_the_whole_table() -> None:
    text = filing().markdown()
    assert text.startswith("## Filing (`filing`)\n")
    for line in (
        "    [*] --> DRAFT",
        "    DRAFT --> SUBMITTED: submit",
        "    RETURNED --> SUBMITTED: submit",
        "    ACCEPTED --> [*]",
        "| `RETURNED` | Returned |",
        "| `submit` | `DRAFT`, `RETURNED` | `SUBMITTED` | all papers are there | tells the group |",
    ):
        assert line in text.splitlines()
    assert text.count(" --> ") == 4 + 2
