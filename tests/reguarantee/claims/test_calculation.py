"""Whatever is covered and paid: shares sum to the base, none is below nothing, a denial moves exactly its fen (AGR-20)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reguarantee.claims.calculation import Calculation, compute, deny
from reguarantee.treaties.engine import Position, Terms
from tests.reguarantee.engine.terms import N_4222, layer, quota, terms

TREATIES = (
    terms(quota(**N_4222)),
    terms(quota(**N_4222), loss_base="PRINCIPAL_AND_INTEREST"),
    terms(
        quota(bank="0.2", group="0.8"),
        layer("RATE_CAP", 2, party="group", cap_rate="0.03", base="RELEASED", excess_to="bank"),
    ),
    terms(quota(group="0.333", nfgf="0.333", member="0.334")),
)
fen = st.integers(0, 10**12)


def reckoned(under: Terms, filing: Any, **figures: int) -> Calculation:
    return compute(under, Position(), filing, loss_id="L", **figures)


@given(st.sampled_from(TREATIES), st.integers(1, 10**12), st.integers(1, 10**12), st.integers(1, 10**12), fen, fen, fen, fen, fen)
def test_shares_sum_to_the_base(
    under: Terms, principal: int, guaranteed: int, covered: int, unpaid: int, interest: int, paid: int, released: int, cut: int
) -> None:
    """AGR-20: to the fen, for any cover, payment, interest and cap."""
    guaranteed = min(guaranteed, principal)
    filing = SimpleNamespace(
        attached_on=date(2026, 3, 1), principal_fen=principal, guaranteed_fen=guaranteed, covered_fen=min(covered, guaranteed),
        product_code="P", obligor_kind="COMPANY", obligor_key="k", bank_code="B", region_code="", industry="", term_months=12,
    )  # fmt: skip
    figures = {"principal_fen": unpaid, "interest_fen": interest, "compensation_fen": paid, "released_base_fen": released}
    result = reckoned(under, filing, **figures)
    assert sum(result.shares.values()) == result.base_fen
    assert min(result.shares.values()) >= 0
    less = deny(result, under, cut)
    assert sum(less.shares.values()) == result.base_fen
    assert min(less.shares.values()) >= 0
    assert less.ceded_fen == result.ceded_fen - min(cut, result.ceded_fen)
    assert min([0, *less.position.totals.values()]) >= 0
