"""Points and grade of a yearly evaluation: each metric ranked among the institutions of the year (domain.md 5.10.2, 5.12).

Pure: values in, places out; the group's house alone knows all institutions, so only it can rank them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

METRICS = (
    "new_volume", "small_agri_share", "filed_volume", "risk_shared_share", "leverage", "compensation_rate", "return_rate",
    "filing_rate",
)  # fmt: skip
DIMENSIONS: dict[str, tuple[str, ...]] = {
    "POLICY": ("small_agri_share", "filed_volume"),
    "OPERATION": ("new_volume", "leverage"),
    "RISK_CONTROL": ("compensation_rate", "return_rate"),
    "SYSTEM": ("risk_shared_share", "filing_rate"),
}
"""The dimensions of domain.md 5.12 and where each of the eight metrics belongs; every metric is in one."""
INVERSE = frozenset({"compensation_rate"})
"""Metrics of which less is better."""
RANKED, AGAINST_TARGET, NO_POINTS = "RANK", "TARGET", "NONE"
_FULL, _CENT, _ZERO = Decimal(100), Decimal("0.01"), Decimal(0)


@dataclass(frozen=True)
class Place:
    """What one institution has for a metric, and why: `low` to `high` and `rank` of `count` are the field it stood in.

    `basis` RANK: by min and max of the field; TARGET: against its target, because nobody differs from it; NONE: no figure,
    or one above the limit, which has no points and no place. Rank 1 is the best; equal figures share a rank.
    """

    points: Decimal
    basis: str
    low: Decimal | None = None
    high: Decimal | None = None
    rank: int | None = None
    count: int = 0


def points(metric: str, value: Decimal | None, *, target: Decimal, limit: Decimal = _ZERO) -> Decimal:
    """0 to 100 against a target, at two places, half up; a missing value has none.

    More is better up to the target, in proportion; leverage above `limit` has no points. A compensation rate up to its
    target has all, twice the target none, and between them it falls in a straight line.
    """
    if value is None or _is_out(metric, value, limit):
        return _ZERO
    if metric in INVERSE:
        share = (2 * target - value) / target if target else Decimal(value <= 0)
    else:
        share = value / target if target else Decimal(1)
    return _of_hundred(share)


def places(
    metric: str, values: Mapping[str, Decimal | None], *, targets: Mapping[str, Decimal], limits: Mapping[str, Decimal]
) -> dict[str, Place]:
    """The place of every institution: code → (x − min) / (max − min) × 100, or (max − x) for INVERSE (domain.md 5.12).

    `targets` and `limits` are by code too. Where min and max are the same (one institution alone, or all equal) there is
    nothing to rank by, so each has its points against its own target. A figure that is missing or above its limit has no
    points, and the others are not measured by it.
    """
    field = {code: x for code, x in values.items() if x is not None and not _is_out(metric, x, limits[code])}
    if not field:
        return {code: Place(_ZERO, NO_POINTS) for code in values}
    low, high = min(field.values()), max(field.values())
    found = {}
    for code, value in values.items():
        if value is None or code not in field:
            found[code] = Place(_ZERO, NO_POINTS, low, high, None, len(field))
            continue
        better = sum(other < value if metric in INVERSE else other > value for other in field.values())
        if low == high:
            basis, got = AGAINST_TARGET, points(metric, value, target=targets[code], limit=limits[code])
        else:
            above = high - value if metric in INVERSE else value - low
            basis, got = RANKED, _of_hundred(above / (high - low))
        found[code] = Place(got, basis, low, high, better + 1, len(field))
    return found


def _is_out(metric: str, value: Decimal, limit: Decimal) -> bool:
    """Leverage above what the law allows is no achievement that others could be measured by (domain.md 3.2.4)."""
    return metric == "leverage" and value > limit


def _of_hundred(share: Decimal) -> Decimal:
    return (min(max(share, _ZERO), Decimal(1)) * _FULL).quantize(_CENT, ROUND_HALF_UP)


def total(scored: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> Decimal:
    """Sum of weight × points over the eight metrics, at two places, half up."""
    return sum((weights[metric] * scored[metric] for metric in METRICS), _ZERO).quantize(_CENT, ROUND_HALF_UP)


def by_dimension(scored: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> dict[str, tuple[Decimal, Decimal]]:
    """Dimension → (its weight, what it adds to the total), the latter at two places, half up."""
    return {
        name: (
            sum((weights[metric] for metric in metrics), _ZERO),
            sum((weights[metric] * scored[metric] for metric in metrics), _ZERO).quantize(_CENT, ROUND_HALF_UP),
        )
        for name, metrics in DIMENSIONS.items()
    }


def grade(score: Decimal, cuts: Mapping[str, int]) -> str:
    """A, B, C or D: the first grade whose cut the score reaches."""
    return next((letter for letter in ("A", "B", "C") if score >= cuts[letter]), "D")
