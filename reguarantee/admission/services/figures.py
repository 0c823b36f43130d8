"""What the group itself knows of a member's year: the eight metrics and the service indicators, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, ExpressionWrapper, F, Q, Sum
from django.db.models.fields import DurationField

from kernel.cash.models import Allocation
from registry import queries as registry
from reguarantee.filings.models import Filing
from reguarantee.monitoring.models import Fact
from reguarantee.partners import queries as partners

_PLACES = Decimal("0.0001")
FILINGS, BOOK, MONEY, FILE, OFFICER, NONE = "FILINGS", "BOOK", "MONEY", "FILE", "OFFICER", "NONE"


@dataclass(frozen=True)
class Figure:
    """A metric: fen or a rate per 1; None where the group has no data, then an officer states it with a reason."""

    value: Decimal | None
    source: str


def metrics(*, member_code: str, year: int) -> dict[str, Figure]:
    """The eight metrics of a calendar year as far as the group's own data go.

    FILINGS: confirmed filings drawn in the year. BOOK: the member's reported guarantees, only when it reports all its
    business, because a part would pass for the whole. MONEY: claims paid and recoveries received. FILE: with paid-in
    capital of the register. A denominator of nothing gives no figure (domain.md 6.1).
    """
    filed = Filing.objects.filter(member_code=member_code, status="CONFIRMED", drawdown_on__year=year).aggregate(
        volume=Sum("guaranteed_fen"),
        small=Sum("guaranteed_fen", filter=Q(size_class__in=["SMALL", "MICRO"]) | Q(is_farmer=True)),
        shared=Sum("guaranteed_fen", filter=Q(principal_fen__gt=F("guaranteed_fen"))),
    )
    volume = filed["volume"] or 0
    whole = _whole_book(member_code, year)
    book = BOOK if whole else FILINGS
    new = whole["new"] if whole else volume
    partner = partners.find(member_code)
    capital = partner.paid_in_capital_fen if partner else None
    paid, returned = _money(member_code, "CLAIM", year), _money(member_code, "RECOVERY", year)
    released = whole.get("released") if whole else None
    return {
        "new_volume": Figure(Decimal(new), book),
        "small_agri_share": _ratio(filed["small"] or 0, volume, FILINGS),
        "filed_volume": Figure(Decimal(volume), FILINGS),
        "risk_shared_share": _ratio(filed["shared"] or 0, volume, FILINGS),
        "leverage": _ratio(whole["balance"], capital, FILE) if whole else Figure(None, NONE),
        "compensation_rate": _ratio(whole["compensated"], released, BOOK) if whole else Figure(None, NONE),
        "return_rate": _ratio(returned, paid, MONEY),
        "filing_rate": _ratio(volume, new, BOOK) if whole else Figure(None, NONE),
    }


def _whole_book(member_code: str, year: int) -> dict[str, int]:
    """Sums of all a member's business; empty when it reports only what it ceded."""
    member = next((one for one in registry.members() if one.code == member_code), None)
    if member is None or member.reporting_scope != "ALL_BUSINESS":
        return {}
    rows = Fact.objects.filter(institution_id=member.pk).aggregate(
        new=Sum("guaranteed_fen", filter=Q(start_on__year=year)),
        balance=Sum("balance_fen"),
        released=Sum("guaranteed_fen", filter=Q(ended_on__year=year)),
        compensated=Sum("compensation_fen", filter=Q(compensated_on__year=year)),
    )
    return {name: value or 0 for name, value in rows.items()}


def _money(member_code: str, purpose: str, year: int) -> int:
    moved = Allocation.objects.filter(due__purpose=purpose, due__counterparty=member_code, movement__on__year=year)
    return moved.aggregate(total=Sum("fen"))["total"] or 0


def _ratio(above: int, below: int | None, source: str) -> Figure:
    if not below:
        return Figure(None, NONE)
    return Figure((Decimal(above) / Decimal(below)).quantize(_PLACES, ROUND_HALF_UP), source)


def service(*, member_code: str, year: int) -> dict[str, Any]:
    """How a member serves (PAR-35): filings, days from drawdown to filing, share accepted, share filed late. One statement."""
    waited = ExpressionWrapper(F("filed_on") - F("drawdown_on"), output_field=DurationField())
    rows = Filing.objects.filter(member_code=member_code, drawdown_on__year=year).aggregate(
        count=Count("pk"),
        accepted=Count("pk", filter=Q(status="CONFIRMED")),
        decided=Count("pk", filter=Q(status__in=["CONFIRMED", "REJECTED"])),
        late=Count("pk", filter=Q(is_late=True)),
        waited=Avg(waited),
    )
    return {
        "count": rows["count"],
        "days": None if rows["waited"] is None else rows["waited"].days,
        "accepted_rate": _ratio(rows["accepted"], rows["decided"], FILINGS).value,
        "late_rate": _ratio(rows["late"], rows["count"], FILINGS).value,
    }
