"""The levels of the circuit breaker, by the cap of the terms (domain.md 5.7)."""

from decimal import Decimal

import pytest

from reguarantee.treaties.engine import cap_rate, fuse
from tests.reguarantee.engine.terms import N_4222, layer, quota, terms

CAP = layer("RATE_CAP", 2, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank")
CAPPED = terms(quota(**N_4222), CAP, fuse={"warn": "0.60", "hold": "0.80", "stop": "1.00"})
BASE = 40_000_000_000  # 400 m: the cap is 12 m (worked example 11)


@pytest.mark.parametrize(
    ("paid", "level"),
    [
        (0, "GREEN"),
        (719_999_999, "GREEN"),
        (720_000_000, "YELLOW"),
        (959_999_999, "YELLOW"),
        (960_000_000, "ORANGE"),
        (1_150_000_000, "ORANGE"),
        (1_199_999_999, "ORANGE"),
        (1_200_000_000, "RED"),
        (9_000_000_000, "RED"),
    ],
)
def test_levels_begin_exactly_at_their_part_of_the_cap(paid: int, level: str) -> None:
    """AGR-22: 60 % warns, 80 % holds, the whole stops."""
    assert fuse(CAPPED, paid, BASE) == level
    assert fuse(terms(quota(**N_4222), CAP), paid, BASE) == level  # without its own levels: those of domain.md 5.7


def test_the_terms_may_set_other_levels() -> None:
    early = terms(quota(**N_4222), CAP, fuse={"warn": "0.10", "hold": "0.20", "stop": "0.50"})
    assert [fuse(early, paid, BASE) for paid in (119_999_999, 120_000_000, 240_000_000, 600_000_000)] == [
        "GREEN", "YELLOW", "ORANGE", "RED",
    ]  # fmt: skip


def test_a_base_of_nothing_is_green_until_something_was_paid() -> None:
    assert fuse(CAPPED, 0, 0) == "GREEN"
    assert fuse(CAPPED, 1, 0) == "RED"


def test_the_cap_is_the_re_guarantors_else_any_and_bands_have_one_too() -> None:
    of_bank = layer("RATE_CAP", 2, party="bank", cap_rate="0.01", excess_to="member")
    assert cap_rate(terms(of_bank, CAP)) == Decimal("0.03")
    assert cap_rate(terms(of_bank)) == Decimal("0.01")
    bands = [{"to": "0.03", "factor": "1"}, {"to": "0.05", "factor": "0.5"}, {"factor": "0"}]
    assert cap_rate(terms(layer("TIERS", 2, party="group", bands=bands, excess_to="bank"))) == Decimal("0.05")
    open_end = [{"to": "0.03", "factor": "1"}, {"factor": "0.5"}]
    assert cap_rate(terms(layer("TIERS", 2, party="group", bands=open_end, excess_to="bank"))) is None
    assert cap_rate(terms(quota(**N_4222))) is None


def test_without_a_cap_in_the_terms_the_caller_may_name_one() -> None:
    plain = terms(quota(**N_4222))
    assert fuse(plain, 10**12, BASE) == "GREEN"
    assert fuse(plain, 1_200_000_000, BASE, cap=Decimal("0.03")) == "RED"
    assert fuse(plain, 1_200_000_000, BASE, cap=Decimal("0.04")) == "YELLOW"
