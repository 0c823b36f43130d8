"""Where a drawing leads: reach, order, what lies ahead, and whether every case must be able to end.

Soundness is decided by walking every marking of the drawing as a Petri net with free choices: places are arrows, a
task or exclusive gateway moves one token, a parallel gateway takes one from each arrow in and puts one on each out.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kernel.approval.drawing.conditions import NoAnswer, holds
from kernel.approval.drawing.reading import END, EXCLUSIVE, PARALLEL, START, TASK, Arrow, Drawing

_MAX_MARKINGS = 4000
Marking = frozenset[str]


def downstream(drawing: Drawing, element: str) -> set[str]:
    """Return every element that can come after `element`; itself only when it lies on a loop."""
    return _walk(drawing, [arrow.target for arrow in drawing.out(element)])


def upstream(drawing: Drawing, elements: Iterable[str]) -> set[str]:
    """Return `elements` and every element from which one of them can be reached."""
    seen: set[str] = set()
    edge = list(elements)
    while edge:
        element = edge.pop()
        if element not in seen:
            seen.add(element)
            edge.extend(arrow.source for arrow in drawing.into(element))
    return seen


def _walk(drawing: Drawing, edge: list[str], barred: Collection[str] = ()) -> set[str]:
    seen: set[str] = set()
    while edge:
        element = edge.pop()
        if element not in seen and element not in barred:
            seen.add(element)
            edge.extend(arrow.target for arrow in drawing.out(element))
    return seen


def reachable(drawing: Drawing, barred: Collection[str] = ()) -> set[str]:
    """Return what the start leads to without passing through `barred`."""
    return _walk(drawing, [start.id for start in drawing.of_kind(START)], barred)


@lru_cache(maxsize=128)
def order(drawing: Drawing) -> dict[str, int]:
    """Return a place in line for each element: after everything that leads to it, loops left aside."""
    line: list[str] = []
    state: dict[str, int] = {}
    for root in [e.id for e in drawing.of_kind(START)] + list(drawing.elements):
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            if leaving:
                line.append(element)
            elif element not in state:
                state[element] = 1
                stack.append((element, True))
                # First drawn must come out first, so it is pushed so as to be finished last.
                stack.extend((arrow.target, False) for arrow in drawing.out(element))
    return {element: place for place, element in enumerate(reversed(line))}


def ahead(drawing: Drawing, now: Iterable[str], facts: Mapping[str, Any]) -> list[str]:
    """Return the tasks that will follow the open ones if the facts stay as they are, in order.

    A condition that has no answer yet counts both ways: better a task too many in a forecast than one too few.
    """
    now = list(now)
    seen: set[str] = set()
    edge = [arrow.target for element in now for arrow in drawing.out(element)]
    while edge:
        element = edge.pop()
        if element not in seen:
            seen.add(element)
            edge.extend(arrow.target for arrow in likely(drawing, element, facts))
    place = order(drawing)
    return sorted((e for e in seen if drawing.elements[e].kind == TASK and e not in now), key=place.__getitem__)


def likely(drawing: Drawing, element: str, facts: Mapping[str, Any]) -> tuple[Arrow, ...]:
    """Return the arrows that a token leaving `element` would take now."""
    arrows = drawing.out(element)
    node = drawing.elements[element]
    if node.kind != EXCLUSIVE or len(arrows) < 2:
        return arrows
    open_ways: list[Arrow] = []
    for arrow in arrows:
        if arrow.id == node.default:
            continue
        try:
            if holds(arrow.condition, facts):
                return (*open_ways, arrow)
        except NoAnswer:
            open_ways.append(arrow)
    return (*open_ways, *(arrow for arrow in arrows if arrow.id == node.default))


def passed_over(drawing: Drawing, taken: Arrow) -> list[str]:
    """Return the tasks that a gateway leaves out by taking `taken`: on another way out, not to be met on this one."""
    others = [arrow.target for arrow in drawing.out(taken.source) if arrow.id != taken.id]
    lost = _walk(drawing, others) - _walk(drawing, [taken.target])
    place = order(drawing)
    return sorted((e for e in lost if drawing.elements[e].kind == TASK), key=place.__getitem__)


@dataclass(frozen=True)
class Soundness:
    """`stuck`: elements before which a case can wait for ever; `doubled`: elements that could run twice at once."""

    stuck: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    too_large: bool = False


def soundness(drawing: Drawing, first: Marking | None = None) -> Soundness:
    """Walk every marking that can follow `first`, by default the one after the start."""
    if first is None:
        first = frozenset(arrow.id for start in drawing.of_kind(START) for arrow in drawing.out(start.id))
    before: dict[Marking, set[Marking]] = {first: set()}
    doubled: set[str] = set()
    edge = deque([first])
    while edge:
        marking = edge.popleft()
        for consumed, produced in _moves(drawing, marking):
            rest = marking - consumed
            if clash := rest & produced:
                doubled |= {drawing.arrows[arrow].target for arrow in clash}
                continue
            after = rest | produced
            if after not in before:
                before[after] = set()
                edge.append(after)
            before[after].add(marking)
        if len(before) > _MAX_MARKINGS:
            return Soundness(too_large=True)
    ending = _backwards(before, frozenset())
    stuck = {drawing.arrows[arrow].target for marking in before if marking not in ending for arrow in marking}
    waiting = {element for element in stuck if drawing.elements[element].kind == PARALLEL} or stuck
    return Soundness(tuple(sorted(waiting)) if not doubled else (), tuple(sorted(doubled)))


def _backwards(before: Mapping[Marking, set[Marking]], goal: Marking) -> set[Marking]:
    seen: set[Marking] = set()
    edge = [goal] if goal in before else []
    while edge:
        marking = edge.pop()
        if marking not in seen:
            seen.add(marking)
            edge.extend(before[marking])
    return seen


def _moves(drawing: Drawing, marking: Marking) -> Iterable[tuple[Marking, Marking]]:
    for target in {drawing.arrows[arrow].target for arrow in marking}:
        arrivals = [arrow.id for arrow in drawing.into(target) if arrow.id in marking]
        exits = [arrow.id for arrow in drawing.out(target)]
        kind = drawing.elements[target].kind
        if kind == PARALLEL:
            if len(arrivals) == len(drawing.into(target)):
                yield frozenset(arrivals), frozenset(exits)
            continue
        for arrival in arrivals:
            if kind == END:
                yield frozenset([arrival]), frozenset()
            elif kind == EXCLUSIVE:
                for leaving in exits:
                    yield frozenset([arrival]), frozenset([leaving])
            else:
                yield frozenset([arrival]), frozenset(exits)
