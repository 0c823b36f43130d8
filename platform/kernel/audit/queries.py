"""Reads of the trail, and its verification."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kernel.audit.models import Entry

_GENESIS = "0" * 64


@dataclass(frozen=True)
class Verdict:
    """Result of a verification: how many lines stand, and the first one that does not with the reason."""

    lines: int
    broken_id: int | None = None
    reason: str = ""


def of(subject: str) -> QuerySet[Entry]:
    """The lines about one thing, newest first."""
    return Entry.objects.filter(subject=subject).order_by("-id")


def everything() -> QuerySet[Entry]:
    """The whole trail, newest first."""
    return Entry.objects.order_by("-id")


def facts(entry: Entry) -> dict[str, Any]:
    return json.loads(entry.facts)


def digest(previous: str, entry: Entry) -> str:
    """The hash that a line must carry; the same text as the trigger in migration 0001 builds."""
    at = entry.at.strftime("%Y-%m-%dT%H:%M:%S.%f")
    actor_id = "" if entry.actor_id is None else str(entry.actor_id)
    text = "\n".join([previous, str(entry.position), at, actor_id, entry.actor, entry.act, entry.subject, entry.facts])
    return hashlib.sha256(text.encode()).hexdigest()


def verify() -> Verdict:
    """Walk the whole chain of this institution and recompute each hash."""
    previous, position = _GENESIS, 0
    for entry in Entry.objects.order_by("position").iterator(chunk_size=2000):
        if entry.position is None:
            return Verdict(position, entry.id, "has no place in the chain")
        position += 1
        if entry.position != position:
            return Verdict(position - 1, entry.id, f"stands at {entry.position}, expected {position}")
        if entry.hash != digest(previous, entry):
            return Verdict(position - 1, entry.id, "was changed")
        previous = entry.hash
    return Verdict(position)
