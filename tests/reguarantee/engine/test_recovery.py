"""Recoveries shared: domain.md 5.9 by its worked figures, the four orders by hand, and what holds for all of them."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.money import split
from reguarantee.treaties.engine import ORDERS, BadRecovery, share
from reguarantee.treaties.engine.recovery import deal
from tests.reguarantee.engine.terms import MILLION, N_4222, PARTIES, quota, terms
from tests.reguarantee.engine.test_engine import RATIOS

N4222 = terms(quota(**N_4222))
BEARS = {"bank": 80_000_000, "member": 160_000_000, "group": 80_000_000, "nfgf": 80_000_000}  # of 4,000,000.00
GROSS, COST = MILLION, 10_000_000
ALL_PAID = dict(BEARS)


def shared(order: str | None = None, *, bears: dict[str, int] = BEARS, paid: dict[str, int] = ALL_PAID, **more: Any) -> Any:
    given_ = {"gross_fen": GROSS, "cost_fen": COST, **more}
    return share(N4222, bears, paid, order=order, **given_)


def test_example_13_costs_first_then_pro_rata() -> None:
    """AGR-21: 1,000,000 with costs of 100,000 gives 180,000 / 360,000 / 180,000 / 180,000."""
    result = shared("COST_FIRST_PRO_RATA")
    assert result.shares == {"bank": 18_000_000, "member": 36_000_000, "group": 18_000_000, "nfgf": 18_000_000}
    assert set(result.held.values()) == {0}
    assert result.shares["group"] + result.shares["nfgf"] == 36_000_000  # what the guarantor transfers to the province
    # The wrong ways give other figures: costs not taken first; the bank left out; the fund's part added to the province's 40 %.
    assert split(GROSS, RATIOS, "member")["bank"] == 20_000_000 != result.shares["bank"]
    without_bank = deal(90_000_000, {party: fen for party, fen in BEARS.items() if party != "bank"}, "member")
    assert without_bank["group"] == 22_500_000 != result.shares["group"]
    assert 90_000_000 * 60 // 100 == 54_000_000 != result.shares["group"] + result.shares["nfgf"]


def test_example_13_before_the_province_has_paid_its_part_is_held() -> None:
    """domain.md 5.9: the province's 360,000 stays with the guarantor and lowers the claim to 1,240,000."""
    result = shared(paid={"bank": BEARS["bank"], "member": BEARS["member"]})
    assert result.shares == {"bank": 18_000_000, "member": 36_000_000, "group": 0, "nfgf": 0}
    assert result.held == {"bank": 0, "member": 0, "group": 18_000_000, "nfgf": 18_000_000}
    claim = BEARS["group"] + BEARS["nfgf"]
    assert claim - sum(result.held.values()) == 124_000_000
    whole = shared("COST_FIRST_PRO_RATA").shares  # the wrong way hands out what was never paid
    assert whole["group"] + whole["nfgf"] == 36_000_000


def test_who_has_paid_half_gets_half_and_the_other_half_is_held() -> None:
    result = shared(paid={**ALL_PAID, "group": 40_000_000})
    assert (result.shares["group"], result.held["group"]) == (9_000_000, 9_000_000)
    assert sum(result.shares.values()) + sum(result.held.values()) == 90_000_000
    reason = next(one for one in result.trace if one.party == "group" and "paid" in one.inputs)
    assert reason.why == (
        "group has paid 400,000.00 of the 800,000.00 it bears, so 90,000.00 of its part of 180,000.00 is held until it pays."
    )


def test_pro_rata_leaves_the_costs_with_who_spent_them() -> None:
    result = shared("PRO_RATA")
    assert result.shares == {"bank": 20_000_000, "member": 30_000_000, "group": 20_000_000, "nfgf": 20_000_000}
    dear = shared("PRO_RATA", cost_fen=70_000_000)  # more than the member's 400,000: the rest comes off the others
    assert dear.shares == {"bank": 10_000_000, "member": 0, "group": 10_000_000, "nfgf": 10_000_000}


def test_a_subordinate_bank_gets_something_only_when_the_others_are_whole() -> None:
    first = shared("BANK_SUBORDINATE")
    assert first.shares == {"bank": 0, "member": 45_000_000, "group": 22_500_000, "nfgf": 22_500_000}
    rest = shared("BANK_SUBORDINATE", gross_fen=330 * 10**6, cost_fen=0, before=first.shares)
    assert rest.shares == {
        "bank": 80_000_000 + 4_000_000,
        "member": 115_000_000 + 8_000_000,
        "group": 61_500_000,
        "nfgf": 61_500_000,
    }


def test_principal_first_and_interest_to_who_bore_it() -> None:
    assert shared("PRINCIPAL_THEN_INTEREST").shares == shared("COST_FIRST_PRO_RATA").shares
    whole = shared("PRINCIPAL_THEN_INTEREST", gross_fen=406_000_000, cost_fen=0)
    assert whole.shares == {**BEARS, "member": 166_000_000}  # the guarantor bore the interest (domain.md 5.8.1)
    late = shared("PRINCIPAL_THEN_INTEREST", gross_fen=10_000_000, cost_fen=0, before=BEARS)
    assert late.shares == {"bank": 0, "member": 10_000_000, "group": 0, "nfgf": 0}


def test_the_terms_say_the_order_when_the_call_does_not() -> None:
    under = terms(quota(**N_4222), recoveries={"order": "BANK_SUBORDINATE"})
    assert share(under, BEARS, ALL_PAID, gross_fen=GROSS).shares["bank"] == 0
    assert shared().shares == shared("COST_FIRST_PRO_RATA").shares


def test_costs_that_eat_everything_leave_nothing_to_share() -> None:
    result = shared(gross_fen=COST - 1)
    assert set(result.shares.values()) == set(result.held.values()) == {0}
    assert "does not even meet the costs" in result.trace[0].why


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"order": "FIRST_COME"}, "not an order"),
        ({"bears": {**BEARS, "stranger": 1}}, "not among the parties"),
        ({"bears": {"bank": 1, "group": 2}}, "keeps what rounding leaves"),
        ({"bears": dict.fromkeys(BEARS, 0)}, "Nobody bears"),
        ({"gross_fen": -1}, "below nothing"),
        ({"cost_fen": -1}, "below nothing"),
        ({"paid": {"group": -1}}, "below nothing"),
    ],
)
def test_a_recovery_without_sense_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadRecovery, match=complaint):
        shared(**change)


AMOUNT = st.integers(0, 60) | st.integers(0, 10**12)


@settings(max_examples=600, deadline=None)
@given(
    st.dictionaries(st.sampled_from(list(PARTIES)), AMOUNT, min_size=1),
    st.dictionaries(st.sampled_from(list(PARTIES)), AMOUNT),
    st.dictionaries(st.sampled_from(list(PARTIES)), AMOUNT),
    AMOUNT, AMOUNT, st.sampled_from(ORDERS),
)  # fmt: skip
def test_shares_and_held_are_exactly_the_net_and_none_is_below_nothing(
    bears: dict[str, int], paid: dict[str, int], before: dict[str, int], gross: int, cost: int, order: str
) -> None:
    bears = {"member": 0, **bears}
    if not any(bears.values()):
        bears["member"] = 1
    result = share(N4222, bears, paid, gross_fen=gross, cost_fen=cost, order=order, before=before)
    assert sum(result.shares.values()) + sum(result.held.values()) == max(gross - cost, 0)
    assert all(fen >= 0 for fen in (*result.shares.values(), *result.held.values()))
    assert list(result.shares) == list(result.held) == list(bears)
    for party, obligation in bears.items():
        if paid.get(party, 0) >= obligation:
            assert result.held[party] == 0
        elif not paid.get(party, 0):
            assert result.shares[party] == 0
    by_trace = {reason.party: reason.fen for reason in result.trace if reason.party and "total" in reason.inputs}
    assert by_trace == {party: result.shares[party] + result.held[party] for party in bears}
    assert all(reason.why.count("%(") == 0 for reason in result.trace)


@settings(max_examples=300, deadline=None)
@given(AMOUNT, st.dictionaries(st.sampled_from(list(PARTIES)), AMOUNT, min_size=1), st.sampled_from(list(PARTIES)))
def test_a_deal_is_exact_and_within_half_a_fen_a_party(amount: int, weights: dict[str, int], residual: str) -> None:
    parts = deal(amount, weights, residual)
    assert sum(parts.values()) == amount and min(parts.values()) >= 0
    total = sum(weights.values())
    for party, weight in weights.items():
        if total and party != residual:
            assert parts[party] <= Fraction(amount * weight, total) + Fraction(1, 2)
    again = deal(amount, dict(reversed(list(weights.items()))), residual)
    assert sum(abs(parts[party] - again[party]) for party in weights) <= len(weights)
