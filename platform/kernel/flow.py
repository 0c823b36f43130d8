"""The states of a thing as one table.

A room writes its machine down once, as data; `move` is the only function that changes a state, and
`docs/states.md` is printed from the same table. A table that cannot be right (a state nobody reaches, one
nobody leaves, an event with two outcomes) fails when it is imported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import Conflict, gettext_noop


class WrongState(Conflict):
    """The event is not possible in the state that the thing is in."""

    code = "WRONG_STATE"
    sentence = gettext_noop("“%(event)s” is not possible while this %(thing)s is in state “%(state)s”.")


class BrokenFlow(ValueError):
    """A table of states that contradicts itself: a mistake in the program, not of a user."""


@dataclass(frozen=True)
class Move:
    """One row of the table: `event` takes a thing from any of `sources` to `target`.

    `guard` and `effect` say in words what must hold and what follows; the verb that calls `move` does both.
    """

    event: str
    sources: tuple[str, ...]
    target: str
    guard: str = ""
    effect: str = ""


class Flow:
    """A named table of states and moves of things whose state stands in their attribute `column`.

    `states` maps each code to its label, `initial` is where a thing begins, `final` lists the states that
    nothing leaves; `events` may give events the names that a refusal shows. Raises BrokenFlow when the table contradicts itself.
    """

    def __init__(
        self,
        name: str,
        title: Any,
        states: Mapping[str, Any],
        initial: str,
        moves: Iterable[Move],
        final: Iterable[str] = (),
        events: Mapping[str, Any] | None = None,
        column: str = "state",
    ) -> None:
        self.name, self.title, self.initial, self.column = name, title, initial, column
        self.labels = dict(events or {})
        self.states = dict(states)
        self.moves = tuple(moves)
        self.final = frozenset(final)
        self._table: dict[tuple[str, str], Move] = {}
        for move in self.moves:
            sources = (move.sources,) if isinstance(move.sources, str) else move.sources
            for source in sources:
                if (source, move.event) in self._table:
                    raise BrokenFlow(f"{name}: event {move.event} leaves {source} twice")
                self._table[source, move.event] = move
        self._check()

    def _check(self) -> None:
        named = {self.initial, *self.final, *(source for source, _ in self._table), *(m.target for m in self.moves)}
        if unknown := sorted(named - set(self.states)):
            raise BrokenFlow(f"{self.name}: unknown state {', '.join(unknown)}")
        exits: dict[str, set[str]] = {state: set() for state in self.states}
        for (source, _), move in self._table.items():
            exits[source].add(move.target)
        reached, edge = {self.initial}, [self.initial]
        while edge:
            new = exits[edge.pop()] - reached
            reached |= new
            edge.extend(new)
        if lost := [state for state in self.states if state not in reached]:
            raise BrokenFlow(f"{self.name}: nothing leads to state {', '.join(lost)}")
        if stuck := [state for state in self.states if not exits[state] and state not in self.final]:
            raise BrokenFlow(f"{self.name}: nothing leaves state {', '.join(stuck)}, and it is not final")
        if leaving := sorted(state for state in self.final if exits[state]):
            raise BrokenFlow(f"{self.name}: final state {', '.join(leaving)} has an exit")

    def move(self, thing: Any, event: str) -> Move:
        """Set the state of the thing to where `event` leads and return the row used; the caller saves. Raises WrongState."""
        state = getattr(thing, self.column)
        move = self._table.get((state, event))
        if move is None:
            label = self.states.get(state, state)
            raise WrongState(event=self.labels.get(event, event), thing=self.title, state=label)
        setattr(thing, self.column, move.target)
        return move

    def events(self, state: str) -> list[str]:
        """Return the events possible in `state`, in the order of the table."""
        return [move.event for move in self.moves if self._table.get((state, move.event)) is move]

    def markdown(self) -> str:
        """Return this machine as a section of docs/states.md: a drawing and the table."""
        lines = [f"## {self.title} (`{self.name}`)", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {source} --> {move.target}: {event}" for (source, event), move in self._table.items()]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.final]
        lines += ["```", "", "| State | Meaning |", "|---|---|"]
        lines += [f"| `{state}` | {label} |" for state, label in self.states.items()]
        lines += ["", "| Event | From | To | Only if | Then |", "|---|---|---|---|---|"]
        for move in self.moves:
            sources = [source for source in self.states if self._table.get((source, move.event)) is move]
            cells = (
                f"`{move.event}`",
                ", ".join(f"`{s}`" for s in sources),
                f"`{move.target}`",
                move.guard,
                move.effect,
            )
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"
