"""What cover costs: the worked examples of domain.md 5.4, 4.6 and 12, and what must hold for any figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reguarantee.premiums import tariff
from reguarantee.premiums.tariff import Stretch

MARCH = date(2026, 3, 1)
MILLION = 100_000_000
LOW = Decimal("0.003")


def cost(ceded: int, days: int, rate: Decimal = LOW, count: str = "ACT/365", first: date = MARCH) -> int:
    last = first + timedelta(days=days - 1)
    return tariff.between([Stretch(first, last, Fraction(ceded), rate)], count, first, last)


def test_worked_example_9_odd_fen_stays_with_the_province() -> None:
    """FEE-12: loan 5,000,000, 300 days, 40 % ceded at 0.3 %: 4,931.51; NFGF 20 %: 2,465.75; province net 2,465.76."""
    premium, fund = cost(2 * MILLION, 300), cost(1 * MILLION, 300)
    assert (premium, fund, premium - fund) == (493_151, 246_575, 246_576)


def test_the_running_case_pays_six_thousand() -> None:
    """FEE-12: 2026-03-01 to 2027-03-01 are 365 days: 6,000 of which NFGF 3,000 (domain.md 12)."""
    assert (cost(2 * MILLION, 365), cost(MILLION, 365)) == (600_000, 300_000)
    # The wrong way: both end days counted, 366 days.
    assert cost(2 * MILLION, 366) != 600_000


def test_worked_example_10_an_amortising_loan_costs_less_by_the_day() -> None:
    """FEE-12: half repaid after 100 of 300 days: on the balance two thirds of what the contract amount costs."""
    turn, last = MARCH + timedelta(days=100), MARCH + timedelta(days=299)
    stretches = [
        Stretch(MARCH, turn - timedelta(days=1), Fraction(2 * MILLION), LOW),
        Stretch(turn, last, Fraction(MILLION), LOW),
    ]
    assert tariff.between(stretches, "ACT/365", MARCH, last) == 328_767
    assert tariff.average(stretches, MARCH, last) == 133_333_333
    assert cost(2 * MILLION, 300) == 493_151


def test_day_counts() -> None:
    assert tariff.year_part(date(2026, 1, 31), date(2026, 2, 27), "30/360") == Fraction(28, 360)
    assert tariff.year_part(date(2026, 3, 1), date(2027, 2, 28), "30/360") == 1
    assert tariff.year_part(date(2028, 1, 1), date(2028, 12, 31), "ACT/365") == Fraction(366, 365)
    assert tariff.year_part(date(2026, 1, 1), date(2026, 12, 31), "ACT/360") == Fraction(365, 360)
    with pytest.raises(tariff.UnknownDayCount):
        tariff.year_part(MARCH, MARCH, "ACT/ACT")


def test_the_limit_itself_belongs_to_the_lower_rate() -> None:
    """domain.md 5.4: obligor <= 5,000,000 pays 0.3 %, one fen more 0.5 %."""
    table = tariff.read_table([{"obligor_max_fen": 5 * MILLION, "rate": "0.003"}, {"rate": "0.005"}])
    assert tariff.rate_of(table, 5 * MILLION) == Decimal("0.003")
    assert tariff.rate_of(table, 5 * MILLION + 1) == Decimal("0.005")


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"max_fen": 5, "rate": "0.003"}],
        [{"rate": "0.003"}, {"rate": "0.005"}],
        [{"max_fen": 5, "rate": "0.1"}, {"max_fen": 5, "rate": "0.2"}, {"rate": "0.3"}],
        [{"max_fen": 9, "rate": "0.1"}, {"max_fen": 5, "rate": "0.2"}, {"rate": "0.3"}],
        [{"rate": "1.5"}],
        [{"rate": "x"}],
        [{"rate": "NaN"}],
        [{}],
    ],
)
def test_a_bad_table_is_refused(rows: list[dict[str, object]]) -> None:
    with pytest.raises(tariff.BadTable):
        tariff.read_table(rows)


def test_vat_is_split_from_the_gross() -> None:
    """domain.md 4.6: 50,000 at 6 % are 47,169.81 and 2,830.19; a credit note mirrors it."""
    assert tariff.tax(5_000_000, Decimal("0.06")) == (4_716_981, 283_019)
    assert tariff.tax(-5_000_000, Decimal("0.06")) == (-4_716_981, -283_019)
    assert tariff.tax(5_000_000, Decimal(0)) == (5_000_000, 0)


@pytest.mark.parametrize(
    ("size", "farmer", "on", "vat"),
    [
        ("SMALL", False, date(2026, 3, 1), "EXEMPT"),
        ("MICRO", False, date(2027, 12, 31), "EXEMPT"),
        ("MICRO", False, date(2028, 1, 1), "TAXABLE"),
        ("MEDIUM", False, date(2026, 3, 1), "TAXABLE"),
        ("", True, date(2026, 3, 1), "EXEMPT"),
        ("", False, date(2026, 3, 1), "TAXABLE"),
    ],
)
def test_who_is_free_of_vat(size: str, farmer: bool, on: date, vat: str) -> None:
    assert tariff.vat_of(size_class=size, is_farmer=farmer, on=on, exempt_until=date(2027, 12, 31)) == vat


_DAYS = st.integers(min_value=1, max_value=900)
_STRETCH = st.tuples(_DAYS, st.fractions(min_value=0, max_value=10**12), st.decimals(0, 1, places=6))


@given(st.lists(_STRETCH, min_size=1, max_size=6), st.lists(_DAYS, max_size=8), st.sampled_from(tariff.DAY_COUNTS))
def test_the_periods_of_a_cover_sum_to_the_whole(told: list[tuple[int, Fraction, Decimal]], cuts: list[int], count: str) -> None:
    """FEE-12: however a cover is cut into periods, their premiums sum exactly to the premium of the whole."""
    day, stretches = MARCH, []
    for days, ceded, rate in told:
        stretches.append(Stretch(day, day + timedelta(days=days - 1), ceded, rate))
        day += timedelta(days=days)
    last = day - timedelta(days=1)
    edges = sorted({MARCH, day, *(MARCH + timedelta(days=cut) for cut in cuts if MARCH + timedelta(days=cut) < day)})
    parts = [
        tariff.between(stretches, count, left, right - timedelta(days=1)) for left, right in zip(edges, edges[1:], strict=False)
    ]
    assert sum(parts) == tariff.between(stretches, count, MARCH, last)
    assert all(part >= 0 for part in parts)


@given(st.integers(min_value=-(10**15), max_value=10**15), st.decimals(0, 1, places=4))
def test_net_and_tax_are_the_whole(fen: int, rate: Decimal) -> None:
    net, tax = tariff.tax(fen, rate)
    assert net + tax == fen
    assert abs(tax) <= abs(fen)
    assert tariff.tax(-fen, rate) == (-net, -tax)
