"""What each channel and each introducer brought, from application to compensation (PAR-32, PAR-33)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from kernel.access.queries import visible
from tenants.applications import queries as applications
from tenants.guarantees.figures import IN_FORCE
from tenants.guarantees.models import Guarantee

BY = ("channel", "introducer")


@dataclass(frozen=True)
class Brought:
    """One channel's or introducer's results, as far as the user's data scope goes. Amounts are fen.

    `pk` None: nobody was named, guarantees from outside included, so that the rows add up to the whole book.
    `compensated_fen` is what was paid to banks on `compensated` guarantees.
    """

    pk: int | None
    name: str
    kind: str
    is_active: bool
    applications: int
    asked_fen: int
    approved: int
    approved_fen: int
    in_force: int
    balance_fen: int
    compensated: int
    compensated_fen: int


def came_by(by: str) -> Coalesce:
    """The channel (or introducer) of a guarantee: its application's; an extension has none, so that of what it extends."""
    return Coalesce(f"application__{by}_id", f"extends__application__{by}_id")


def by_it(rows: QuerySet[Guarantee], by: str, pk: str) -> QuerySet[Guarantee]:
    """Guarantees that came by one channel (or introducer), or by none that was named ("null")."""
    wanted = {"came_by__isnull": True} if pk == "null" else {"came_by": pk}
    return rows.annotate(came_by=came_by(by)).filter(**wanted)


def brought(user: Any, by: str = "channel") -> list[Brought]:
    """Every channel (or introducer) that is open or brought something, most approved first. Three statements.

    Applications are those that the user sees, drafts too; guarantees likewise, found by their application.
    """
    assert by in BY
    passed = Q(state__in=applications.PASSED)
    open_now, paid = Q(state__in=IN_FORCE), Q(state=Guarantee.State.COMPENSATED)
    asked = _by(
        f"{by}_id",
        applications.book(user),
        applications=Count("pk"),
        asked_fen=Sum("amount_fen"),
        approved=Count("pk", filter=passed),
        approved_fen=Sum("approved_fen", filter=passed),
    )
    held = _by(
        "came_by",
        visible(user, Guarantee.objects.annotate(came_by=came_by(by))),
        in_force=Count("pk", filter=open_now),
        balance_fen=Sum("balance_fen", filter=open_now),
        compensated=Count("pk", filter=paid),
        compensated_fen=Sum("compensation_fen", filter=paid),
    )
    names = ("applications", "asked_fen", "approved", "approved_fen", "in_force", "balance_fen", "compensated", "compensated_fen")
    rows = []
    register: Any = applications.channels() if by == "channel" else applications.introducers()
    for one in [*register, None]:
        pk = one.pk if one else None
        figures = {name: ({**asked.get(pk, {}), **held.get(pk, {})}.get(name) or 0) for name in names}
        if any(figures.values()) or (one is not None and one.is_active):
            kind = one.get_kind_display() if one and by == "channel" else ""
            rows.append(Brought(pk=pk, name=str(one or ""), kind=kind, is_active=one.is_active if one else True, **figures))
    return sorted(rows, key=lambda row: (row.pk is None, -row.approved_fen, row.name))


def _by(key: str, rows: Any, **sums: Any) -> dict[int | None, dict[str, int]]:
    return {row.pop(key): row for row in rows.order_by().values(key).annotate(**sums)}
