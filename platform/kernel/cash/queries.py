"""Reads of money: what is open, what moved, and the board that compares expected, reported and moved."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from kernel.cash import listeners
from kernel.cash.models import Allocation, Direction, Due, Movement, Order, Report
from kernel.cash.services import NoSuchDue, NoSuchMovement

__all__ = [
    "DIRECTIONS",
    "STATES",
    "board",
    "breaks",
    "due",
    "dues",
    "is_open",
    "movement",
    "movements",
    "of",
    "one",
    "order",
    "orders",
    "orphan_reports",
    "proposals",
    "proposed",
    "purposes",
    "reports",
    "settling",
    "sums",
    "unallocated",
    "waiting",
]

DIRECTIONS, STATES = Direction.choices, Order.State.choices


def due(key: str) -> Due:
    """Raises NoSuchDue."""
    found = Due.objects.filter(key=key).first()
    if found is None:
        raise NoSuchDue
    return found


def one(due_id: int) -> Due:
    """One due with its lines, what settled it, and its payments. Raises NoSuchDue."""
    rows = Due.objects.prefetch_related("lines", "orders", "allocations__movement")
    found = rows.filter(pk=due_id).first()
    if found is None:
        raise NoSuchDue
    return found


def order(order_id: int) -> Order:
    """Raises NoSuchDue."""
    found = Order.objects.select_related("due").filter(pk=order_id).first()
    if found is None:
        raise NoSuchDue
    return found


def waiting(key: str) -> Order | None:
    """The payment of a due that waits for confirmation, or None."""
    return Order.objects.filter(due__key=key, state=Order.State.PREPARED).first()


def movement(movement_id: int) -> Movement:
    """One movement with `allocated_fen`. Raises NoSuchMovement."""
    found = movements().prefetch_related("allocations__due").filter(pk=movement_id).first()
    if found is None:
        raise NoSuchMovement
    return found


def sums(*, today: date) -> dict[str, int]:
    """What is open and what is late, in fen, by direction; and how much is with us unmatched. Two statements."""
    left, late = F("fen") - F("moved_fen"), Q(due_on__lt=today)
    into, out = Q(direction=Direction.IN), Q(direction=Direction.OUT)
    found = Due.objects.aggregate(
        in_fen=Coalesce(Sum(left, filter=into), 0),
        out_fen=Coalesce(Sum(left, filter=out), 0),
        late_in_fen=Coalesce(Sum(left, filter=into & late), 0),
        late_out_fen=Coalesce(Sum(left, filter=out & late), 0),
    )
    found["unmatched_fen"] = unallocated().aggregate(total=Coalesce(Sum(F("fen") - F("allocated_fen")), 0))["total"]
    return found


def purposes() -> list[str]:
    """Codes of everything that money was ever due for."""
    return list(Due.objects.order_by("purpose").values_list("purpose", flat=True).distinct())


def of(subject: str) -> QuerySet[Due]:
    """The dues of one subject, oldest first."""
    return Due.objects.filter(subject=subject).prefetch_related("lines", "allocations__movement", "orders")


def dues(*, purposes: tuple[str, ...] = (), counterparty: str = "", open_only: bool = False) -> QuerySet[Due]:
    """Dues, oldest first."""
    rows = Due.objects.all()
    if purposes:
        rows = rows.filter(purpose__in=purposes)
    if counterparty:
        rows = rows.filter(counterparty=counterparty)
    return rows.exclude(fen=F("moved_fen")) if open_only else rows


def payers() -> set[str]:
    """Everyone who has to pay us something, by code; people who pay debts of others are not named."""
    codes = dues(open_only=True).filter(direction="IN").order_by().values_list("counterparty", flat=True).distinct()
    return {code for code in codes if not code.startswith("debtor:")}


def is_open(key: str) -> bool:
    """Whether something of the due has still to move."""
    return Due.objects.filter(key=key).exclude(fen=F("moved_fen")).exists()


def orders(*, state: str = Order.State.PREPARED) -> QuerySet[Order]:
    """Payments by state ("" for all), newest first."""
    rows = Order.objects.select_related("due", "movement")
    return rows.filter(state=state) if state else rows


def settling(key: str) -> QuerySet[Movement]:
    """The movements that settle a due now: not reversed, and not taken off it."""
    matched = Allocation.objects.filter(movement=OuterRef("pk"), due__key=key).order_by().values("movement")
    rows = Movement.objects.annotate(matched_fen=Subquery(matched.annotate(total=Sum("fen")).values("total")))
    return rows.filter(matched_fen__gt=0, reverses=None, reversed_by=None).order_by("id")


def movements(*, counterparty: str = "") -> QuerySet[Movement]:
    """Money that moved, newest first; adds `allocated_fen`."""
    spent = Allocation.objects.filter(movement=OuterRef("pk")).order_by().values("movement").annotate(total=Sum("fen"))
    rows = Movement.objects.annotate(
        allocated_fen=Coalesce(Subquery(spent.values("total")), Value(0), output_field=BigIntegerField())
    )
    return rows.filter(counterparty=counterparty) if counterparty else rows


def unallocated() -> QuerySet[Movement]:
    """Receipts of which something settles nothing yet, and that were not reversed."""
    rows = movements().filter(direction=Direction.IN, reverses=None, reversed_by=None)
    return rows.exclude(fen=F("allocated_fen")).order_by("on", "id")


def board(*, today: date, **filters: Any) -> QuerySet[Due]:
    """Three-way match, one row per due: expected `fen`, `moved_fen` in our books, `reported_fen` by the other side.

    Adds `break_code`: "" (agrees, or not due yet), UNREPORTED (moved, and the other house says nothing; funds and banks
    send no word, so there silence is no break), LATE (past its day and open), DIFFERENT (both moved and reported, and
    not the same), REPORTED_ONLY (the other side says it moved, our books do not); and `worst` (0 none … 4) to sort by.
    `filters` are field lookups of Due. One statement.
    """
    said = Report.objects.filter(key=OuterRef("key"), counterparty=OuterRef("counterparty")).order_by().values("key")
    rows = Due.objects.filter(**filters).annotate(
        reported_fen=Coalesce(Subquery(said.annotate(total=Sum("fen")).values("total")), Value(0), output_field=BigIntegerField())
    )
    late = Q(due_on__lt=today) & ~Q(fen=F("moved_fen"))
    cases = (
        (Q(moved_fen=0) & ~Q(reported_fen=0), "REPORTED_ONLY", 4),
        (~Q(reported_fen=F("moved_fen")) & ~Q(reported_fen=0), "DIFFERENT", 3),
        (late, "LATE", 2),
        (Q(moved_fen__gt=0, reported_fen=0, purpose__in=listeners.purposes_answered()), "UNREPORTED", 1),
    )
    return rows.annotate(
        break_code=Case(*(When(test, then=Value(code)) for test, code, _ in cases), default=Value(""), output_field=CharField()),
        worst=Case(*(When(test, then=Value(rank)) for test, _, rank in cases), default=Value(0), output_field=IntegerField()),
    )


def breaks(*, today: date, **filters: Any) -> QuerySet[Due]:
    """The rows of the board that do not agree, worst first."""
    return board(today=today, **filters).exclude(break_code="").order_by("-worst", "due_on", "id")


def orphan_reports() -> QuerySet[Report]:
    """What another side says about a key that we never expected of it; not what it has taken back itself."""
    ours = Due.objects.filter(key=OuterRef("key"), counterparty=OuterRef("counterparty"))
    said = Report.objects.filter(key=OuterRef("key"), counterparty=OuterRef("counterparty")).order_by().values("key")
    said = said.annotate(total=Sum("fen")).values("total")
    return Report.objects.filter(~Exists(ours)).annotate(net_fen=Subquery(said)).exclude(net_fen=0)


def reports(key: str) -> QuerySet[Report]:
    """What the other side said about one due, oldest first."""
    return Report.objects.filter(key=key)


def proposals(movement: Movement, *, at_most: int = 8) -> list[Due]:
    """Open dues that a receipt may settle: same payer (any, when unknown), the exact amount first, then the oldest."""
    left = movement.fen - getattr(movement, "allocated_fen", 0)
    rows = dues(open_only=True).filter(direction=movement.direction)
    if movement.counterparty:
        rows = rows.filter(counterparty=movement.counterparty)
    exact = Case(When(fen=F("moved_fen") + Value(left), then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(rows.annotate(exact=exact).order_by("exact", "due_on", "id")[:at_most])


def proposed(receipts: list[Movement], *, at_most: int = 3) -> list[tuple[Movement, int, list[Due]]]:
    """Each receipt with what is left of it and the dues it may settle; where the payer is unknown, those of the exact
    amount. One statement for all."""
    left = {row.pk: row.fen - row.allocated_fen for row in receipts}
    payers = {row.counterparty for row in receipts if row.counterparty}
    amounts = {left[row.pk] for row in receipts if not row.counterparty}
    rows = dues(open_only=True).filter(direction=Direction.IN).annotate(left=F("fen") - F("moved_fen"))
    rows = rows.filter(Q(counterparty__in=payers) | Q(left__in=amounts)).order_by("due_on", "id")
    open_dues = list(rows[:2000]) if receipts else []
    found = []
    for row in receipts:
        fits = [
            due
            for due in open_dues
            if (due.counterparty == row.counterparty if row.counterparty else due.open_fen == left[row.pk])
        ]
        fits.sort(key=lambda due: due.open_fen != left[row.pk])
        found.append((row, left[row.pk], fits[:at_most]))
    return found
