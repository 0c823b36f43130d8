"""What a claim comes to by its treaty. Plain functions of figures: no table is read or written (domain.md 5.8.1).

The loss base is the debtor's whole unpaid principal (with normal interest where the treaty says so), the bank's part
included. Two things make the covered base smaller, both in proportion: only a part of the guarantee is covered, or the
member paid the bank less than the treaty's guaranteed side (system share). The engine deals the covered base out; what is
not covered stays with the member and the bank, what was not paid stays with the bank. Shares always sum to the base.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from kernel.money import half_up
from reguarantee.claims.models.claim import CEDED
from reguarantee.treaties.engine import Loss, Position, Terms, apply, cede

PRINCIPAL_AND_INTEREST = "PRINCIPAL_AND_INTEREST"


class Covered(Protocol):
    """The filing: what was covered of what. Amounts in fen."""

    attached_on: date
    principal_fen: int
    guaranteed_fen: int
    covered_fen: int
    product_code: str
    obligor_kind: str
    obligor_key: str
    bank_code: str
    region_code: str
    industry: str
    term_months: int


@dataclass(frozen=True)
class Calculation:
    """`shares` (fen by party) sum to `base_fen`; `position` is what the treaty's position becomes when it is paid so."""

    base_fen: int
    covered_base_fen: int
    shares: Mapping[str, int]
    roles: Mapping[str, str]
    position: Position
    trace: dict[str, Any] = field(default_factory=dict)

    @property
    def ceded_fen(self) -> int:
        """What the group pays: its own part and those of the funds behind it."""
        return sum(fen for party, fen in self.shares.items() if self.roles[party] in CEDED)


def compute(
    terms: Terms,
    position: Position,
    filing: Covered,
    *,
    loss_id: str,
    principal_fen: int,
    interest_fen: int,
    compensation_fen: int,
    released_base_fen: int,
) -> Calculation:
    """Return the claim's figures under `terms`, after `position`. Limits of the scope were decided at filing."""
    base = principal_fen + (interest_fen if terms.loss_base == PRINCIPAL_AND_INTEREST else 0)
    attached = replace(terms, scope={}, attaches_from=None, attaches_to=None)
    side = guaranteed_side(attached, filing)
    owed = half_up((principal_fen + interest_fen) * side, filing.principal_fen)
    # A fen that rounding took from the member's share is no shortfall.
    paid = owed if compensation_fen >= owed - 1 else compensation_fen
    paid_base = half_up(base * paid, owed) if owed else 0
    part = _part(filing, loss_id, principal_fen, interest_fen, paid, owed, released_base_fen)
    result = apply(attached, position, part)
    covered_base = result.trace.base_fen
    shares = dict(result.shares)
    # Rounding may make the covered base a fen larger than the paid one; then nothing is uncovered.
    unpaid, uncovered = base - max(paid_base, covered_base), max(paid_base - covered_base, 0)
    rest = _rest(terms, unpaid, uncovered, side, filing.principal_fen)
    for party, fen in rest.items():
        shares[party] += fen
    return Calculation(
        base_fen=base,
        covered_base_fen=covered_base,
        shares=shares,
        roles=dict(terms.parties),
        position=result.position,
        trace={
            "treaty": terms.key,
            "base": terms.loss_base,
            "base_fen": base,
            "covered_base_fen": covered_base,
            "held_by": result.trace.held_by,
            "released_base_fen": released_base_fen,
            "paid_fen": paid,
            "owed_fen": owed,
            "covered_fen": filing.covered_fen,
            "guaranteed_fen": filing.guaranteed_fen,
            "rest": rest,
            "steps": [
                {"kind": step.kind, "order": step.order, "from": step.source, "to": step.target, "fen": step.fen}
                | {"sentence": step.sentence, "facts": step.facts}
                for step in result.trace.steps
            ],
        },
    )


def _part(
    filing: Covered, loss_id: str, principal_fen: int, interest_fen: int, paid: int, owed: int, released_base_fen: int
) -> Loss:
    """The loss as far as it is paid and covered."""
    scale = (filing.covered_fen, filing.guaranteed_fen)
    return Loss(
        loss_id=loss_id,
        date=filing.attached_on,
        guaranteed_fen=filing.guaranteed_fen,
        principal_fen=_scaled(principal_fen, paid, owed, *scale),
        interest_fen=_scaled(interest_fen, paid, owed, *scale),
        released_base_fen=released_base_fen,
        product=filing.product_code,
        obligor_kind=filing.obligor_kind,
        obligor_id=filing.obligor_key,
        bank=filing.bank_code,
        region=filing.region_code,
        industry=filing.industry,
        term_months=filing.term_months,
    )


def deny(calculation: Calculation, terms: Terms, fen: int) -> Calculation:
    """Return the calculation with `fen` less for the group's side, in proportion; the residual party keeps that part.

    What a capped party has used up shrinks with it, so that the next claim is measured by what was really paid.
    """
    if fen <= 0:
        return calculation
    shares, totals = dict(calculation.shares), dict(calculation.position.totals)
    keys = {party: key for key, party in terms.capped}
    ceded_left, left = calculation.ceded_fen, min(fen, calculation.ceded_fen)
    for party, held in calculation.shares.items():
        if calculation.roles[party] not in CEDED or not held:
            continue
        cut = half_up(left * held, ceded_left)
        ceded_left, left = ceded_left - held, left - cut
        shares[party] -= cut
        shares[terms.residual] += cut
        if party in keys:
            totals[keys[party]] -= cut
    return replace(calculation, shares=shares, position=Position(totals))


def _scaled(fen: int, paid: int, owed: int, covered: int, guaranteed: int) -> int:
    return half_up(fen * paid * covered, owed * guaranteed) if owed and guaranteed else 0


def guaranteed_side(terms: Terms, filing: Covered) -> int:
    """What all but the bank bear of a full loss of the principal filed: what the member is to pay the bank by the treaty."""
    cession = cede(
        terms,
        principal_fen=filing.principal_fen,
        guaranteed_fen=filing.guaranteed_fen,
        on=filing.attached_on,
        product=filing.product_code,
        obligor_kind=filing.obligor_kind,
        bank=filing.bank_code,
        region=filing.region_code,
        industry=filing.industry,
        term_months=filing.term_months,
    )
    return cession.ceded_fen + cession.kept_fen


def _rest(terms: Terms, unpaid_fen: int, uncovered_fen: int, side_fen: int, principal_fen: int) -> dict[str, int]:
    """Who keeps what the treaty does not share: the bank what it was not paid; of the uncovered part each its own share."""
    bank = next((party for party, role in terms.parties.items() if role == "BANK"), terms.residual)
    kept = half_up(uncovered_fen * side_fen, principal_fen)
    rest = {bank: unpaid_fen}
    rest[bank] += uncovered_fen - kept
    rest[terms.residual] = rest.get(terms.residual, 0) + kept
    return {party: fen for party, fen in rest.items() if fen}
