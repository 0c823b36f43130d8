"""One act of a member's house: one transaction whose author stands beside every old value it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import transaction


@contextmanager
def act(name: str, *, actor: Any) -> Iterator[None]:
    """Run a verb's body in one transaction; rows it changes keep their old values with act and actor.

    `name` is "guarantees.draw". The verb itself leaves its audit line, because only it knows the facts.
    """
    with transaction.atomic(), pghistory.context(act=name, actor=actor.label, actor_id=actor.id):
        yield
