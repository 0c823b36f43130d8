"""Who wants to know what a committee decided. The kernel knows no business: rooms register themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Matter:
    """Something that waits for a meeting. `authors` are the ids of those who entered or prepared it: they are recused."""

    subject: str
    title: str
    authors: tuple[int, ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class Listener:
    """`on_decided(*, subject, outcome, conditions, actor, today)`; `page(subject)` is the address of the matter.

    `waiting()` lists the Matters of the room that wait for a meeting of the committee `rule` (CommitteeRule.code). Both
    houses run in one process: a room is asked only in a house that has this committee.
    """

    on_decided: Callable[..., None]
    page: Callable[[str], str] | None = None
    waiting: Callable[[], Iterable[Matter]] | None = None
    rule: str = ""


_LISTENERS: dict[str, Listener] = {}


def register(
    subject_kind: str,
    on_decided: Callable[..., None],
    page: Callable[[str], str] | None = None,
    waiting: Callable[[], Iterable[Matter]] | None = None,
    rule: str = "",
) -> None:
    """Let decisions about `subject_kind` ("admission" of "admission:12") reach this function."""
    listener = Listener(on_decided, page, waiting, rule)
    if _LISTENERS.setdefault(subject_kind, listener) != listener:
        raise ImproperlyConfigured(f"Two rooms listen to the committee about {subject_kind}")


def of(subject: str) -> Listener | None:
    """The listener of a subject, if its room has one."""
    return _LISTENERS.get(subject.partition(":")[0])


def waiting(rules: Collection[str]) -> list[Matter]:
    """What the rooms have that waits for a meeting of one of these committees."""
    asked = [listener.waiting for listener in _LISTENERS.values() if listener.waiting and listener.rule in rules]
    return [matter for ask in asked for matter in ask()]
