"""What a treaty makes of a filing: the decision itself, as plain functions of figures.

No table is read here; the caller holds the locks under which `others_fen` and `left_fen` are true. Whatever comes out,
covered and uncovered sum to what was asked, and nothing is ceded beyond what is covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from kernel.money import half_up
from reguarantee.filings.reasons import ABOVE_LIMIT, OUT_OF_SCOPE, SENTENCES, Reason
from reguarantee.treaties.engine import Cession, Terms, cede

PART = "PART"
_NO_LIMITS = dict.fromkeys(ABOVE_LIMIT)


class Filed(Protocol):
    """What is filed: a FilingSubmitted letter, or a Filing. Amounts in fen."""

    principal_fen: int
    guaranteed_fen: int
    term_months: int
    product_code: str
    obligor_kind: str
    size_class: str
    is_farmer: bool
    bank_code: str
    region_code: str
    industry: str
    drawdown_on: date
    due_on: date


@dataclass(frozen=True)
class Candidate:
    """A treaty version that a filing could attach to; `version` is handed back untouched."""

    version: Any
    terms: Terms
    above_limits: str
    bank_min_share: Decimal | None = None
    """Least part of the loan that its bank must keep where a fund takes a share (rg.bank.min_share); None: not asked."""


@dataclass(frozen=True)
class Outcome:
    """`event` of the filing's flow, the version that decided (None: none did), and the figures in fen.

    `wanted_fen` is what a referred filing would cede if an officer granted all of it.
    """

    event: str
    version: Any
    covered_fen: int
    ceded_fen: int
    reason_code: str
    reason: str
    wanted_fen: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


def accept(version: Any, covered_fen: int, ceded_fen: int, reason: str, **facts: Any) -> Outcome:
    return Outcome("accept", version, covered_fen, ceded_fen, reason, SENTENCES[reason], facts=facts)


def refer(version: Any, wanted_fen: int, reason: str, **facts: Any) -> Outcome:
    return Outcome("refer", version, 0, 0, reason, SENTENCES[reason], wanted_fen, facts)


def refuse(version: Any, reason: str, **facts: Any) -> Outcome:
    return Outcome("refuse", version, 0, 0, reason, SENTENCES[reason], facts=facts)


def is_sound(filed: Filed) -> bool:
    """Whether amounts and dates can be true together."""
    return 0 < filed.guaranteed_fen <= filed.principal_fen and filed.drawdown_on <= filed.due_on


def kinds(filed: Any) -> tuple[str, ...]:
    """What an obligor is, by every name that a scope may give it (AGR-15; treaties.OBLIGOR_KINDS).

    COMPANY or PERSON; its size class when the guarantee took effect; FARMER; AGRICULTURE for 三农, a farmer or the industry.
    """
    agriculture = filed.is_farmer or filed.industry == "A"
    named = (filed.obligor_kind, filed.size_class, "FARMER" if filed.is_farmer else "", "AGRICULTURE" if agriculture else "")
    return tuple(name for name in named if name)


def kind_under(terms: Terms, named: Sequence[str]) -> str:
    """The name by which these terms look at an obligor: the first that they admit, else what it is in law."""
    admitted = terms.scope.get("obligor_kinds") or ()
    return next((name for name in named if name in admitted), named[0] if named else "")


def assess(filed: Filed, candidates: Iterable[Candidate], *, others_fen: int, on: date) -> Outcome:
    """Return the best outcome among the candidates: all covered, else a part, else a review, else a refusal.

    Among equals the first wins. `others_fen` is the obligor's covered total at all members without this filing
    (domain.md 7.5: limits are per obligor), `on` the day by which a guarantee attaches.
    """
    if not is_sound(filed):
        return refuse(None, Reason.BAD_FIGURES)
    outcomes = [_under(candidate, filed, others_fen, on) for candidate in candidates]
    if not outcomes:
        return refuse(None, Reason.NO_TREATY)

    def standing(outcome: Outcome) -> int:
        if outcome.event == "accept":
            return 0 if outcome.covered_fen == filed.guaranteed_fen else 1
        return 2 if outcome.event == "refer" else 3

    return min(outcomes, key=standing)


def fit(outcome: Outcome, *, left_fen: int | None, above_limits: str) -> Outcome:
    """Return the outcome cut to what is left of the line (None: no line), by the treaty's rule for limits."""
    if outcome.event != "accept" or left_fen is None or outcome.ceded_fen <= left_fen:
        return outcome
    facts = {**outcome.facts, "left_fen": left_fen, "whole_fen": outcome.ceded_fen}
    reason = Reason.LINE_PART if left_fen else Reason.LINE_EXHAUSTED
    if above_limits != PART:
        return refer(outcome.version, outcome.ceded_fen, reason, **facts)
    if not left_fen:
        return refuse(outcome.version, reason, **facts)
    # The covered part shrinks with the ceded one; less than all is covered, and never less than is ceded.
    covered = half_up(outcome.covered_fen * left_fen, outcome.ceded_fen)
    covered = min(max(covered, left_fen), outcome.covered_fen - 1)
    return accept(outcome.version, covered, left_fen, reason, **facts)


def grant(filed: Filed, candidate: Candidate, *, guaranteed_fen: int, on: date) -> Outcome:
    """Return the cover of `guaranteed_fen` of what was asked, with the treaty's limits set aside (domain.md 5.5)."""
    principal_fen = half_up(filed.principal_fen * guaranteed_fen, filed.guaranteed_fen)
    cession = _cede(_lifted(candidate.terms), filed, principal_fen, guaranteed_fen, 0, on)
    ceded = _ceded(cession, guaranteed_fen)
    if not ceded:
        return _refusal(candidate, cession)
    return accept(candidate.version, guaranteed_fen, ceded, Reason.APPROVED_CASE, shares=dict(cession.shares))


def keep(filed: Filed, outcome: Outcome, before: Outcome) -> Outcome:
    """Return `outcome`, unless it would take away cover that `before` gave: then what was given stays, as far as asked."""
    covered = min(before.covered_fen, filed.guaranteed_fen)
    ceded = half_up(before.ceded_fen * covered, before.covered_fen)
    if not ceded or (outcome.event == "accept" and outcome.ceded_fen >= ceded and outcome.covered_fen >= covered):
        return outcome
    kept = replace(before, covered_fen=covered, ceded_fen=ceded)
    if covered == filed.guaranteed_fen:
        return kept
    facts = {**outcome.facts, "above": outcome.reason_code}
    return replace(kept, reason_code=Reason.COVER_KEPT, reason=SENTENCES[Reason.COVER_KEPT], facts=facts)


def _under(candidate: Candidate, filed: Filed, others_fen: int, on: date) -> Outcome:
    if _bank_keeps_too_little(candidate, filed):
        return refuse(candidate.version, Reason.BANK_SHARE)
    cession = _cede(candidate.terms, filed, filed.principal_fen, filed.guaranteed_fen, others_fen, on)
    ceded = _ceded(cession, filed.guaranteed_fen)
    if ceded:
        facts = {"others_fen": others_fen} if candidate.terms.scope.get("obligor_total_max_fen") is not None else {}
        shares = dict(cession.shares)
        return accept(candidate.version, filed.guaranteed_fen, ceded, Reason.WITHIN_TREATY, shares=shares, **facts)
    if cession.field not in ABOVE_LIMIT:
        return _refusal(candidate, cession)
    return _above_limit(candidate, filed, cession.field, others_fen, on)


def _bank_keeps_too_little(candidate: Candidate, filed: Filed) -> bool:
    """The national fund takes part only where the bank keeps its part of the loan (domain.md 5.2); a fen may be rounding."""
    if candidate.bank_min_share is None or "FUND" not in candidate.terms.parties.values():
        return False
    kept = filed.principal_fen - filed.guaranteed_fen
    return kept + 1 < candidate.bank_min_share * filed.principal_fen


def _above_limit(candidate: Candidate, filed: Filed, name: str, others_fen: int, on: date) -> Outcome:
    limit = candidate.terms.scope[name]
    facts = {"limit_fen" if name.endswith("_fen") else "limit_months": limit, "others_fen": others_fen}
    if candidate.above_limits != PART or name == "term_max_months":
        whole = grant(filed, candidate, guaranteed_fen=filed.guaranteed_fen, on=on)
        if whole.event != "accept":
            return whole
        return refer(candidate.version, whole.ceded_fen, ABOVE_LIMIT[name], **facts)
    principal, guaranteed = _what_fits(candidate.terms, filed, others_fen)
    if not guaranteed:
        return refuse(candidate.version, ABOVE_LIMIT[name], **facts)
    cession = _cede(candidate.terms, filed, principal, guaranteed, others_fen, on)
    if cession.field in ABOVE_LIMIT:  # the term, which no smaller amount cures
        return _above_limit(candidate, filed, cession.field, others_fen, on)
    ceded = _ceded(cession, guaranteed)
    if not ceded:
        return refuse(candidate.version, ABOVE_LIMIT[name], **facts)
    return accept(candidate.version, guaranteed, ceded, ABOVE_LIMIT[name], shares=dict(cession.shares), **facts)


def _what_fits(terms: Terms, filed: Filed, others_fen: int) -> tuple[int, int]:
    """Return (principal, guaranteed) of the largest part of the loan that is within the amounts limited."""
    principal, guaranteed = filed.principal_fen, filed.guaranteed_fen
    most = terms.scope.get("principal_max_fen")
    if most is not None and most < principal:
        principal, guaranteed = most, filed.guaranteed_fen * most // filed.principal_fen
    cap = terms.scope.get("obligor_total_max_fen")
    if cap is not None and max(cap - others_fen, 0) < guaranteed:
        guaranteed = max(cap - others_fen, 0)
        principal = min(half_up(filed.principal_fen * guaranteed, filed.guaranteed_fen), principal)
    return principal, guaranteed


def _lifted(terms: Terms) -> Terms:
    return replace(terms, scope={**terms.scope, **_NO_LIMITS})


def _refusal(candidate: Candidate, cession: Cession) -> Outcome:
    if cession.applies:
        return refuse(candidate.version, Reason.NOTHING_CEDED)
    if cession.field in OUT_OF_SCOPE:
        return refuse(candidate.version, OUT_OF_SCOPE[cession.field], why=cession.why)
    return refuse(None, Reason.NO_TREATY)


def _cede(terms: Terms, filed: Filed, principal: int, guaranteed: int, others_fen: int, on: date) -> Cession:
    return cede(
        terms,
        principal_fen=principal,
        guaranteed_fen=guaranteed,
        on=on,
        product=filed.product_code,
        obligor_kind=kind_under(terms, kinds(filed)),
        bank=filed.bank_code,
        region=filed.region_code,
        industry=filed.industry,
        term_months=filed.term_months,
        obligor_total_fen=others_fen + guaranteed,
    )


def _ceded(cession: Cession, guaranteed_fen: int) -> int:
    """Return what is ceded, scaled when the member guarantees less than its side of the treaty (domain.md 5.8.1)."""
    if not cession.applies:
        return 0
    side = cession.ceded_fen + cession.kept_fen
    if guaranteed_fen >= side:
        return cession.ceded_fen
    return half_up(cession.ceded_fen * guaranteed_fen, side)
