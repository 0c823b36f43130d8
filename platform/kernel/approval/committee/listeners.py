"""Who wants to know what a committee decided. The kernel knows no business: rooms register themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Listener:
    """`on_decided(*, subject, outcome, conditions, actor, today)`; `page(subject)` is the address of the matter."""

    on_decided: Callable[..., None]
    page: Callable[[str], str] | None = None


_LISTENERS: dict[str, Listener] = {}


def register(subject_kind: str, on_decided: Callable[..., None], page: Callable[[str], str] | None = None) -> None:
    """Let decisions about `subject_kind` ("admission" of "admission:12") reach this function."""
    listener = Listener(on_decided, page)
    if _LISTENERS.setdefault(subject_kind, listener) != listener:
        raise ImproperlyConfigured(f"Two rooms listen to the committee about {subject_kind}")


def of(subject: str) -> Listener | None:
    """The listener of a subject, if its room has one."""
    return _LISTENERS.get(subject.partition(":")[0])
