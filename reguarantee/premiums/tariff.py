"""What cover costs, as plain functions of figures (domain.md 5.4): no table, no clock, no Django.

The premium of a day is ceded principal x rate x that day's part of the year. Days add up exactly, as fractions; a period
is the difference of two running totals, each rounded half up once, so the periods of a cover always sum to its whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from kernel.errors import Invalid, gettext_noop
from kernel.money import half_up

ONE_DAY = timedelta(days=1)
DAY_COUNTS = ("ACT/365", "ACT/360", "30/360")
EXEMPT, TAXABLE = "EXEMPT", "TAXABLE"
EXEMPT_SIZES = ("SMALL", "MICRO")

Table = Sequence[tuple[int | None, Decimal]]
"""Bands of size in fen, lowest first: (most that the band holds, or None for the rest; rate per year)."""


class BadTable(Invalid):
    code = "BAD_RATE_TABLE"
    sentence = gettext_noop("A rate table needs rising limits, rates from 0 to 1, and a last row without a limit.")


class UnknownDayCount(Invalid):
    code = "UNKNOWN_DAY_COUNT"
    sentence = gettext_noop("There is no day count %(text)s.")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last`, both counted, on each of which `ceded` fen of principal cost `rate` per year."""

    first: date
    last: date
    ceded: Fraction
    rate: Decimal


def year_part(first: date, last: date, day_count: str) -> Fraction:
    """The part of a year that the days from first to last are, both counted; parts of adjoining stretches add up."""
    end = last + ONE_DAY
    if day_count == "ACT/365":
        return Fraction((end - first).days, 365)
    if day_count == "ACT/360":
        return Fraction((end - first).days, 360)
    if day_count == "30/360":
        return Fraction(_commercial(end) - _commercial(first), 360)
    raise UnknownDayCount(field="day_count", text=day_count)


def _commercial(day: date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def accrued(stretches: Iterable[Stretch], day_count: str, upto: date) -> int:
    """Fen that have accrued by the end of a day, half up."""
    whole = sum(
        (
            stretch.ceded * Fraction(stretch.rate) * year_part(stretch.first, min(stretch.last, upto), day_count)
            for stretch in stretches
            if stretch.first <= upto and stretch.ceded
        ),
        Fraction(0),
    )
    return half_up(whole.numerator, whole.denominator)


def between(stretches: Sequence[Stretch], day_count: str, first: date, last: date) -> int:
    """Fen of the days from first to last, both counted: the periods of a cover sum to the whole, whatever they are."""
    return accrued(stretches, day_count, last) - accrued(stretches, day_count, first - ONE_DAY)


def average(stretches: Iterable[Stretch], first: date, last: date) -> int:
    """The average daily ceded principal from first to last, fen, half up (worked example 10, balance)."""
    total = Fraction(0)
    for stretch in stretches:
        begin, end = max(stretch.first, first), min(stretch.last, last)
        if begin <= end:
            total += stretch.ceded * ((end - begin).days + 1)
    mean = total / ((last - first).days + 1)
    return half_up(mean.numerator, mean.denominator)


def read_table(rows: Iterable[Mapping[str, object]]) -> Table:
    """Rows `{"max_fen" or "obligor_max_fen", "rate"}` as a table. Raises BadTable."""
    table = []
    for row in rows:
        most = row.get("max_fen", row.get("obligor_max_fen"))
        try:
            rate = Decimal(str(row["rate"]))
        except (KeyError, ArithmeticError):
            raise BadTable(field="rates") from None
        if not rate.is_finite() or not 0 <= rate <= 1 or (most is not None and not isinstance(most, int)):
            raise BadTable(field="rates")
        table.append((most, rate))
    limits = [most for most, _ in table[:-1]]
    if not table or table[-1][0] is not None or None in limits or limits != sorted(set(limits)):
        raise BadTable(field="rates")
    return tuple(table)


def rate_of(table: Table, size_fen: int) -> Decimal:
    """The rate of the band that holds a size: the limit itself still belongs to the lower band (<= 5,000,000 yuan: 0.3 %)."""
    return next(rate for most, rate in table if most is None or size_fen <= most)


def vat_of(*, size_class: str, is_farmer: bool, on: date, exempt_until: date) -> str:
    """EXEMPT or TAXABLE, by what the obligor was when the guarantee took effect (domain.md 4.6): never asked again."""
    return EXEMPT if (is_farmer or size_class in EXEMPT_SIZES) and on <= exempt_until else TAXABLE


def tax(premium_fen: int, rate: Decimal) -> tuple[int, int]:
    """(net, VAT) of a premium that includes VAT: 50,000 yuan at 6 % are 47,169.81 and 2,830.19; a credit mirrors it."""
    numerator, denominator = rate.as_integer_ratio()
    net = half_up(premium_fen * denominator, denominator + numerator)
    return net, premium_fen - net
