"""The tables of states are the machines that run, and docs/states.md is printed from them."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from kernel.flow import WrongState
from tenants.applications.flow import APPLICATION
from tenants.guarantees.flow import GUARANTEE


class Thing:
    def __init__(self, state):
        self.state = state


def test_the_document_is_what_the_tables_say(tmp_path):
    call_command("states", "--check")
    file = tmp_path / "states.md"
    call_command("states", "--file", file)
    file.write_text(file.read_text().replace("`draw_all`", "`draw_some`"))
    with pytest.raises(CommandError, match=r"manage\.py states"):
        call_command("states", "--check", "--file", file)


@pytest.mark.parametrize("flow", [APPLICATION, GUARANTEE], ids=lambda flow: flow.name)
def test_whatever_the_table_does_not_name_is_refused_in_words(flow):
    events = {move.event for move in flow.moves}
    for state in flow.states:
        for event in events - set(flow.events(state)):
            thing = Thing(state)
            with pytest.raises(WrongState) as refusal:
                flow.move(thing, event)
            assert thing.state == state
            assert str(flow.states[state]) in str(refusal.value)


@pytest.mark.parametrize("flow", [APPLICATION, GUARANTEE], ids=lambda flow: flow.name)
def test_every_event_has_a_name_for_people(flow):
    assert set(flow.labels) == {move.event for move in flow.moves}
