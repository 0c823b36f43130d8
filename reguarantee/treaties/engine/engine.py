"""Running losses through treaties.

State of a loss on its way: who holds how many fen of it (`holdings`). At first the residual party of the first
treaty that applies holds the whole loss base. Each treaty runs its layers by order, each on what was left by
the treaty before it; a movement takes from one party exactly what it gives to another, and never more than
there is. Hence the two invariants: holdings always sum to the loss base, and none is below nothing.
"""

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass

from .layers import CLIPPED, TAKE
from .losses import Loss, Outcome, Position, Refusal, Result, Step, Trace
from .terms import Terms, together

Totals = MutableMapping[str, int]
PRINCIPAL_AND_INTEREST = "PRINCIPAL_AND_INTEREST"


def apply(terms: Terms | Sequence[Terms], position: Position, loss: Loss) -> Result:
    """Return shares, new position and trace of one loss; a pure function.

    `terms` is one treaty or several in the order they run. When none applies, the residual party of the first
    keeps the whole loss. Raises BadTerms when a treaty version is listed twice.
    """
    totals = dict(position.totals)
    treaties = _listed(terms)
    outcome = _run(treaties, _parties(treaties), totals, loss)
    return Result(outcome.shares, outcome.trace, Position(totals))


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcomes of a list of losses, the totals per party (fen) and the position at the end."""

    outcomes: tuple[Outcome, ...]
    totals: dict[str, int]
    position: Position


def replay(terms: Terms | Sequence[Terms], losses: Iterable[Loss], position: Position | None = None) -> Replay:
    """Run losses in the order given; the same as applying them one by one, each on the last position."""
    treaties = _listed(terms)
    running = dict(position.totals) if position else {}
    parties = _parties(treaties)
    outcomes = tuple(_run(treaties, parties, running, loss) for loss in losses)
    totals = dict.fromkeys(parties, 0)
    for outcome in outcomes:
        for party, fen in outcome.shares.items():
            totals[party] += fen
    return Replay(outcomes, totals, Position(running))


def _listed(terms: Terms | Sequence[Terms]) -> tuple[Terms, ...]:
    if isinstance(terms, Terms):
        return (terms,)
    together(terms)
    return tuple(terms)


def _parties(treaties: Iterable[Terms]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(party for terms in treaties for party in terms.parties))


def _run(treaties: tuple[Terms, ...], parties: tuple[str, ...], totals: Totals, loss: Loss) -> Outcome:
    applying: list[Terms] = []
    skipped: list[tuple[str, Refusal]] = []
    for terms in treaties:
        refusal = terms.refusal(loss, _obligor_total(terms, totals, loss))
        if refusal is None:
            applying.append(terms)
        else:
            skipped.append((terms.key, refusal))
    first = (applying or treaties)[0]
    base_fen = loss.principal_fen + (loss.interest_fen if first.loss_base == PRINCIPAL_AND_INTEREST else 0)
    holdings = dict.fromkeys(parties, 0)
    holdings[first.residual] = base_fen
    steps: list[Step] = []
    for terms in applying:
        _run_treaty(terms, holdings, totals, loss, steps)
    trace = Trace(loss.loss_id, first.loss_base, base_fen, first.residual, parties, tuple(steps), tuple(skipped))
    return Outcome(holdings, trace)


def _obligor_total(terms: Terms, totals: Totals, loss: Loss) -> int:
    """The obligor's guaranteed total, this loss included: given, or summed over its losses in the treaty's period."""
    if loss.obligor_total_fen is not None:
        return loss.obligor_total_fen
    if terms.scope.get("obligor_total_max_fen") is None or not loss.obligor_id or not terms.in_period(loss.date):
        return loss.guaranteed_fen
    key = f"{terms.key}:obligor:{loss.obligor_id}"
    totals[key] = totals.get(key, 0) + loss.guaranteed_fen
    return totals[key]


def _run_treaty(terms: Terms, holdings: dict[str, int], totals: Totals, loss: Loss, steps: list[Step]) -> None:
    treaty = terms.key
    for layers in terms.orders:
        before, left = dict(holdings), dict(holdings)
        for layer in layers:
            for source, target, fen, inputs, sentence in TAKE[type(layer)](layer, before, loss, totals):
                if fen > left[source]:  # its source has no more to give in this order
                    inputs |= {"wanted": fen, "left": left[source]}
                    fen, sentence = left[source], CLIPPED
                left[source] -= fen
                holdings[source] -= fen
                holdings[target] += fen
                steps.append(Step(treaty, layer.order, layer.kind, source, target, fen, inputs, sentence))
    for paid_key, party in terms.capped:
        totals[paid_key] = totals.get(paid_key, 0) + holdings[party]
