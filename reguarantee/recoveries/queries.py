"""Reads of recoveries: the list, one with its parts, what is overdue, and the sums that the losses need."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from kernel.cash.models import Due
from kernel.errors import NotFound, gettext_noop
from reguarantee.recoveries.models import Recovery, Share, WriteOff
from reguarantee.recoveries.services.standing import alive, borne, group_side

__all__ = ["ANSWERS", "by_party", "get", "held", "late", "listing", "money_of", "of_filing", "overdue", "sums", "write_offs"]

ANSWERS = Recovery.Answer.choices


class NoSuchRecovery(NotFound):
    code = "NO_SUCH_GROUP_RECOVERY"
    sentence = gettext_noop("There is no such recovery.")


def listing(*, member_code: str = "", open_only: bool = False) -> QuerySet[Recovery]:
    """Recoveries, newest first; adds `arrived_fen`, what came of the part to be passed on. One statement."""
    due = Due.objects.filter(key=OuterRef("key"))
    rows = Recovery.objects.select_related("filing").annotate(
        arrived_fen=Coalesce(Subquery(due.values("moved_fen")), 0, output_field=BigIntegerField()),
        expected_fen=Coalesce(Subquery(due.values("fen")), 0, output_field=BigIntegerField()),
    )
    if member_code:
        rows = rows.filter(member_code=member_code)
    return rows.filter(remit_fen__gt=0, expected_fen__gt=F("arrived_fen")) if open_only else rows


def late(rows: QuerySet[Recovery], *, today: date) -> QuerySet[Recovery]:
    """Of a listing: parts that should have been passed on by now and have not come."""
    return rows.filter(due_on__lt=today, expected_fen__gt=F("arrived_fen"))


def overdue(*, today: date) -> QuerySet[Recovery]:
    """The late ones, the oldest first."""
    return late(listing(), today=today).order_by("due_on", "id")


def get(recovery_id: int) -> Recovery:
    """Raises NoSuchRecovery."""
    row = listing().prefetch_related("shares").filter(pk=recovery_id).first()
    if row is None:
        raise NoSuchRecovery
    return row


def of_filing(filing_id: int) -> QuerySet[Recovery]:
    """Recoveries of one filing, oldest first, with their parts."""
    return listing().filter(filing_id=filing_id).prefetch_related("shares").order_by("id")


def money_of(row: Recovery) -> QuerySet[Due]:
    """What is due because of one recovery: from the member, to the funds, and back."""
    return Due.objects.filter(Q(key=row.key) | Q(subject=f"recovery:{row.pk}")).order_by("id")


def held(row: Recovery) -> int:
    """What the member keeps of the group's part until it is taken off a claim, in fen; nothing of one that was undone."""
    if row.filing is None or row.reverses_id or hasattr(row, "reversed_by"):
        return 0
    return max(sum(group_side(row.shares.all(), borne(alive(row.filing))).values()) - row.netted_fen, 0)


def by_party(filing_id: int) -> dict[str, int]:
    """What came back for each party of a filing, in fen (reversals taken off)."""
    rows = Share.objects.filter(recovery__filing_id=filing_id).order_by().values("party").annotate(total=Sum("fen"))
    return {row["party"]: row["total"] for row in rows}


def sums() -> dict[str, Any]:
    """Totals of all recoveries in fen, and how many there are: net, to be passed on, held."""
    return Recovery.objects.aggregate(
        net_fen=Coalesce(Sum("net_fen"), 0), remit_fen=Coalesce(Sum("remit_fen"), 0), held_fen=Coalesce(Sum("held_fen"), 0)
    )


def write_offs() -> QuerySet[WriteOff]:
    """Write-offs that members reported, newest first."""
    return WriteOff.objects.select_related("filing")
