"""What must be right before a drawing may be published. The engine checks none of this (ui.md 2.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kernel.approval.drawing import conditions
from kernel.approval.drawing.paths import reachable, soundness, upstream
from kernel.approval.drawing.reading import END, EXCLUSIVE, PARALLEL, START, TASK, Drawing, Element
from kernel.errors import gettext_noop


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: a stable code, the element to mark in the drawing, a sentence and its facts."""

    code: str
    element: str
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.facts


def lint(drawing: Drawing) -> list[Finding]:
    """Return everything that is wrong with `drawing`; an empty list means that it may be published."""
    findings = [*_ends(drawing), *_tasks(drawing), *_gateways(drawing), *_ways(drawing)]
    # Walking all markings only makes sense once the single parts are right.
    return findings or [*_order(drawing)]


def _finding(code: str, element: Element | None, sentence: str, **facts: Any) -> Finding:
    name = (element.name_zh or element.id) if element else ""
    return Finding(code, element.id if element else "", sentence, {"name": name, **facts})


def _ends(drawing: Drawing) -> Iterator[Finding]:
    starts, ends = drawing.of_kind(START), drawing.of_kind(END)
    if len(starts) != 1:
        yield _finding("ONE_START", None, gettext_noop("A drawing has exactly one start."))
    if not ends:
        yield _finding("NO_END", None, gettext_noop("The drawing has no end."))
    for start in starts:
        if drawing.into(start.id):
            yield _finding("INTO_START", start, gettext_noop("No arrow may lead back to the start."))
    for end in ends:
        if drawing.out(end.id):
            yield _finding("OUT_OF_END", end, gettext_noop("No arrow may leave an end."))


def _tasks(drawing: Drawing) -> Iterator[Finding]:
    if not any(not task.entry for task in drawing.tasks()):
        yield _finding("NO_REVIEW", None, gettext_noop("Nobody reviews anything in this drawing."))
    for task in drawing.tasks():
        if not task.post:
            yield _finding("MISSING_POST", task, gettext_noop("“%(name)s” names no post."))
        if not task.name_zh:
            yield _finding("MISSING_NAME", task, gettext_noop("The task “%(name)s” has no name."))
        for fault in task.faults:
            yield _finding(
                "BAD_PROPERTY", task, gettext_noop("The property “%(property)s” of “%(name)s” is wrong."), property=fault
            )
    entries = [task for task in drawing.tasks() if task.entry]
    for entry in entries:
        if len(entries) > 1 or not any(drawing.elements[a.source].kind == START for a in drawing.into(entry.id)):
            yield _finding("ENTRY_NOT_FIRST", entry, gettext_noop("“%(name)s” is the applicant's task: one, and the first."))


def _gateways(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.elements.values():
        arrows = drawing.out(element.id)
        if element.kind in (START, TASK) and len(arrows) > 1:
            yield _finding("MANY_WAYS", element, gettext_noop("Only a gateway may have several ways out: “%(name)s”."))
        targets = [arrow.target for arrow in arrows]
        if len(targets) != len(set(targets)):
            yield _finding("DOUBLE_ARROW", element, gettext_noop("Two arrows lead from “%(name)s” to the same place."))
        chooses = element.kind == EXCLUSIVE and len(arrows) > 1
        if chooses and element.default not in {arrow.id for arrow in arrows}:
            yield _finding("MISSING_DEFAULT", element, gettext_noop("“%(name)s” has no default way out."))
        for arrow in arrows:
            label = arrow.name_zh or arrow.id
            must = chooses and arrow.id != element.default
            if must and not arrow.condition:
                yield _finding("MISSING_CONDITION", element, gettext_noop("The way “%(way)s” has no condition."), way=label)
            elif arrow.condition and not must:
                yield _finding("IDLE_CONDITION", element, gettext_noop("The condition of “%(way)s” never counts."), way=label)
            elif arrow.condition and (reason := conditions.fault(arrow.condition)):
                yield _finding(
                    "BAD_CONDITION",
                    element,
                    gettext_noop("The condition of “%(way)s” is not an expression: %(reason)s"),
                    way=label,
                    reason=reason,
                )


def _ways(drawing: Drawing) -> Iterator[Finding]:
    reached = reachable(drawing)
    leading = upstream(drawing, [end.id for end in drawing.of_kind(END)])
    for element in drawing.elements.values():
        if element.id not in reached:
            yield _finding("UNREACHABLE", element, gettext_noop("Nothing leads to “%(name)s”."))
        if element.id not in leading:
            yield _finding("DEAD_END", element, gettext_noop("From “%(name)s” no way leads to an end."))


def _order(drawing: Drawing) -> Iterator[Finding]:
    for gateway in drawing.of_kind(EXCLUSIVE, PARALLEL):
        if _turns_alone(drawing, gateway):
            yield _finding("IDLE_LOOP", gateway, gettext_noop("The loop through “%(name)s” has no task in it."))
    reviewing = [task.id for task in drawing.tasks() if not task.entry]
    if any(drawing.elements[e].kind == END for e in reachable(drawing, barred=reviewing)):
        yield _finding("UNREVIEWED", None, gettext_noop("One way leads to an end past every reviewing task."))
    result = soundness(drawing)
    if result.too_large:
        yield _finding("TOO_LARGE", None, gettext_noop("The drawing has too many parallel ways to be checked."))
    for identifier in result.stuck:
        element = drawing.elements[identifier]
        yield _finding("STUCK", element, gettext_noop("A case can wait at “%(name)s” for ever."))
    for identifier in result.doubled:
        element = drawing.elements[identifier]
        yield _finding("DOUBLED", element, gettext_noop("“%(name)s” can be reached twice at once: join the ways first."))


def _turns_alone(drawing: Drawing, gateway: Element) -> bool:
    """Return whether a circle of gateways alone leads back to `gateway`: the engine would turn in it for ever."""
    seen: set[str] = set()
    edge = [arrow.target for arrow in drawing.out(gateway.id)]
    while edge:
        element = edge.pop()
        if element == gateway.id:
            return True
        if element not in seen and drawing.elements[element].kind != TASK:
            seen.add(element)
            edge.extend(arrow.target for arrow in drawing.out(element))
    return False
