"""Points and grade of a yearly evaluation (domain.md 5.10.2): each metric against its target, weighted to 100."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

METRICS = (
    "new_volume", "small_agri_share", "filed_volume", "risk_shared_share", "leverage", "compensation_rate", "return_rate",
    "filing_rate",
)  # fmt: skip
_FULL, _CENT = Decimal(100), Decimal("0.01")


def points(metric: str, value: Decimal | None, *, target: Decimal, limit: Decimal = Decimal(0)) -> Decimal:
    """0 to 100, at two places, half up; a missing value has none.

    More is better up to the target, in proportion; leverage above `limit` has no points. A compensation rate up to its
    target has all, twice the target none, and between them it falls in a straight line.
    """
    if value is None:
        return Decimal(0)
    if metric == "compensation_rate":
        share = (2 * target - value) / target if target else Decimal(value <= 0)
    elif metric == "leverage" and value > limit:
        share = Decimal(0)
    else:
        share = value / target if target else Decimal(1)
    return (min(max(share, Decimal(0)), Decimal(1)) * _FULL).quantize(_CENT, ROUND_HALF_UP)


def total(scored: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> Decimal:
    """Sum of weight × points over the eight metrics, at two places, half up."""
    return sum((weights[metric] * scored[metric] for metric in METRICS), Decimal(0)).quantize(_CENT, ROUND_HALF_UP)


def grade(score: Decimal, cuts: Mapping[str, int]) -> str:
    """A, B, C or D: the first grade whose cut the score reaches."""
    return next((letter for letter in ("A", "B", "C") if score >= cuts[letter]), "D")
