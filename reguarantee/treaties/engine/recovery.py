"""Money that comes back: who gets how much of a recovery, and what is held for those who have not paid yet.

domain.md 5.9: `net = gross - costs` and `share(p) = net x ratio(p) x paid(p) / obligation(p)`. The ratio of a party is what
it bears of the loss (the engine's shares), so the same exact figures that settled the loss settle what is recovered. What
the last factor takes from a party is not lost and goes to nobody else: it is held until that party pays.

Whatever the order: shares and held together are exactly the net recovery, and none is below nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kernel.errors import Invalid, gettext_noop
from kernel.money import half_up

from .losses import in_words
from .terms import Terms

COST_FIRST_PRO_RATA, PRO_RATA = "COST_FIRST_PRO_RATA", "PRO_RATA"
BANK_SUBORDINATE, PRINCIPAL_THEN_INTEREST = "BANK_SUBORDINATE", "PRINCIPAL_THEN_INTEREST"
ORDERS = (COST_FIRST_PRO_RATA, PRO_RATA, BANK_SUBORDINATE, PRINCIPAL_THEN_INTEREST)
_BANK = "BANK"


class BadRecovery(Invalid):
    """A recovery that cannot be: an amount below nothing, an order or a party nobody agreed, or a loss of nothing."""

    code = "BAD_RECOVERY"


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the trace: `fen` of `party` (or of all, party ""), with the figures it follows from."""

    party: str
    fen: int
    inputs: Mapping[str, Any]
    sentence: str

    @property
    def facts(self) -> dict[str, str]:
        """Return the values of the sentence in words."""
        named = {"party": self.party, "fen": self.fen}
        return {name: in_words(value) for name, value in {**self.inputs, **named}.items()}

    @property
    def why(self) -> str:
        """Return the reason in words."""
        return self.sentence % self.facts


class Shared(NamedTuple):
    """What a recovery makes: fen by party to be handed out now, fen by party held until it pays, and why."""

    shares: dict[str, int]
    held: dict[str, int]
    trace: tuple[Reason, ...]


def share(
    terms: Terms,
    obligations: Mapping[str, int],
    paid: Mapping[str, int],
    *,
    gross_fen: int,
    cost_fen: int = 0,
    order: str | None = None,
    before: Mapping[str, int] | None = None,
) -> Shared:
    """Share a recovery of `gross_fen`, won at `cost_fen`, among those who bear the loss; a pure function.

    `obligations` are the loss's shares in fen by party, as `apply` gave them; `paid` is what each party has really paid or
    lost of its own so far (a bank that keeps its part, a guarantor that paid it, a re-guarantor whose claim was settled); a
    party that is not named has paid nothing. `order` is one of ORDERS, else the terms' own, else COST_FIRST_PRO_RATA.
    `before` is what earlier recoveries of the same loss gave or held per party; two orders need it:

    COST_FIRST_PRO_RATA      costs are taken first, the net goes pro rata to the loss borne.
    PRO_RATA                 the gross goes pro rata; the costs are the residual party's, out of its part (the others'
                             only when that part does not hold them).
    BANK_SUBORDINATE         costs first; parties that are no bank get back what they bear before a bank gets anything.
    PRINCIPAL_THEN_INTEREST  costs first; pro rata until the loss base is recovered, the rest (interest and what a loss
                             base of PRINCIPAL leaves with it) to the residual party, who bore it (domain.md 5.8.1).

    Raises BadRecovery.
    """
    order = order or (terms.document.get("recoveries") or {}).get("order") or COST_FIRST_PRO_RATA
    before = before or {}
    _check(terms, obligations, [*paid.values(), *before.values(), gross_fen, cost_fen], order)
    net = max(gross_fen - cost_fen, 0)
    trace = [_opening(gross_fen, cost_fen, net, order)]
    parts = _PARTS[order](terms, obligations, before, gross_fen, net)
    shares, held = {}, {}
    total = sum(obligations.values())
    for party, obligation in obligations.items():
        part = parts[party]
        trace.append(_part(party, part, obligation, total))
        settled = min(paid.get(party, 0), obligation)
        shares[party] = half_up(part * settled, obligation) if obligation else part
        held[party] = part - shares[party]
        if held[party]:
            trace.append(_kept(party, held[party], part, settled, obligation))
    return Shared(shares, held, tuple(trace))


def deal(amount: int, weights: Mapping[str, int], residual: str) -> dict[str, int]:
    """Deal `amount` out by whole-number weights; the parts sum to it exactly and none is below nothing.

    Everyone but `residual` gets half_up(amount x weight / total), in the order listed; the residual party keeps what is
    left, and when that is less than nothing the last listed takes less: `kernel.money.split` for ratios that no decimal
    can write, such as a third. A residual party outside the weights is listed with weight nothing.
    """
    total = sum(weights.values())
    parts = {party: half_up(amount * weight, total) if total else 0 for party, weight in weights.items() if party != residual}
    left = amount - sum(parts.values())
    for party in reversed(parts):
        if left >= 0:
            break
        back = min(parts[party], -left)
        parts[party] -= back
        left += back
    parts[residual] = left
    return parts


def _pro_rata(terms: Terms, bear: Mapping[str, int], before: Mapping[str, int], gross: int, net: int) -> dict[str, int]:
    return _all(terms, bear, deal(net, bear, terms.residual))


def _gross(terms: Terms, bear: Mapping[str, int], before: Mapping[str, int], gross: int, net: int) -> dict[str, int]:
    parts = _all(terms, bear, deal(gross, bear, terms.residual))
    cost = gross - net
    own = min(parts[terms.residual], cost)
    parts[terms.residual] -= own
    others = {party: part for party, part in parts.items() if party != terms.residual}
    if cost > own:
        last = next(party for party in reversed(others) if others[party])
        off = _within(deal(cost - own, others, last), others)
        for party in others:
            parts[party] -= off[party]
    return parts


def _bank_last(terms: Terms, bear: Mapping[str, int], before: Mapping[str, int], gross: int, net: int) -> dict[str, int]:
    parts = dict.fromkeys(bear, 0)
    first = [party for party in bear if terms.parties[party] != _BANK]
    left = net
    for rank in (first, [party for party in bear if party not in first]):
        open_fen = {party: max(bear[party] - before.get(party, 0), 0) for party in rank}
        now = min(left, sum(open_fen.values()))
        keeper = terms.residual if open_fen.get(terms.residual) else _largest(open_fen)
        if not keeper:
            continue
        for party, fen in _within(deal(now, open_fen, keeper), open_fen).items():
            parts[party] += fen
        left -= now
    return _add(parts, _pro_rata(terms, bear, before, left, left)) if left else parts


def _principal_first(terms: Terms, bear: Mapping[str, int], before: Mapping[str, int], gross: int, net: int) -> dict[str, int]:
    open_fen = max(sum(bear.values()) - sum(before.values()), 0)
    first = min(net, open_fen)
    parts = _pro_rata(terms, bear, before, first, first)
    parts[terms.residual] += net - first
    return parts


_PARTS = {
    COST_FIRST_PRO_RATA: _pro_rata,
    PRO_RATA: _gross,
    BANK_SUBORDINATE: _bank_last,
    PRINCIPAL_THEN_INTEREST: _principal_first,
}


def _all(terms: Terms, bear: Mapping[str, int], parts: Mapping[str, int]) -> dict[str, int]:
    """Parts in the order of the obligations; the residual party is among them."""
    return {party: parts.get(party, 0) for party in (*bear, *(() if terms.residual in bear else (terms.residual,)))}


def _add(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {party: one.get(party, 0) + other.get(party, 0) for party in (*one, *(name for name in other if name not in one))}


def _largest(fen: Mapping[str, int]) -> str:
    return max(fen, key=lambda party: fen[party], default="") if any(fen.values()) else ""


def _within(parts: dict[str, int], most: Mapping[str, int]) -> dict[str, int]:
    """Nobody gets more than it is owed: an odd fen that rounding gave too much goes to who still has room."""
    over = 0
    for party, part in parts.items():
        taken = max(part - most[party], 0)
        parts[party] -= taken
        over += taken
    for party in parts:
        room = min(most[party] - parts[party], over)
        parts[party] += room
        over -= room
    return parts


def _check(terms: Terms, obligations: Mapping[str, int], amounts: Iterable[int], order: str) -> None:
    if order not in _PARTS:
        raise BadRecovery(gettext_noop("“%(order)s” is not an order of recovery."), field="order", order=order)
    for party in obligations:
        if party not in terms.parties:
            raise BadRecovery(gettext_noop("“%(party)s” is not among the parties."), field="obligations", party=party)
    if terms.residual not in obligations:
        sentence = gettext_noop("“%(party)s” keeps what rounding leaves and must be among those who share.")
        raise BadRecovery(sentence, field="obligations", party=terms.residual)
    if any(amount < 0 for amount in (*obligations.values(), *amounts)):
        raise BadRecovery(gettext_noop("An amount of a recovery may not be below nothing."), field="gross_fen")
    if not any(obligations.values()):
        raise BadRecovery(gettext_noop("Nobody bears any of this loss, so a recovery cannot be shared."), field="obligations")


def _opening(gross: int, cost: int, net: int, order: str) -> Reason:
    inputs = {"gross": gross, "cost": cost, "net": net, "order": order}
    if order == PRO_RATA:
        return Reason("", net, inputs, _GROSS)
    return Reason("", net, inputs, _COSTS if cost <= gross else _COSTS_EAT)


_COSTS = gettext_noop("%(gross)s came back; costs of %(cost)s are taken first, so %(net)s is shared (%(order)s).")
_COSTS_EAT = gettext_noop("%(gross)s came back, which does not even meet the costs of %(cost)s: nothing is shared (%(order)s).")
_GROSS = gettext_noop(
    "%(gross)s came back and is shared before costs; the costs of %(cost)s stay with who spent them: %(net)s remains (%(order)s)."
)
_PART = gettext_noop("%(party)s bears %(obligation)s of the loss of %(total)s; its part is %(fen)s.")
_HELD = gettext_noop(
    "%(party)s has paid %(paid)s of the %(obligation)s it bears, so %(fen)s of its part of %(part)s is held until it pays."
)


def _part(party: str, fen: int, obligation: int, total: int) -> Reason:
    return Reason(party, fen, {"obligation": obligation, "total": total}, _PART)


def _kept(party: str, fen: int, part: int, paid: int, obligation: int) -> Reason:
    return Reason(party, fen, {"part": part, "paid": paid, "obligation": obligation}, _HELD)
