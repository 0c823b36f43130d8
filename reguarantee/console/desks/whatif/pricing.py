"""One history under two wordings, side by side: what each party would have borne, layer by layer and loss by loss."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from reguarantee.console.desks.whatif.history import History, Known
from reguarantee.console.words import LAYERS, PARTIES
from reguarantee.filings import queries as filings
from reguarantee.treaties.engine import Outcome, Terms
from reguarantee.treaties.engine import replay as run

BOTH = ("now", "draft")


@dataclass(frozen=True)
class Priced:
    """What came out. Amounts are fen; every figure of a row is {"now", "draft", "moved"}."""

    parties: list[dict[str, Any]]
    layers: list[dict[str, Any]]
    losses: list[dict[str, Any]]
    whole: dict[str, int]
    totals: dict[str, dict[str, int]]


def price(history: History, now: Terms, draft: Terms) -> Priced:
    """Run the history under both. Each calendar year is a period of its own, and the attachment dates do not count:

    the question is what these years would have cost, not which guarantees attached when.
    """
    outcomes = {name: _run(history, terms) for name, terms in zip(BOTH, (now, draft), strict=True)}
    totals = {name: _totals(terms, outcomes[name]) for name, terms in zip(BOTH, (now, draft), strict=True)}
    kinds = {**draft.parties, **now.parties}
    parties = [
        {"key": party, "kind": PARTIES.get(kinds[party], kinds[party]), **_pair(*(totals[name].get(party, 0) for name in BOTH))}
        for party in dict.fromkeys((*now.parties, *draft.parties))
    ]
    rows = [
        _loss(known, one, other)
        for known, one, other in zip(history.losses, outcomes["now"], outcomes["draft"], strict=True)
    ]  # fmt: skip
    whole = _pair(*(sum(totals[name].values()) for name in BOTH))
    return Priced(parties, _layers(outcomes), rows, whole, totals)


def _run(history: History, terms: Terms) -> list[Outcome]:
    timeless = replace(terms, attaches_from=None, attaches_to=None)
    outcomes: list[Outcome] = []
    for year, of_year in groupby(history.losses, key=lambda known: known.loss.date.year):
        base = history.base_fen.get(year, 0)
        losses = [
            replace(known.loss, released_base_fen=base, obligor_kind=filings.kind_under(terms, known.kinds)) for known in of_year
        ]
        outcomes += run(timeless, losses).outcomes
    return outcomes


def _totals(terms: Terms, outcomes: list[Outcome]) -> dict[str, int]:
    totals = dict.fromkeys(terms.parties, 0)
    for outcome in outcomes:
        for party, fen in outcome.shares.items():
            totals[party] += fen
    return totals


def _pair(now: int, draft: int) -> dict[str, int]:
    return {"now": now, "draft": draft, "moved": draft - now}


def _layers(outcomes: dict[str, list[Outcome]]) -> list[dict[str, Any]]:
    sums: dict[tuple[int, str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(BOTH, 0))
    for name in BOTH:
        for outcome in outcomes[name]:
            for step in outcome.trace.steps:
                sums[step.order, step.kind, step.source, step.target][name] += step.fen
    return [
        {"order": order, "kind": LAYERS[kind], "source": source, "target": target, **_pair(fen["now"], fen["draft"])}
        for (order, kind, source, target), fen in sorted(sums.items())
    ]


def _loss(known: Known, now: Outcome, draft: Outcome) -> dict[str, Any]:
    moved = sum(abs(draft.shares.get(party, 0) - fen) for party, fen in now.shares.items())
    moved += sum(fen for party, fen in draft.shares.items() if party not in now.shares)
    return {
        "known": known,
        "fen": {"now": now.trace.base_fen, "draft": draft.trace.base_fen},
        "shares": [
            {"party": party, **_pair(now.shares.get(party, 0), draft.shares.get(party, 0))}
            for party in dict.fromkeys((*now.shares, *draft.shares))
        ],
        "moved": moved,
        "now": now,
        "draft": draft,
    }


def reasons(outcome: Outcome) -> list[str]:
    """The trace of a loss in sentences of the active language, as a claims officer reads it."""
    trace = outcome.trace
    said = [_(refusal.sentence) % refusal.facts for _treaty, refusal in trace.skipped]
    return [*said, *(_(step.sentence) % step.facts for step in trace.steps)]
