"""What a filing costs for its cover or for a stretch of it: the figures of an item, reckoned from what is known now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reguarantee.filings.models import End, Filing, Status
from reguarantee.premiums import tariff
from reguarantee.premiums.reckoning.balances import Steps, stretched
from reguarantee.premiums.reckoning.standards import FUND, Tariffs, told
from reguarantee.premiums.tariff import ONE_DAY, Stretch

INITIAL, DAILY = "INITIAL_PRINCIPAL", "DAILY_BALANCE"
TAKERS = ("REGUARANTOR", "FUND", "GOVERNMENT")
_DIGITS = Decimal("0.00000001")


@dataclass(frozen=True)
class PartCost:
    """A fund's part: what it bears of the ceded principal, its rate, and fen."""

    party: str
    ceded_fen: int
    rate: Decimal
    fen: int


@dataclass(frozen=True)
class Cost:
    """The figures of an item; names as in models.Item."""

    first: date
    last: date
    base_fen: int
    ceded_fen: int
    rate: Decimal
    day_count: str
    premium_fen: int
    vat: str
    basis: str
    parts: tuple[PartCost, ...] = field(default=())

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def fund_fen(self) -> int:
        return sum(part.fen for part in self.parts)


def first_day(filing: Filing) -> date:
    """Cover begins on the day of drawdown."""
    return filing.drawdown_on


def last_day(filing: Filing) -> date:
    """The last day covered: the one before the loan is due, or before an extension goes on (domain.md 11.18).

    2026-03-01 to 2027-03-01 are 365 days, the last of them 2027-02-28 (domain.md 12).
    """
    end = min(filing.due_on, filing.extended_on) if filing.extended_on else filing.due_on
    return max(end - ONE_DAY, filing.drawdown_on)


def bears_premium(filing: Filing) -> bool:
    """Whether it was covered at all: a voided, withdrawn or cancelled one costs nothing. One that lapsed was covered: it
    is filed when it is drawn, and the risk was borne until the bank's time to claim had passed (domain.md 7.4)."""
    return filing.status == Status.CONFIRMED and filing.end != End.CANCELLED


class Reckoning:
    """Costs of one member's filings, with the balances of those that are charged by the day."""

    def __init__(self, tariffs: Tariffs, steps: dict[int, Steps]) -> None:
        self.tariffs, self._steps = tariffs, steps

    def whole(self, filing: Filing, *, size_fen: int | None = None) -> Cost:
        """The whole cover in advance on the principal at the start (INITIAL_PRINCIPAL).

        The standards of the first day hold for all of it. An early release gives back the days after it only by
        parameter; nothing is given back for what the group has compensated.
        """
        first, last = first_day(filing), last_day(filing)
        cut = last
        released = filing.ended_on if filing.end == End.RELEASED else None
        gives = "rg.premium.refund_on_early_release"
        if released is not None and released <= last and self.tariffs.value(gives, filing, on=released):
            cut = max(released - ONE_DAY, first - ONE_DAY)

        def stretches(payee: str, share: Fraction) -> list[Stretch]:
            rate = self.tariffs.rate(filing, first, payee=payee, size_fen=size_fen).rate
            return [Stretch(first, last, share, rate)]

        return self._cost(filing, first, last, cut, stretches, filing.principal_fen, size_fen)

    def part(self, filing: Filing, first: date, last: date, *, size_fen: int | None = None) -> Cost:
        """The days from first to last on the reported balance (DAILY_BALANCE); without a report, on the principal."""
        start = first_day(filing)
        steps = self._steps.get(filing.pk) or unreported(filing)

        def stretches(payee: str, share: Fraction) -> list[Stretch]:
            turns = self.tariffs.turning_days(filing, start, last, payee)
            found = []
            for begin, end, fen in stretched(steps, start, last):
                edges = [begin, *(day for day in turns if begin < day <= end), end + ONE_DAY]
                for left, right in zip(edges, edges[1:], strict=False):
                    rate = self.tariffs.rate(filing, left, payee=payee, size_fen=size_fen).rate
                    found.append(Stretch(left, right - ONE_DAY, fen * share / (filing.ceded_fen or 1), rate))
            return found

        return self._cost(filing, first, last, last, stretches, None, size_fen)

    def _cost(
        self,
        filing: Filing,
        first: date,
        last: date,
        cut: date,
        stretches: Callable[[str, Fraction], list[Stretch]],
        base_fen: int | None,
        size_fen: int | None,
    ) -> Cost:
        live = bears_premium(filing)
        count = self.tariffs.agreed(filing, "day_count")
        charged = stretches("", Fraction(filing.ceded_fen))
        found = self.tariffs.rate(filing, first, size_fen=size_fen)
        mean = tariff.average(charged, first, last)
        parts = tuple(
            PartCost(
                party,
                round_fen(share),
                self._shown(self.tariffs.rate(filing, first, payee=FUND, size_fen=size_fen).rate),
                tariff.between(stretches(FUND, share), count, first, cut) if live else 0,
            )
            for party, share in fund_shares(filing).items()
        )
        return Cost(
            first=first,
            last=last,
            base_fen=base_fen if base_fen is not None else self._principal(filing, mean),
            ceded_fen=mean,
            rate=self._shown(found.rate),
            day_count=count,
            premium_fen=tariff.between(charged, count, first, cut) if live else 0,
            vat=self._vat(filing),
            basis=told([found.found_by]),
            parts=parts,
        )

    @staticmethod
    def _principal(filing: Filing, ceded_fen: int) -> int:
        return round_fen(Fraction(ceded_fen * filing.principal_fen, filing.ceded_fen or 1))

    @staticmethod
    def _shown(rate: Decimal) -> Decimal:
        return rate.quantize(_DIGITS)

    def _vat(self, filing: Filing) -> str:
        until = date.fromisoformat(self.tariffs.value("tax.vat.exempt_until", filing))
        return tariff.vat_of(
            size_class=filing.size_class, is_farmer=filing.is_farmer, on=self.tariffs.on, exempt_until=until
        )  # fmt: skip


def unreported(filing: Filing) -> Steps:
    """The ceded principal of a filing that no report shows: whole until the end that the member told, if it did."""
    ended = [(filing.ended_on, Fraction(0))] if filing.ended_on is not None else []
    return [(first_day(filing), Fraction(filing.ceded_fen)), *ended]


def fund_shares(filing: Filing) -> dict[str, Fraction]:
    """What each fund bears of the ceded principal, fen, by the shares that were kept at confirmation (domain.md 5.2)."""
    takers: list[dict[str, Any]] = [row for row in filing.split if row["role"] in TAKERS]
    whole = sum(row["fen"] for row in takers)
    if not whole:
        return {}
    return {row["party"]: Fraction(filing.ceded_fen * row["fen"], whole) for row in takers if row["role"] == FUND and row["fen"]}


def round_fen(fen: Fraction) -> int:
    return tariff.half_up(fen.numerator, fen.denominator)
