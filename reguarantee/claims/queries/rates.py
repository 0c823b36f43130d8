"""How much is claimed of what was released, against its limit (CLM-05); and what members could pay at once (CLM-06)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from kernel.parameters.queries import value
from registry import queries as registry
from reguarantee.claims.models import Claim, Fuse, Level, LiquidFunds
from reguarantee.claims.services.fuses import OWED, NoSuchFuse
from reguarantee.filings.models import Filing

BY = {"product": "product_code", "bank": "bank_name", "member": "member_code"}


def rates(*, by: str, year: int) -> list[dict[str, Any]]:
    """Per product, bank or member: claims approved in a year against principal released in it, and the limit.

    Rows `{"name", "claimed_fen", "released_fen", "rate": Decimal|None, "limit": Decimal, "used": Decimal|None, "level"}`;
    the rate is None where nothing was released (domain.md 11.26, 11.32). Two statements, three parameters and one per product.
    """
    column = BY[by]
    claimed = dict(
        Claim.objects.filter(status__in=OWED, decided_on__year=year)
        .order_by()
        .values_list(f"filing__{column}")
        .annotate(Sum("approved_fen"))
    )
    released = dict(
        Filing.objects.filter(ended_on__year=year, released_principal_fen__gt=0, coverage__in=["COVERED", "PARTLY"])
        .order_by()
        .values_list(column)
        .annotate(Sum("released_principal_fen"))
    )
    names = ((Level.RED, "stop"), (Level.ORANGE, "hold"), (Level.YELLOW, "warn"))
    limits = [(level, value(f"rg.fuse.{name}", on=date(year, 12, 31))) for level, name in names]
    rows = []
    for name in sorted({*claimed, *released}):
        limit: Decimal = value("rg.ordinary.claim_cap", on=date(year, 12, 31), product=name if by == "product" else "")
        paid, base = claimed.get(name, 0), released.get(name, 0)
        rate = Decimal(paid) / base if base else None
        used = rate / limit if rate is not None and limit else None
        rows.append(
            {
                "name": name,
                "claimed_fen": paid,
                "released_fen": base,
                "rate": rate,
                "limit": limit,
                "used": used,
                "level": _level(used, limits),
            }
        )
    return sorted(rows, key=lambda row: (-(row["used"] or 0), row["name"]))


def _level(used: Decimal | None, limits: list[tuple[Level, Decimal]]) -> str:
    """As a fuse's (domain.md 5.7): by how much of the limit is used; `limits` fall."""
    return next((level.value for level, limit in limits if used is not None and used >= limit), Level.NONE.value)


def fuse(fuse_id: int) -> Fuse:
    """Raises NoSuchFuse."""
    found = Fuse.objects.filter(id=fuse_id).first()
    if found is None:
        raise NoSuchFuse
    return found


def fuses(*, lit_only: bool = False) -> QuerySet[Fuse]:
    """Fuses with their treaties, the highest level first."""
    rows = Fuse.objects.select_related("treaty_version__treaty").order_by("-paid_fen", "id")
    return rows.exclude(level=Level.NONE) if lit_only else rows


def abilities(today: date) -> list[dict[str, Any]]:
    """Per member: liquid funds by its latest return against what is overdue at it and covered by us.

    Rows `{"member_code", "name", "liquid_fen", "as_of", "overdue_fen", "overdue_count", "cover": Decimal|None}`: the overdue
    liability is the member's guaranteed amount of filings that are overdue and have not ended. Three statements.
    """
    latest = {row.member_code: row for row in LiquidFunds.objects.filter(as_of__lte=today).order_by("member_code", "as_of", "id")}
    overdue: dict[str, list[int]] = {}
    late = Filing.objects.filter(overdue_on__isnull=False, overdue_on__lte=today, end="")
    for code, fen in late.values_list("member_code", "guaranteed_fen"):
        overdue.setdefault(code, []).append(fen)
    rows = []
    for member in registry.members():
        known, owed = latest.get(member.code), sum(overdue.get(member.code, ()))
        liquid = known.liquid_fen if known else None
        rows.append(
            {
                "member_code": member.code,
                "name": member.name,
                "liquid_fen": liquid,
                "as_of": known.as_of if known else None,
                "overdue_fen": owed,
                "overdue_count": len(overdue.get(member.code, ())),
                "cover": Decimal(liquid) / owed if liquid is not None and owed else None,
            }
        )
    return sorted(rows, key=lambda row: (row["cover"] is None, row["cover"] or 0, row["member_code"]))
