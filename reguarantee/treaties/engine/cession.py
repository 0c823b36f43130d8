"""What a guarantee would cede: the shares of a notional full loss of its principal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kernel.errors import gettext_noop

from .engine import apply
from .layers import Aggregate, Excess, Layer, RateCap, Tiers
from .losses import Loss, Position, in_words
from .terms import Terms

CEDED, NOTHING_CEDED = "CEDED", "NOTHING_CEDED"
TAKERS = frozenset({"REGUARANTOR", "FUND", "GOVERNMENT"})
GUARANTOR = "GUARANTOR"


@dataclass(frozen=True, slots=True)
class Cession:
    """What a guarantee cedes. Amounts in fen of the principal.

    `applies` says whether any treaty covers it; `code` is CEDED, NOTHING_CEDED, OUT_OF_PERIOD or OUT_OF_SCOPE,
    and for the last two `field` names what decided it. `sentence` is a message id with places in `facts`.
    `ceded_fen` is what parties of kind REGUARANTOR, FUND and GOVERNMENT would take, `kept_fen` what the
    GUARANTOR would keep.
    """

    applies: bool
    shares: Mapping[str, int]
    ceded_fen: int
    kept_fen: int
    code: str
    field: str
    sentence: str
    facts: Mapping[str, str]

    @property
    def why(self) -> str:
        """Return the reason in words."""
        return self.sentence % self.facts


def cede(
    terms: Terms | Sequence[Terms],
    *,
    principal_fen: int,
    guaranteed_fen: int,
    on: date,
    product: str = "",
    obligor_kind: str = "",
    bank: str = "",
    region: str = "",
    industry: str = "",
    term_months: int | None = None,
    obligor_total_fen: int | None = None,
) -> Cession:
    """Return how a loss of the whole principal would be shared under the terms that apply on `on`.

    Layers that look at a whole period (AGGREGATE, RATE_CAP, TIERS, and the yearly deductible and limit of an
    EXCESS) take no part: they decide when losses add up, not what one guarantee cedes. `obligor_total_fen` is
    the obligor's total over all members, this guarantee included; left out, it is `guaranteed_fen`.
    """
    treaties = (terms,) if isinstance(terms, Terms) else tuple(terms)
    loss = Loss(
        loss_id="",
        date=on,
        guaranteed_fen=guaranteed_fen,
        principal_fen=principal_fen,
        product=product,
        obligor_kind=obligor_kind,
        bank=bank,
        region=region,
        industry=industry,
        term_months=term_months,
        obligor_total_fen=obligor_total_fen,
    )
    result = apply([_single(treaty) for treaty in treaties], Position(), loss)
    kinds: dict[str, Any] = {party: kind for treaty in reversed(treaties) for party, kind in treaty.parties.items()}
    ceded = sum(fen for party, fen in result.shares.items() if kinds[party] in TAKERS)
    kept = sum(fen for party, fen in result.shares.items() if kinds[party] == GUARANTOR)
    skipped = result.trace.skipped
    if len(skipped) == len(treaties):
        # The treaty that is in its period tells more than one that has ended.
        refusal = next((why for _, why in skipped if why.field != "date"), skipped[0][1])
        return Cession(False, result.shares, 0, kept, refusal.code, refusal.field, refusal.sentence, refusal.facts)
    facts = {"ceded": in_words(ceded), "principal": in_words(principal_fen), "kept": in_words(kept)}
    if ceded:
        sentence = gettext_noop("Of %(principal)s principal %(ceded)s is ceded and %(kept)s kept.")
        return Cession(True, result.shares, ceded, kept, CEDED, "", sentence, facts)
    sentence = gettext_noop("The treaty applies, but no part of %(principal)s reaches a party that re-guarantees.")
    return Cession(True, result.shares, 0, kept, NOTHING_CEDED, "", sentence, facts)


def _single(terms: Terms) -> Terms:
    """Return the terms without what depends on other losses of the period."""
    orders = tuple(tuple(_alone(layer) for layer in group if not _periodic(layer)) for group in terms.orders)
    return replace(terms, orders=orders, layers=tuple(layer for group in orders for layer in group))


def _periodic(layer: Layer) -> bool:
    return isinstance(layer, Aggregate | RateCap | Tiers)


def _alone(layer: Layer) -> Layer:
    return replace(layer, aad_fen=None, aal_fen=None) if isinstance(layer, Excess) else layer
