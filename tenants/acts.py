"""One act of a member's house: one transaction whose author stands beside every old value it replaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pghistory
from django.db import transaction

_under_way: ContextVar[bool] = ContextVar("act_under_way", default=False)


@contextmanager
def act(name: str, *, actor: Any) -> Iterator[None]:
    """Run a verb's body in one transaction; rows it changes keep their old values with act and actor.

    `name` is "guarantees.draw". The verb itself leaves its audit line, because only it knows the facts. A verb that
    another verb calls is part of that one's act: it fails with it, so it needs no savepoint of its own.
    """
    if _under_way.get():
        yield
        return
    with transaction.atomic(), pghistory.context(act=name, actor=actor.label, actor_id=actor.id):
        token = _under_way.set(True)
        try:
            yield
        finally:
            _under_way.reset(token)
