"""Worked examples 8 to 14 of domain.md 5 and 6 by the functions that the rooms call, and the wrong ways give other figures.

11 to 13 stand in full in tests/reguarantee/engine; here they run once more on one treaty, one after the other.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from kernel.money import half_up, times
from reguarantee.admission.judging import defaults
from reguarantee.admission.judging.rules import judge
from reguarantee.console.words import share as rate_of
from reguarantee.premiums import tariff
from reguarantee.treaties.engine import Loss, Position, apply, fuse, share
from tests.reguarantee.engine.terms import MARCH, MILLION, N_4222, layer, quota, terms

N4222 = terms(quota(**N_4222))


def test_example_8_the_half_is_of_the_small_and_farming_part() -> None:
    """83 % are small or farming; of those 48.2 % are up to 5 million: below the half."""
    new, small, up_to_5m = 1_000 * MILLION, 830 * MILLION, 400 * MILLION
    figures = {"small_agri_share": rate_of(small, new), "le5m_share": rate_of(up_to_5m, small)}
    assert figures == {"small_agri_share": Decimal("0.83"), "le5m_share": Decimal("0.481928")}
    rules = [rule for rule in defaults.MEMBER["rules"] if rule["field"] in figures]
    assert {one.field: one.outcome for one in judge(rules, figures)} == {"small_agri_share": "PASS", "le5m_share": "REFER"}
    of_all = rate_of(up_to_5m, new)  # the wrong way
    assert of_all == Decimal("0.4") != figures["le5m_share"]


def test_example_9_and_10_premium_by_base() -> None:
    """9: 4,931.51, of it 2,465.75 for the fund, 2,465.76 stays. 10: an amortising loan costs less on its balance."""
    first, last = date(2026, 3, 1), date(2026, 3, 1) + timedelta(days=299)
    rate = tariff.rate_of(tariff.read_table([{"obligor_max_fen": 5 * MILLION, "rate": "0.003"}, {"rate": "0.005"}]), 5 * MILLION)
    stretch = tariff.Stretch(first, last, Fraction(times(5 * MILLION, Decimal("0.40"))), rate)
    premium = tariff.accrued([stretch], "ACT/365", last)
    fund = tariff.accrued([tariff.Stretch(first, last, Fraction(times(5 * MILLION, Decimal("0.20"))), rate)], "ACT/365", last)
    assert (premium, fund, premium - fund) == (493_151, 246_575, 246_576)
    wrong = tariff.accrued([tariff.Stretch(first, last, Fraction(3 * MILLION), rate)], "ACT/365", last)  # 40 + 20 %
    assert wrong == 739_726 != premium
    assert tariff.accrued([stretch], "ACT/360", last) == 500_000 != premium  # another day count
    middle = first + timedelta(days=149)
    halved = [
        tariff.Stretch(first, middle, Fraction(2 * MILLION), rate),
        tariff.Stretch(middle + timedelta(days=1), last, Fraction(MILLION), rate),
    ]
    assert tariff.average(halved, first, last) == 150_000_000
    assert tariff.accrued(halved, "ACT/365", last) == half_up(premium * 3, 4) == 369_863


def test_examples_11_to_13_on_one_treaty() -> None:
    """11: the cap leaves 0.5 m of 0.9 m. 12: 1,600,000. 13: 180,000 each, 360,000 for the guarantor."""
    cap = layer("RATE_CAP", 2, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank")
    batch = terms(quota(bank="0.20", group="0.80"), cap, residual="group", loss_base="PRINCIPAL_AND_INTEREST")
    base = times(500 * MILLION, Decimal("0.80"))
    earlier = apply(batch, Position(), Loss("A", MARCH, principal_fen=1_437_500_000, released_base_fen=base))
    claim = apply(batch, earlier.position, Loss("B", MARCH, principal_fen=112_500_000, released_base_fen=base))
    assert (claim.shares["group"], claim.shares["bank"] - 22_500_000) == (50_000_000, 40_000_000)
    assert fuse(batch, earlier.shares["group"], base) == "ORANGE" and fuse(batch, 1_200_000_000, base) == "RED"
    in_force_base = apply(batch, earlier.position, Loss("B", MARCH, principal_fen=112_500_000, released_base_fen=500 * MILLION))
    assert in_force_base.shares["group"] == 90_000_000 != claim.shares["group"]  # the wrong base lets all of it through

    shares = apply(N4222, Position(), Loss("C", MARCH, principal_fen=4 * MILLION, interest_fen=6_000_000)).shares
    assert shares["group"] + shares["nfgf"] == 160_000_000
    paid = times(4 * MILLION + 6_000_000, Decimal("0.80"))
    wrong = {times(paid, Decimal("0.40")), times(paid, Decimal("0.50")), times(4 * MILLION, Decimal("0.60"))}
    assert wrong == {129_920_000, 162_400_000, 240_000_000} and 160_000_000 not in wrong

    owed = {party: fen for party, fen in shares.items() if fen}
    back = share(N4222, owed, owed, gross_fen=MILLION, cost_fen=10_000_000)
    assert back.shares == {"bank": 18_000_000, "member": 36_000_000, "group": 18_000_000, "nfgf": 18_000_000}
    losses = {party: shares[party] - back.shares[party] for party in owed}
    assert sum(losses.values()) == 4 * MILLION - 90_000_000


def test_example_14_rates_of_a_year() -> None:
    """Current rate 1.50 %, recovery rate 12.5 %, closing balance 13 m, reserves cover 153.8 % of it."""
    released, compensated, opening, recovered, lost = (fen * MILLION for fen in (400, 6, 10, 2, 1))
    assert rate_of(compensated, released) == Decimal("0.015")
    assert rate_of(compensated, released - compensated) == Decimal("0.015228")  # the wrong way: without what was compensated
    assert rate_of(recovered, opening + compensated) == Decimal("0.125")
    assert rate_of(recovered, opening) == Decimal("0.2")  # the wrong way: the year's own compensations left out
    closing = opening + compensated - recovered - lost
    assert closing == 13 * MILLION
    assert rate_of(20 * MILLION, closing) == Decimal("1.538462")
    assert rate_of(1, 0) is None  # a base of nothing has no rate (domain.md 6.1)


@pytest.mark.parametrize("day_count", tariff.DAY_COUNTS)
def test_example_10_parts_of_a_cover_sum_to_its_whole(day_count: str) -> None:
    first, last = date(2026, 3, 1), date(2027, 2, 28)
    cover = [tariff.Stretch(first, last, Fraction(123_456_789), Decimal("0.00371"))]
    months = [(date(2026 + (m > 9), (m + 2) % 12 + 1, 1), date(2026 + (m + 1 > 9), (m + 3) % 12 + 1, 1)) for m in range(12)]
    parts = [tariff.between(cover, day_count, begin, end - timedelta(days=1)) for begin, end in months]
    assert sum(parts) == tariff.accrued(cover, day_count, last)
