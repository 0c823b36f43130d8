"""The only writer of the trail."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.audit.models import Entry


def _plain(value: Any) -> str:
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot stand in an audit line")


def leave(*, actor: Any, act: str, subject: str, facts: dict[str, Any] | None = None) -> None:
    """Leave one line in the caller's transaction. `subject` is "guarantee:12"; `facts` are primitives.

    The database gives the line its place and its hash when the transaction commits, so concurrent
    work waits for the chain only at that moment.
    """
    text = json.dumps(facts or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    Entry.objects.create(actor_id=actor.id, actor=actor.label, act=act, subject=subject, facts=text)
