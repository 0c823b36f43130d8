"""How near a treaty is to its cap: the levels of the circuit breaker (domain.md 5.7)."""

from decimal import Decimal
from fractions import Fraction

from kernel.money import times

from .layers import RateCap, Tiers
from .terms import Terms

GREEN, YELLOW, ORANGE, RED = "GREEN", "YELLOW", "ORANGE", "RED"
LEVELS = (GREEN, YELLOW, ORANGE, RED)
_STEPS = ((RED, "stop", "1.00"), (ORANGE, "hold", "0.80"), (YELLOW, "warn", "0.60"))
_TAKER = "REGUARANTOR"


def cap_rate(terms: Terms) -> Decimal | None:
    """Return the rate of the released base beyond which nothing is paid: of the re-guarantor's cap, else of any.

    A RATE_CAP says it; bands say it by the upper end of the last band that still counts. None when nothing is capped.
    """
    capped = [layer for layer in terms.layers if isinstance(layer, RateCap | Tiers)]
    capped.sort(key=lambda layer: terms.parties[layer.party] != _TAKER)
    rates = (layer.cap_rate if isinstance(layer, RateCap) else _end(layer) for layer in capped)
    return next((rate for rate in rates if rate is not None), None)


def fuse(terms: Terms, paid_fen: int, base_fen: int, *, cap: Decimal | None = None) -> str:
    """Return the level that `paid_fen` of a period has reached, measured by the cap on the released base; a pure function.

    GREEN below `fuse.warn` of the cap (60 %), YELLOW from there, ORANGE from `fuse.hold` (80 %), RED from `fuse.stop` (the
    whole). `cap` is the rate to measure by where the terms name none. Who has paid nothing is GREEN even on a base of
    nothing, as every treaty has on its first day; what has been paid on a base of nothing is RED.
    """
    rate = cap if cap is not None else cap_rate(terms)
    if rate is None or paid_fen <= 0:
        return GREEN
    cap_fen = times(base_fen, rate)
    steps = terms.document.get("fuse") or {}
    for level, name, default in _STEPS:
        if paid_fen >= cap_fen * Fraction(steps.get(name, default)):
            return level
    return GREEN


def _end(layer: Tiers) -> Decimal | None:
    """The upper end of the last band that counts; None when the last band is open and counts."""
    ends = [bound for bound, factor in layer.bands if factor]
    return ends[-1] if ends else Decimal(0)
