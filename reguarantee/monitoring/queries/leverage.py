"""How much a member guarantees on the capital that it has, and on what each source brought (AGR-13, domain.md 3.2).

The group knows the paid-in capital of its file, not the net assets of the day, and reported balances without the weights of
the law: these are figures of analysis beside the statutory measure, which the member works out itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from kernel.parameters.queries import value
from registry import queries as registry
from reguarantee.monitoring.models import Marginal
from reguarantee.partners.models import CapitalSource, Kind, Partner

_PLACES = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """What one source brought: fen, its share of the paid-in capital, and how many times the balance is of it."""

    label: str
    fen: int
    share: Decimal | None
    times: Decimal | None


@dataclass(frozen=True)
class Leverage:
    """`balance_fen` is the member's own share of what is in force; `whole` False: only what it ceded is reported."""

    balance_fen: int
    whole: bool
    times: Decimal | None
    public_fen: int
    public_times: Decimal | None
    limit: Decimal
    parts: list[Part]

    @property
    def is_above(self) -> bool:
        return self.times is not None and self.times > self.limit


def capitals() -> QuerySet[Partner]:
    """All members of the register with `balance_fen`: what is in force of their reported business, or None. One statement."""
    book = Marginal.objects.filter(dimension="MEMBER", key=OuterRef("code")).values("in_force_balance_fen")[:1]
    return Partner.objects.filter(kind=Kind.MEMBER).annotate(balance_fen=Subquery(book)).order_by("code")


def times(above: int | None, below: int | None) -> Decimal | None:
    """above / below at two places, half up; None over nothing."""
    return (Decimal(above or 0) / Decimal(below)).quantize(_PLACES, ROUND_HALF_UP) if below else None


def leverage(partner: Partner, *, on: date) -> Leverage:
    """The leverage of one member by the balances of now. Three statements."""
    found = capitals().filter(pk=partner.pk).values_list("balance_fen", flat=True).first()
    balance, paid_in = found or 0, partner.paid_in_capital_fen
    house = next((one for one in registry.members() if one.code == partner.code), None)
    names = dict(CapitalSource.choices)
    parts = [
        Part(
            label=str(names.get(source, "")),
            fen=fen,
            share=(Decimal(fen) / Decimal(paid_in)).quantize(Decimal("0.0001"), ROUND_HALF_UP) if paid_in else None,
            times=times(balance, fen),
        )
        for source, fen in partner.capital_parts.items()
    ]
    return Leverage(
        balance_fen=balance,
        whole=house is not None and house.reporting_scope == "ALL_BUSINESS",
        times=times(balance, paid_in),
        public_fen=partner.public_capital_fen,
        public_times=times(balance, partner.public_capital_fen),
        limit=value("rg.leverage.warn", on=on, member=partner.code),
        parts=parts,
    )
