"""The demo's post is read on the day it was written, in the transaction of the step that wrote it.

The story spans two years; a filing of last spring was answered last spring. And since nobody else can see the letters before
the step commits, a worker that runs beside the telling never answers them today.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction

from infra import wiring
from kernel import letters
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import PUBLIC, inside

_DAYS = ("filed_on", "submitted_on", "decided_on", "answered_on", "reported_on", "on", "effective_on")


def deliver(day: date) -> None:
    """Read all that is due. A letter that names its own day is read on that one, any other on `day`."""

    def read(letter: letters.Letter, **told: Any) -> None:
        own = next((value for name in _DAYS if (value := getattr(letter, name, None)) is not None), None)
        wiring.read(letter, **{**told, "today": own or day})

    standing = dict(outbox.readers)
    outbox.readers.update(dict.fromkeys(letters.LETTERS, read))
    try:
        with inside(PUBLIC):
            while outbox.deliver(house_of=registry.institution, enter=inside):
                pass
    finally:
        outbox.readers.clear()
        outbox.readers.update(standing)


@contextmanager
def step() -> Iterator[None]:
    """One step of the story: what it does in all houses, and its post, is there at once or not at all."""
    with inside(PUBLIC), transaction.atomic():
        yield
