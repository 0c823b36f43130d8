"""kernel.money: exact figures, to the fen."""

import json
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import add_months, whole_months
from kernel.money import BadAmount, BadRatios, capitals, from_yuan, half_up, split, straight_line, times, wan, yuan
from tests.kernel.shared import sba_rows, shared_file

AMOUNTS = st.integers(0, 10**15)
FOUR = {name: Decimal(ratio) for name, ratio in (("a", "0.4"), ("b", "0.3"), ("c", "0.2"), ("d", "0.1"))}


@st.composite
def ratios(draw: st.DrawFn) -> dict[str, Decimal]:
    """Ratios of 1 to 7 parties that sum to exactly 1, some of them nothing."""
    places = draw(st.sampled_from([10, 100, 10_000, 10**9]))
    cuts = sorted(draw(st.lists(st.integers(0, places), max_size=6)))
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, places], strict=True)]
    return {f"p{n}": Decimal(part) / places for n, part in enumerate(parts)}


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**12))
def test_half_up_is_the_nearest_integer_and_ties_go_away_from_zero(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    rounded = half_up(numerator, denominator)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)
    assert half_up(-numerator, denominator) == half_up(numerator, -denominator) == -rounded


@pytest.mark.parametrize(("n", "d", "result"), [(1, 2, 1), (3, 2, 2), (5, 2, 3), (-5, 2, -3), (4, 3, 1), (0, 7, 0)])
def test_half_up_is_not_bankers_rounding(n: int, d: int, result: int) -> None:
    assert half_up(n, d) == result


@given(AMOUNTS, st.decimals(0, 1, places=6))
def test_times_agrees_with_decimal_of_enough_digits(amount: int, rate: Decimal) -> None:
    with localcontext(prec=60):
        expected = int((amount * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert times(amount, rate) == expected


def test_times_does_not_depend_on_the_decimal_context() -> None:
    with localcontext(prec=3):
        assert times(123_456_789_012_345, Decimal("0.123456")) == 15_241_481_344_308


@given(AMOUNTS, ratios(), st.data())
def test_a_split_is_exact_and_never_below_nothing(amount: int, shares: dict[str, Decimal], data: st.DataObject) -> None:
    residual = data.draw(st.sampled_from(sorted(shares)))
    dealt = split(amount, shares, residual)
    assert list(dealt) == list(shares)
    assert sum(dealt.values()) == amount
    assert all(share >= 0 for share in dealt.values())
    slack = Fraction(len(shares) - 1, 2)
    given_up = 0
    for party, share in dealt.items():
        exact = amount * Fraction(shares[party])
        if party == residual:
            assert abs(share - exact) <= slack
        else:
            given_up += half_up(exact.numerator, exact.denominator) - share
            assert share <= half_up(exact.numerator, exact.denominator)
    assert 0 <= given_up <= slack


@given(AMOUNTS, ratios())
def test_a_reversal_is_the_mirror_image(amount: int, shares: dict[str, Decimal]) -> None:
    forth, back = split(amount, shares, "p0"), split(-amount, shares, "p0")
    assert back == {party: -share for party, share in forth.items()}


def test_the_residual_party_keeps_the_odd_fen() -> None:
    thirds = {"a": Decimal("0.3"), "b": Decimal("0.3"), "c": Decimal("0.4")}
    assert split(101, thirds, "c") == {"a": 30, "b": 30, "c": 41}
    assert split(101, thirds, "a") == {"a": 31, "b": 30, "c": 40}


def test_the_last_takes_less_when_roundings_eat_more_than_there_is() -> None:
    halves = {"a": Decimal("0.5"), "b": Decimal("0.5"), "r": Decimal("0")}
    assert split(1, halves, "r") == {"a": 1, "b": 0, "r": 0}
    quarters = {"r": Decimal("0"), **{name: Decimal("0.25") for name in "abcd"}}
    assert split(2, quarters, "r") == {"r": 0, "a": 1, "b": 1, "c": 0, "d": 0}


@pytest.mark.parametrize(
    "shares",
    [
        {"a": Decimal("0.5"), "b": Decimal("0.49")},
        {"a": Decimal("1.5"), "b": Decimal("-0.5")},
        {"b": Decimal("1")},
        {"a": Decimal("0.3333333333333333333333333333333"), "b": Decimal("0.6666666666666666666666666666666")},
    ],
)
def test_shares_that_are_no_whole_are_refused(shares: dict[str, Decimal]) -> None:
    with pytest.raises(BadRatios) as refused:
        split(100, shares, "a")
    assert refused.value.code == "BAD_RATIOS"


@pytest.mark.parametrize(
    ("term", "elapsed", "left"),
    [(12, 0, 1000), (12, 1, 917), (12, 11, 83), (12, 12, 0), (12, 99, 0), (12, -3, 1000), (0, 0, 0), (60, 30, 500)],
)
def test_straight_line(term: int, elapsed: int, left: int) -> None:
    assert straight_line(1000, term, elapsed) == left


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("5000", 500_000), ("5,000.5", 500_050), ("¥ 12.30", 1230), ("-0.01", -1), (" 1,234,567.89 ", 123_456_789),
        (7, 700), (Decimal("1E+2"), 10_000), (Decimal("0.10"), 10), ("￥3", 300), ("0", 0),
    ],
)  # fmt: skip
def test_amounts_typed_in_yuan(text: object, fen: int) -> None:
    assert from_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "1.234", "1,23", "12,3456", "１２", "1e3", "五元", "1 000", "--1", 0.1, None, "1.", ".5", True]
)
def test_what_is_no_amount_is_refused(text: object) -> None:
    with pytest.raises(BadAmount) as refused:
        from_yuan(text)
    assert str(text) in str(refused.value)


@given(st.integers(-(10**17), 10**17))
def test_yuan_reads_back(fen: int) -> None:
    assert from_yuan(yuan(fen)) == fen


@pytest.mark.parametrize(("fen", "text"), [(500_000_000, "500.00"), (4_999, "0.00"), (5_000, "0.01"), (-5_000, "-0.01")])
def test_wan_rounds_half_up(fen: int, text: str) -> None:
    assert wan(fen) == text


# The examples of the rule on filling in bills (正确填写票据和结算凭证的基本规定), and the gaps that programs get wrong.
@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (140_950, "壹仟肆佰零玖元伍角整"), (600_714, "陆仟零柒元壹角肆分"), (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"), (10_700_053, "壹拾万柒仟元伍角叁分"), (0, "零元整"), (5, "伍分"),
        (50, "伍角整"), (55, "伍角伍分"), (1_000, "壹拾元整"), (100_050_000, "壹佰万零伍佰元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (500_000_000, "伍佰万元整"), (1_000_100_000_000, "壹佰亿零壹佰万元整"), (100_000_000_000_000, "壹万亿元整"),
        (-1_230, "负壹拾贰元叁角整"),
    ],
)  # fmt: skip
def test_capitals(fen: int, text: str) -> None:
    assert capitals(fen) == text


@given(st.integers(0, 10**18))
def test_capitals_read_back(fen: int) -> None:
    assert _read_capitals(capitals(fen)) == fen


def _read_capitals(text: str) -> int:
    """Read financial capitals by another method than they are written: left to right, by value of each unit."""
    fen, section, digit = 0, 0, 0
    for character in text:
        if character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
        elif character in "拾佰仟":
            section, digit = section + digit * 10 ** ("拾佰仟".index(character) + 1), 0
        elif character == "万":
            section, digit = (section + digit) * 10**4, 0
        elif character == "亿":
            fen, section, digit = (fen + section + digit) * 10**8, 0, 0
        elif character == "元":
            fen, section, digit = (fen + section + digit) * 100, 0, 0
        elif character in "角分":
            fen, digit = fen + digit * {"角": 10, "分": 1}[character], 0
    return fen


def test_four_three_two_one_over_real_charge_offs() -> None:
    golden = json.loads(shared_file("data/sba_sample20k_golden.json").read_text())["split_4321_of_gross_chargeoff"]
    names = {
        "a": "guarantor40_cents",
        "b": "reguarantor30_cents",
        "c": "bank20_cents",
        "d": "government10_remainder_cents",
    }
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(["gross_cents", *names.values()], 0))
    for row in sba_rows():
        gross = from_yuan(row["ChgOffPrinGr"].strip().removeprefix("$"))
        if row["MIS_Status"] != "CHGOFF" or not gross:
            continue
        for key in (row["State"], "_TOTAL"):
            totals[key]["gross_cents"] += gross
            for party, fen in split(gross, FOUR, "d").items():
                totals[key][names[party]] += fen
    assert {state: figures for state, figures in totals.items() if state in golden} == golden
    assert not {state for state in totals if totals[state]["gross_cents"]} - set(golden)


def test_straight_line_balances_of_real_loans() -> None:
    golden = json.loads(shared_file("data/sba_sample20k_golden.json").read_text())["in_force"]
    loans = []
    for row in sba_rows():
        start = _day(row["DisbursementDate"] or row["ApprovalDate"])
        term, guaranteed = int(row["Term"]), from_yuan(row["SBA_Appv"].strip().removeprefix("$"))
        charged_off = row["ChgOffDate"] and row["MIS_Status"] != "P I F"
        loans.append((start, term, guaranteed, _day(row["ChgOffDate"]) if charged_off else add_months(start, term)))
    for day, figures in golden.items():
        on = date.fromisoformat(day)
        left = [straight_line(amount, term, whole_months(start, on)) for start, term, amount, end in loans if start <= on < end]
        assert (len(left), sum(left)) == (figures["total"]["count"], figures["total"]["guaranteed_straightline_cents"])


def _day(text: str) -> date:
    """Read 28-Feb-97; the sample's two-digit years lie between 1962 and 2020."""
    day, month, year = text.split("-")
    number = int(year) + (2000 if int(year) < 60 else 1900)
    return date(number, "JanFebMarAprMayJunJulAugSepOctNovDec".index(month) // 3 + 1, int(day))
