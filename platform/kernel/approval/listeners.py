"""Who wants to know how a case ended. The kernel knows no business: a room registers itself in its AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Listener:
    """`on_closed(case=, outcome=, actor=, today=)`; optional: `on_returned(case=, to=, actor=, today=)`, and
    `on_resumed(case=, actor=, today=)` when a case sent back to its entry is handed in again.

    All run inside the transaction of the step: what they raise undoes it. `page(subject)` is the address that a
    message about the subject opens.
    """

    on_closed: Callable[..., None]
    on_returned: Callable[..., None] | None = None
    on_resumed: Callable[..., None] | None = None
    page: Callable[[str], str] | None = None


_LISTENERS: dict[str, Listener] = {}


def register(
    subject_kind: str,
    on_closed: Callable[..., None],
    *,
    on_returned: Callable[..., None] | None = None,
    on_resumed: Callable[..., None] | None = None,
    page: Callable[[str], str] | None = None,
) -> None:
    """Let cases about `subject_kind` ("application" of "application:12") report to these functions."""
    listener = Listener(on_closed, on_returned, on_resumed, page)
    if _LISTENERS.setdefault(subject_kind, listener) != listener:
        raise ImproperlyConfigured(f"Two rooms listen to approvals of {subject_kind}")


def find(subject: str) -> Listener | None:
    """Return the listener of a subject, if its room has one."""
    return _LISTENERS.get(subject.partition(":")[0])


def of(subject: str) -> Listener:
    """Return the listener of a subject. Without one a case could end unheard, so that is a mistake in the program."""
    kind = subject.partition(":")[0]
    if kind not in _LISTENERS:
        raise ImproperlyConfigured(f"No room listens to approvals of {kind}")
    return _LISTENERS[kind]
