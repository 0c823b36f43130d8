"""The portal's pages answer as all pages do (desks.pages); one manner is its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desks.pages import Request, acted, answered, came_from, dialog, form_page, handed, here, page, posted, sent, today

__all__ = [
    "Request", "acted", "answered", "came_from", "dialog", "form_page", "handed", "here", "page", "posted", "sent", "today",
    "with_present",
]  # fmt: skip


def with_present(choices: Sequence[tuple[str, Any]], value: str | None) -> list[tuple[str, Any]]:
    """Choices that include the value asked for: a link from a chart may name what a list of partners no longer holds."""
    known = list(choices)
    if value and value not in dict(known):
        known.append((value, value))
    return known
