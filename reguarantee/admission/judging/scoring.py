"""The four dimensions: each scored from its own inputs by its own weights, and shown apart (PAR-18…21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Dimension:
    """A dimension's score of 0 to 100 and how it came about: a row for each input with its value, points and weight."""

    code: str
    name: dict[str, str]
    weight: str
    score: Decimal
    rows: tuple[dict[str, Any], ...]

    def row(self) -> dict[str, Any]:
        return {**asdict(self), "score": str(self.score)}


def points(item: Mapping[str, Any], value: Any) -> Decimal:
    """Points of a value: those of the first band it reaches, from the best down; none for a missing value.

    `better` HIGH reads a band as "at least", LOW as "at most".
    """
    if value is None:
        return Decimal(0)
    number = Decimal(int(value)) if isinstance(value, bool) else Decimal(value)
    for bound, given in item["bands"]:
        if number >= Decimal(bound) if item["better"] == "HIGH" else number <= Decimal(bound):
            return Decimal(given)
    return Decimal(0)


def score(dimensions: Iterable[Mapping[str, Any]], inputs: Mapping[str, Any]) -> list[Dimension]:
    """Score every dimension of a standard: sum of weight × points, to the hundredth, half up."""
    scored = []
    for dimension in dimensions:
        rows = tuple(_row(item, inputs.get(item["field"])) for item in dimension["inputs"])
        total = sum((Decimal(row["weight"]) * Decimal(row["points"]) for row in rows), Decimal(0))
        scored.append(
            Dimension(
                code=dimension["code"],
                name=dict(dimension["name"]),
                weight=str(dimension["weight"]),
                score=total.quantize(_CENT, ROUND_HALF_UP),
                rows=rows,
            )
        )
    return scored


def _row(item: Mapping[str, Any], value: Any) -> dict[str, Any]:
    return {
        "field": item["field"],
        "value": "" if value is None else str(int(value) if isinstance(value, bool) else value),
        "weight": str(item["weight"]),
        "points": str(points(item, value)),
    }


def rating(dimensions: Iterable[Dimension]) -> Decimal:
    """The institution's rating, 0 to 100: the dimensions by their weights. For the credit line; pages show them apart."""
    total = sum((Decimal(one.weight) * one.score for one in dimensions), Decimal(0))
    return total.quantize(_CENT, ROUND_HALF_UP)
