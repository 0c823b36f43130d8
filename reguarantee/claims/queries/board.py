"""All claims: by state, the late ones first, with the money of each stage."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery, Sum

from reguarantee.claims.models import Claim, Status, Step

STATUSES = Status.choices
WAITING = (Status.RECEIVED, Status.CHECKING, Status.REVIEWING, Status.APPROVED, Status.PAYING)


def listing() -> QuerySet[Claim]:
    """Claims with `due_on` of our clock that runs; those whose clock ends first, first. The appeal's is the member's."""
    clock = Step.objects.filter(claim=OuterRef("pk"), closed_on=None).exclude(status=Status.REJECTED)
    rows = Claim.objects.select_related("filing", "treaty_version__treaty")
    return rows.annotate(due_on=Subquery(clock.values("due_on")[:1], output_field=DateField())).order_by(
        F("due_on").asc(nulls_last=True), "-id"
    )


def overdue(today: date) -> QuerySet[Claim]:
    """Claims whose clock has run out, the latest first."""
    return listing().filter(due_on__lt=today)


def board(today: date) -> list[dict[str, Any]]:
    """Per state: `{"status", "label", "count", "late"}` and the sum of each amount in fen; one statement."""
    rows = (
        listing()
        .order_by()
        .values("status")
        .annotate(
            count=Count("id"),
            late=Count("id", filter=Q(due_on__lt=today)),
            **{f"sum_{name}": Sum(name) for name in ("asked_fen", "checked_fen", "approved_fen", "netted_fen", "paid_fen")},
        )
    )
    found = {row["status"]: row for row in rows}
    result = []
    for status, label in STATUSES:
        row = found.get(status, {})
        sums = {
            name: row.get(f"sum_{name}") or 0 for name in ("asked_fen", "checked_fen", "approved_fen", "netted_fen", "paid_fen")
        }
        result.append({"status": status, "label": label, "count": row.get("count", 0), "late": row.get("late", 0), **sums})
    return result


def totals(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Of a board: the money of claims that are alive, in fen, and how many wait and are late."""
    alive = [row for row in rows if row["status"] not in ("REJECTED", "WITHDRAWN")]
    names = ("asked_fen", "checked_fen", "approved_fen", "netted_fen", "paid_fen")
    sums = {name: sum(row[name] for row in alive) for name in names}
    waiting = sum(row["count"] for row in rows if row["status"] in WAITING)
    return {**sums, "waiting": waiting, "late": sum(row["late"] for row in rows)}


def open_count() -> int:
    """Claims that wait for an officer: received or being checked."""
    return Claim.objects.filter(status__in=[Status.RECEIVED, Status.CHECKING]).count()
