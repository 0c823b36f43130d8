"""The credit line of a member (domain.md 5.10.3), with every step of its working."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kernel.money import times

KEYS = (
    "leverage", "filing_rate", "risk_shared_share", "small_agri_share", "compensation_rate", "compensation_return_rate",
    "policy_target_completion", "institution_rating",
)  # fmt: skip
"""The eight scores of the coefficient."""

NEW_MEMBER, APPLICATION, TARGET_BEHIND, TARGET_PACE, MEASURED, AT_TARGET = (
    "NEW_MEMBER", "APPLICATION", "TARGET_BEHIND", "TARGET_PACE", "MEASURED", "AT_TARGET",
)  # fmt: skip
_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Working:
    """Amounts in fen; scores and weights by key; `branch` says which of the rules decided."""

    prior_fen: int
    growth: Decimal
    scores: dict[str, Decimal]
    weights: dict[str, Decimal]
    coefficient: Decimal
    measured_fen: int
    target_fen: int
    requested_fen: int
    on_pace: bool
    is_new: bool
    branch: str
    line_fen: int

    def row(self) -> dict[str, Any]:
        plain = asdict(self)
        for name in ("growth", "coefficient"):
            plain[name] = str(plain[name])
        for name in ("scores", "weights"):
            plain[name] = {key: str(value) for key, value in plain[name].items()}
        return plain


def credit_line(
    *,
    prior_fen: int,
    growth: Decimal,
    scores: Mapping[str, Decimal],
    weights: Mapping[str, Decimal],
    target_fen: int,
    requested_fen: int,
    on_pace: bool,
    is_new: bool,
) -> Working:
    """The line of a year: measured = last year's filed volume × (1 + growth) × Σ weight × score, then one of the branches.

    A score of 1 means "as it should be". A new member gets the policy target. Above the target and on pace the
    application stands; where it asks for less than the target the member gets what it asks for, and a measured line
    that equals the target is the target (both DESIGN: domain.md 5.10.3 leaves them open). Half up to a fen.
    """
    coefficient = sum((weights[key] * scores[key] for key in KEYS), Decimal(0)).quantize(_PLACES, ROUND_HALF_UP)
    measured = times(prior_fen, (1 + growth) * coefficient)
    if is_new:
        branch, line = NEW_MEMBER, target_fen
    elif measured == target_fen:
        branch, line = AT_TARGET, target_fen
    elif measured > target_fen:
        branch, line = (APPLICATION, requested_fen) if on_pace else (TARGET_BEHIND, target_fen)
    else:
        branch, line = (TARGET_PACE, target_fen) if on_pace else (MEASURED, measured)
    return Working(
        prior_fen=prior_fen,
        growth=growth,
        scores={key: scores[key] for key in KEYS},
        weights={key: weights[key] for key in KEYS},
        coefficient=coefficient,
        measured_fen=measured,
        target_fen=target_fen,
        requested_fen=requested_fen,
        on_pace=on_pace,
        is_new=is_new,
        branch=branch,
        line_fen=line,
    )
