"""Figures of the workbench, each one query over the rows that the user may see (domain.md 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Case, Count, DecimalField, Exists, F, Func, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.utils.translation import get_language

from kernel.access.queries import visible
from kernel.calendar import add_months
from tenants.customers.industries import SECTIONS
from tenants.guarantees.models import Guarantee, Movement

S = Guarantee.State
IN_FORCE = (S.PARTLY_DRAWN, S.IN_FORCE, S.OVERDUE)
_RELEASED = (S.RELEASED, S.COMPENSATED)
_SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Figures:
    """Amounts in fen. `compensation_rate` is per 1, None while nothing has been released: never 0 % or 100 %."""

    in_force_balance_fen: int
    in_force_count: int
    new_count: int
    new_guaranteed_fen: int
    overdue_count: int
    due_soon_count: int
    compensation_fen: int
    released_fen: int
    compensation_rate: Decimal | None


@dataclass(frozen=True)
class Month:
    """One month of the series; `balance_fen` is at its end (or today), by movements."""

    month: str
    new_count: int
    new_guaranteed_fen: int
    balance_fen: int
    compensation_fen: int


@dataclass(frozen=True)
class Slice:
    """In-force business of one bank, industry or product."""

    key: str
    label: str
    count: int
    balance_fen: int


def _mine(user: Any) -> QuerySet[Guarantee]:
    return visible(user, Guarantee.objects.all()).order_by()


def _total(expression: Any, when: Q) -> Coalesce:
    return Coalesce(Sum(expression, filter=when), Value(0), output_field=BigIntegerField())


def _own_share_drawn() -> Case:
    """The member's share of what was drawn, half up as kernel.money; numerics, because the product passes 64 bits."""
    numeric = DecimalField(max_digits=60, decimal_places=0)
    drawn, guaranteed, loan = (Cast(F(name), numeric) for name in ("drawn_fen", "guaranteed_fen", "loan_fen"))
    part = Func(drawn * guaranteed * 2 + loan, loan * 2, function="DIV", output_field=numeric)
    return Case(
        When(drawn_fen=F("loan_fen"), then=F("guaranteed_fen")),
        default=Cast(part, BigIntegerField()),
        output_field=BigIntegerField(),
    )


def figures(user: Any, today: date, days: int = 30) -> Figures:
    """The workbench's figures on `today`; `days` is how far "due soon" looks ahead.

    Released includes what left by compensation (代偿解保; domain.md 6.1, `released_includes_compensated`).
    """
    new = Q(issued_on__gte=today.replace(day=1), issued_on__lte=today, extends=None)  # an extension is no new business
    in_force = Q(state__in=IN_FORCE)
    goes_on = Exists(Guarantee.objects.filter(extends=OuterRef("pk")))
    row = (
        _mine(user)
        .annotate(goes_on=goes_on)
        .aggregate(
            in_force_balance_fen=_total("balance_fen", in_force),
            in_force_count=Count("id", filter=in_force),
            new_count=Count("id", filter=new),
            new_guaranteed_fen=_total("guaranteed_fen", new),
            overdue_count=Count("id", filter=Q(state=S.OVERDUE)),
            due_soon_count=Count("id", filter=in_force & Q(due_on__lte=today + timedelta(days=days))),
            compensation_fen=_total("compensation_fen", Q()),
            released_fen=_total(_own_share_drawn(), Q(state__in=_RELEASED, goes_on=False)),
        )
    )
    released = row["released_fen"]
    rate = (Decimal(row["compensation_fen"]) / released).quantize(_SIX_PLACES) if released else None
    return Figures(**row, compensation_rate=rate)


def released(column: str, year: int) -> dict[str, int]:
    """The member's share of what ended in a year, released or compensated, in fen by a column: the base of the rate (6.1)."""
    goes_on = Exists(Guarantee.objects.filter(extends=OuterRef("pk")))
    rows = Guarantee.objects.filter(~goes_on, state__in=_RELEASED, ended_on__year=year).order_by()
    return dict(rows.values(column).annotate(total=Sum(_own_share_drawn())).values_list(column, "total"))


def series(user: Any, today: date, months: int = 12) -> list[Month]:
    """The last `months` months, this one included: new business, compensation, and the balance at each end."""
    first = add_months(today.replace(day=1), 1 - months)
    new = {
        row["month"]: row
        for row in _mine(user)
        .filter(issued_on__gte=first, issued_on__lte=today, extends=None)
        .annotate(month=TruncMonth("issued_on"))
        .values("month")
        .annotate(count=Count("id"), guaranteed_fen=Sum("guaranteed_fen"))
    }
    paid = dict(
        _mine(user)
        .filter(compensated_on__gte=first, compensated_on__lte=today)
        .annotate(month=TruncMonth("compensated_on"))
        .values_list("month")
        .annotate(Sum("compensation_fen"))
    )
    rows = visible(user, Movement.objects.all(), owner="guarantee__owner", department="guarantee__department")
    moved = dict(
        rows.filter(on__lte=today).annotate(month=TruncMonth("on")).order_by().values_list("month").annotate(Sum("change_fen"))
    )
    balance = sum(change for month, change in moved.items() if month < first)
    told = []
    for step in range(months):
        month = add_months(first, step)
        balance += moved.get(month, 0)
        fresh = new.get(month, {"count": 0, "guaranteed_fen": 0})
        told.append(Month(f"{month:%Y-%m}", fresh["count"], fresh["guaranteed_fen"], int(balance), paid.get(month, 0)))
    return told


def _slices(user: Any, key: str, label: str, labels: dict[str, Any] | None = None) -> list[Slice]:
    rows = (
        _mine(user)
        .filter(state__in=IN_FORCE)
        .values(key, label)
        .annotate(count=Count("id"), balance=Sum("balance_fen"))
        .order_by("-balance", key)
    )
    return [
        Slice(row[key], str(labels.get(row[key], row[label])) if labels else row[label], row["count"], row["balance"])
        for row in rows
    ]


def by_bank(user: Any) -> list[Slice]:
    """In-force balance by bank, the largest first."""
    return _slices(user, "bank_name", "bank_name")


def by_industry(user: Any) -> list[Slice]:
    """In-force balance by section of GB/T 4754, the largest first."""
    return _slices(user, "industry", "industry", dict(SECTIONS))


def by_product(user: Any) -> list[Slice]:
    """In-force balance by product, the largest first."""
    label = "product__name_en" if (get_language() or "zh").startswith("en") else "product__name_zh"
    return _slices(user, "product__code", label)
