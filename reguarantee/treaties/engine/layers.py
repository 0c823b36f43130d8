"""What each kind of layer takes, one small function per kind.

A layer function sees what its giving party held before the layer's order (`held`), the loss, and the running
totals of the period, and returns what it wants to move. The engine clips the wants to what is left; layers
know nothing of each other. Running totals grow by what a layer saw, not by what it was granted, so that a
layer's scale does not depend on its neighbours.

Every period layer is the same geometry: a loss is the segment [w, w + x] on the scale of the period's running
total, a cover is a band of that scale, and what moves is the length of their intersection. A segment's
intersections with adjoining bands add up to the segment, which is why nothing is counted twice or lost.
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from kernel.errors import gettext_noop
from kernel.money import half_up, times

from .losses import Loss

Totals = MutableMapping[str, int]
Holdings = Mapping[str, int]


class Want(NamedTuple):
    """A wish to move `fen` from `source` to `target`, with the figures and the sentence that explain it."""

    source: str
    target: str
    fen: int
    inputs: dict[str, Any]
    sentence: str


@dataclass(frozen=True, slots=True)
class Layer:
    """What all layers have: `key` names the layer's running totals, `order` is when it runs."""

    key: str
    order: int
    kind: str


@dataclass(frozen=True, slots=True)
class QuotaShare(Layer):
    """Deals what the residual party holds out by ratio, in the order listed."""

    residual: str
    shares: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Surplus(Layer):
    """Moves the part of the guaranteed amount above a retention, up to `lines` retentions (None: no limit)."""

    source: str
    target: str
    retention_fen: int
    lines: int | None


@dataclass(frozen=True, slots=True)
class Excess(Layer):
    """Moves what each loss has above an attachment up to a limit, between yearly deductible and limit."""

    source: str
    target: str
    attachment_fen: int
    limit_fen: int | None
    aad_fen: int | None
    aal_fen: int | None
    share: Decimal


@dataclass(frozen=True, slots=True)
class Aggregate(Layer):
    """Moves what the period's losses together have above an attachment up to a limit (stop loss)."""

    source: str
    target: str
    attachment_fen: int | None
    attachment_rate: Decimal | None
    limit_fen: int | None
    limit_rate: Decimal | None
    share: Decimal


@dataclass(frozen=True, slots=True)
class RateCap(Layer):
    """Moves what a party would pay in the period above `cap_rate` of the base; `paid_key` names its total."""

    party: str
    cap_rate: Decimal
    excess_to: str
    paid_key: str


@dataclass(frozen=True, slots=True)
class Tiers(Layer):
    """Counts what a party would pay in the period at a factor per band of the base and moves the rest.

    `bands` are (upper bound as a rate of the base or None, factor); above the last bound nothing counts.
    """

    party: str
    bands: tuple[tuple[Decimal | None, Decimal], ...]
    excess_to: str


def overlap(start: int, length: int, low: int, high: int | None) -> int:
    """Return how much of [start, start + length] lies in [low, high]; high None is no upper end."""
    end = start + length
    if high is not None and high < end:
        end = high
    return max(end - max(start, low), 0)


def _grow(totals: Totals, key: str, by: int) -> int:
    before = totals.get(key, 0)
    totals[key] = before + by
    return before


def quota_share(layer: QuotaShare, holdings: Holdings, loss: Loss, totals: Totals) -> list[Want]:
    """Each party listed gets half_up(held x ratio); the residual party keeps what is not taken."""
    source = layer.residual
    held = holdings[source]
    return [
        Want(
            source,
            party,
            times(held, ratio),
            {"held": held, "ratio": ratio},
            gettext_noop("%(target)s takes %(ratio)s of the %(held)s that %(source)s holds: %(fen)s."),
        )
        for party, ratio in layer.shares
        if party != source
    ]


def surplus(layer: Surplus, holdings: Holdings, loss: Loss, totals: Totals) -> list[Want]:
    """With g guaranteed: min(max(g - retention, 0), lines x retention) / g of what is held."""
    held, guaranteed = holdings[layer.source], loss.guaranteed_fen
    above = max(guaranteed - layer.retention_fen, 0)
    if layer.lines is not None:
        above = min(above, layer.lines * layer.retention_fen)
    fen = half_up(held * above, guaranteed) if guaranteed else 0
    inputs: dict[str, Any] = {
        "held": held,
        "guaranteed": guaranteed,
        "retention": layer.retention_fen,
        "surplus": above,
    }
    sentence = gettext_noop(
        "Of %(guaranteed)s guaranteed, %(surplus)s is above the retention of %(retention)s; "
        "%(target)s takes that part of the %(held)s that %(source)s holds: %(fen)s."
    )
    if layer.lines is not None:
        inputs["lines"] = str(layer.lines)
        sentence = gettext_noop(
            "Of %(guaranteed)s guaranteed, %(surplus)s is above the retention of %(retention)s and within %(lines)s "
            "lines; %(target)s takes that part of the %(held)s that %(source)s holds: %(fen)s."
        )
    return [Want(layer.source, layer.target, fen, inputs, sentence)]


def excess(layer: Excess, holdings: Holdings, loss: Loss, totals: Totals) -> list[Want]:
    """With x held: t = min(max(x - attachment, 0), limit); the growth of clip(sum of t) x share."""
    held = holdings[layer.source]
    part = overlap(0, held, layer.attachment_fen, _top(layer.attachment_fen, layer.limit_fen))
    inputs: dict[str, Any] = {"held": held, "attachment": layer.attachment_fen, "part": part, "share": layer.share}
    if layer.limit_fen is not None:
        inputs["limit"] = layer.limit_fen
    if layer.aad_fen is None and layer.aal_fen is None:
        fen = times(part, layer.share)
        sentence = gettext_noop(
            "%(source)s holds %(held)s, of which %(part)s is above %(attachment)s; %(target)s takes %(share)s of it: %(fen)s."
        )
        if layer.limit_fen is not None:
            sentence = gettext_noop(
                "%(source)s holds %(held)s, of which %(part)s is above %(attachment)s and within the limit of "
                "%(limit)s; %(target)s takes %(share)s of it: %(fen)s."
            )
        return [Want(layer.source, layer.target, fen, inputs, sentence)]
    deductible = layer.aad_fen or 0
    before = _grow(totals, layer.key, part)
    growth = overlap(before, part, deductible, _top(deductible, layer.aal_fen))
    inputs |= {"before": before, "aad": deductible, "growth": growth}
    sentence = gettext_noop(
        "%(source)s holds %(held)s, of which %(part)s is in excess of %(attachment)s. With %(before)s of the period "
        "before it, %(growth)s is above the period's deductible of %(aad)s; %(target)s takes %(share)s of it: %(fen)s."
    )
    if layer.aal_fen is not None:
        inputs["aal"] = layer.aal_fen
        sentence = gettext_noop(
            "%(source)s holds %(held)s, of which %(part)s is in excess of %(attachment)s. With %(before)s of the "
            "period before it, %(growth)s is above the period's deductible of %(aad)s and within its limit of "
            "%(aal)s; %(target)s takes %(share)s of it: %(fen)s."
        )
    return [Want(layer.source, layer.target, times(growth, layer.share), inputs, sentence)]


def _top(bottom: int, length: int | None) -> int | None:
    return None if length is None else bottom + length


def _fixed_or_rate(fen: int | None, rate: Decimal | None, base_fen: int) -> int | None:
    return times(base_fen, rate) if rate is not None else fen


def aggregate(layer: Aggregate, holdings: Holdings, loss: Loss, totals: Totals) -> list[Want]:
    """The part of the segment [w, w + x] of the period's running total in [attachment, attachment + limit] x share."""
    held = holdings[layer.source]
    attachment = _fixed_or_rate(layer.attachment_fen, layer.attachment_rate, loss.released_base_fen) or 0
    limit = _fixed_or_rate(layer.limit_fen, layer.limit_rate, loss.released_base_fen)
    before = _grow(totals, layer.key, held)
    growth = overlap(before, held, attachment, _top(attachment, limit))
    inputs: dict[str, Any] = {
        "held": held,
        "before": before,
        "attachment": attachment,
        "growth": growth,
        "share": layer.share,
    }
    sentence = gettext_noop(
        "%(source)s holds %(held)s after %(before)s earlier in the period; %(growth)s of it is above "
        "%(attachment)s; %(target)s takes %(share)s of it: %(fen)s."
    )
    if layer.attachment_rate is not None or layer.limit_rate is not None:
        inputs["base"] = loss.released_base_fen
    if limit is not None:
        inputs["limit"] = limit
        sentence = gettext_noop(
            "%(source)s holds %(held)s after %(before)s earlier in the period; %(growth)s of it is above "
            "%(attachment)s and within the limit of %(limit)s; %(target)s takes %(share)s of it: %(fen)s."
        )
    return [Want(layer.source, layer.target, times(growth, layer.share), inputs, sentence)]


def rate_cap(layer: RateCap, holdings: Holdings, loss: Loss, totals: Totals) -> list[Want]:
    """What the party has paid in the period, this loss included, may not pass cap_rate x base; the rest moves."""
    held, paid, base = holdings[layer.party], totals.get(layer.paid_key, 0), loss.released_base_fen
    cap = times(base, layer.cap_rate)
    fen = max(held - max(cap - paid, 0), 0)
    return [
        Want(
            layer.party,
            layer.excess_to,
            fen,
            {"held": held, "paid": paid, "base": base, "rate": layer.cap_rate, "cap": cap},
            gettext_noop(
                "%(source)s holds %(held)s and has paid %(paid)s in the period; it pays at most %(rate)s of "
                "%(base)s = %(cap)s, so %(fen)s moves to %(target)s."
            ),
        )
    ]


def tiers(layer: Tiers, holdings: Holdings, loss: Loss, totals: Totals) -> list[Want]:
    """Of the segment [w, w + x] of what the party would have paid, each band's part counts at its factor."""
    held, base = holdings[layer.party], loss.released_base_fen
    before = _grow(totals, layer.key, held)
    counted, low = 0, 0
    bands: list[tuple[int, int | None, Decimal]] = []
    for bound, factor in layer.bands:
        high = None if bound is None else times(base, bound)
        bands.append((low, high, factor))
        counted += times(overlap(before, held, low, high), factor)
        low = high or low
    return [
        Want(
            layer.party,
            layer.excess_to,
            held - counted,
            {"held": held, "before": before, "base": base, "bands": tuple(bands), "counted": counted},
            gettext_noop(
                "%(source)s would pay %(held)s after %(before)s earlier in the period; by the bands of %(base)s, "
                "%(counted)s of it counts, so %(fen)s moves to %(target)s."
            ),
        )
    ]


TAKE: Mapping[type[Layer], Callable[[Any, Holdings, Loss, Totals], list[Want]]] = {
    QuotaShare: quota_share,
    Surplus: surplus,
    Excess: excess,
    Aggregate: aggregate,
    RateCap: rate_cap,
    Tiers: tiers,
}

CLIPPED = gettext_noop("%(target)s would take %(wanted)s, but %(source)s has only %(left)s left to give: %(fen)s.")
