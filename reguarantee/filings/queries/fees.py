"""A policy institution's fees against their cap (AGR-14, domain.md 3.5, 13): 1 % a year up to 5 million yuan, 1.5 % above.

What is small is the obligor (单户), not the guarantee: all that the member guarantees for it when the guarantee begins.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce

from kernel.parameters.queries import value
from reguarantee.filings.models import Filing, Status
from reguarantee.partners import queries as partners

_SMALL_FEN = 500_000_000
_PLACES = Decimal("0.000001")


def caps(member_code: str, *, on: date) -> tuple[Decimal, Decimal]:
    """The caps per year in force on a day: of obligors up to 5 million yuan, and above."""
    small, large = (value(f"rg.fee_cap.{part}", on=on, member=member_code) for part in ("le5m", "gt5m"))
    return small, large


def cap(filing: Filing) -> Decimal | None:
    """The highest fee per year that a policy institution may take for this guarantee; None for any other member."""
    if not partners.is_policy(filing.member_code):
        return None
    small, large = caps(filing.member_code, on=filing.drawdown_on)
    others = _others(filing.pk, filing.member_code, filing.obligor_key, filing.drawdown_on)
    held = others.aggregate(fen=Sum("guaranteed_fen", default=0))["fen"]
    return small if filing.guaranteed_fen + held <= _SMALL_FEN else large


def _others(pk: Any, member: Any, obligor: Any, on: Any) -> QuerySet[Filing]:
    """The member's other confirmed guarantees of an obligor that run on a day."""
    rows = Filing.objects.filter(member_code=member, obligor_key=obligor, status=Status.CONFIRMED, drawdown_on__lte=on)
    return rows.filter(Q(end="", due_on__gte=on) | Q(ended_on__gt=on)).exclude(pk=pk)


def of_year(member_code: str, *, year: int, on: date) -> dict[str, Any]:
    """What a member takes for what was drawn down in a year and confirmed, by the caps in force on a day.

    `count` filings that tell a fee, `above` of them above their cap, `guaranteed_fen`, `within_fen` of those within it, and
    `average`, the fee per year weighted by guaranteed amount (None without any). Three statements.
    """
    small, large = caps(member_code, on=on)
    rows = Filing.objects.filter(member_code=member_code, status=Status.CONFIRMED, drawdown_on__year=year).exclude(fee_rate="")
    others = _others(OuterRef("pk"), OuterRef("member_code"), OuterRef("obligor_key"), OuterRef("drawdown_on"))
    held = others.order_by().values("obligor_key").annotate(fen=Sum("guaranteed_fen")).values("fen")
    within = Q(obligor_fen__lte=_SMALL_FEN, fee__lte=small) | Q(obligor_fen__gt=_SMALL_FEN, fee__lte=large)
    told = rows.annotate(
        fee=Cast("fee_rate", DecimalField(max_digits=12, decimal_places=8)),
        obligor_fen=F("guaranteed_fen") + Coalesce(Subquery(held), 0),
    ).aggregate(
        count=Count("pk"),
        above=Count("pk", filter=~within),
        whole=Sum("guaranteed_fen", default=0),
        within_fen=Sum("guaranteed_fen", filter=within, default=0),
        weighed=Sum(F("fee") * F("guaranteed_fen"), output_field=DecimalField(max_digits=40, decimal_places=8)),
    )
    weighed, whole = told.pop("weighed"), told.pop("whole")
    average = (weighed / whole).quantize(_PLACES, ROUND_HALF_UP) if whole else None
    return {**told, "guaranteed_fen": whole, "average": average, "small_cap": small, "large_cap": large}
