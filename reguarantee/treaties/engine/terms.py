"""Reading a treaty's terms: JSON document -> Terms, or a BadTerms that names the place and the mistake.

`form` checks the form against the published schema; this module checks the sense (design.md 5).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from kernel.errors import gettext_noop

from .form import BadTerms, check_form
from .layers import Aggregate, Excess, Layer, QuotaShare, RateCap, Surplus, Tiers
from .losses import Loss, Refusal, in_words

SCOPE_LISTS = {
    "products": "product",
    "obligor_kinds": "obligor_kind",
    "banks": "bank",
    "regions": "region",
    "industries": "industry",
}
NOT_COVERED = {
    "products": gettext_noop("The treaty does not cover the product “%(value)s”."),
    "obligor_kinds": gettext_noop("The treaty does not cover obligors of the kind “%(value)s”."),
    "banks": gettext_noop("The treaty does not cover loans of the bank “%(value)s”."),
    "regions": gettext_noop("The treaty does not cover the region “%(value)s”."),
    "industries": gettext_noop("The treaty does not cover the industry “%(value)s”."),
}
TOO_MUCH = {
    "principal_max_fen": gettext_noop("The principal of %(value)s is above the treaty's limit of %(limit)s."),
    "obligor_total_max_fen": gettext_noop("The obligor's total of %(value)s is above the treaty's limit of %(limit)s."),
    "term_max_months": gettext_noop("The term of %(value)s months is above the treaty's limit of %(limit)s."),
}
OUT_OF_PERIOD, OUT_OF_SCOPE = "OUT_OF_PERIOD", "OUT_OF_SCOPE"


@dataclass(frozen=True)
class Terms:
    """One version of a treaty, ready to run. `orders` are its layers, grouped in the order they run."""

    code: str
    version: int
    parties: Mapping[str, str]
    residual: str
    attaches_from: date | None
    attaches_to: date | None
    loss_base: str
    scope: Mapping[str, Any]
    layers: tuple[Layer, ...]
    orders: tuple[tuple[Layer, ...], ...]
    document: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        """Return the name under which this version keeps its running totals."""
        return f"{self.code}/{self.version}"

    @cached_property
    def capped(self) -> tuple[tuple[str, str], ...]:
        """Return (name of the running total, party) for each party whose payments of the period are capped."""
        return tuple({layer.paid_key: layer.party for layer in self.layers if isinstance(layer, RateCap)}.items())

    def refusal(self, loss: Loss, obligor_total_fen: int) -> Refusal | None:
        """Return why these terms do not apply to the loss, or None when they do."""
        return self._period_refusal(loss.date) or self._scope_refusal(loss, obligor_total_fen)

    def in_period(self, day: date) -> bool:
        """Return whether a guarantee with this deciding date attaches; both ends are included."""
        return (self.attaches_from is None or self.attaches_from <= day) and (self.attaches_to is None or day <= self.attaches_to)

    def _period_refusal(self, day: date) -> Refusal | None:
        if self.in_period(day):
            return None
        facts = {"date": day.isoformat(), "first": str(self.attaches_from or "…"), "last": str(self.attaches_to or "…")}
        sentence = gettext_noop("%(date)s is outside the treaty's period %(first)s to %(last)s.")
        return Refusal(OUT_OF_PERIOD, "date", sentence, facts)

    def _scope_refusal(self, loss: Loss, obligor_total_fen: int) -> Refusal | None:
        if not self.scope:
            return None
        for name, field in SCOPE_LISTS.items():
            admitted, value = self.scope.get(name) or (), getattr(loss, field)
            if admitted and value not in admitted:
                return Refusal(OUT_OF_SCOPE, field, NOT_COVERED[name], {"value": value})
        values = {
            "principal_max_fen": loss.principal_fen,
            "obligor_total_max_fen": obligor_total_fen,
            "term_max_months": loss.term_months,
        }
        for name, number in values.items():
            limit = self.scope.get(name)
            if limit is None:
                continue
            if number is None:
                return Refusal(OUT_OF_SCOPE, name, gettext_noop("The treaty limits the term, which is not known."), {})
            if number > limit:
                words = str if name == "term_max_months" else in_words
                return Refusal(OUT_OF_SCOPE, name, TOO_MUCH[name], {"value": words(number), "limit": words(limit)})
        return None


def read_terms(document: Any) -> Terms:
    """Return the terms in a JSON document. Raises BadTerms."""
    check_form(document)
    parties = document["parties"]
    _known(document["residual"], parties, "residual")
    key = f"{document['code']}/{document.get('version', 1)}"
    layers = tuple(_layer(layer, n, key, document) for n, layer in enumerate(document["layers"]))
    in_order = sorted(layers, key=lambda layer: layer.order)
    attaches = document.get("attaches") or {}
    first, last = (_day(attaches.get(end), f"attaches.{end}") for end in ("from", "to"))
    if first and last and last < first:
        raise BadTerms(gettext_noop("The period ends before it begins."), field="attaches.to")
    return Terms(
        code=document["code"],
        version=document.get("version", 1),
        parties=dict(parties),
        residual=document["residual"],
        attaches_from=first,
        attaches_to=last,
        loss_base=document.get("loss_base", "PRINCIPAL"),
        scope=document.get("scope") or {},
        layers=layers,
        orders=tuple(tuple(group) for _, group in groupby(in_order, key=lambda layer: layer.order)),
        document=document,
    )


def read_treaties(documents: Any) -> tuple[Terms, ...]:
    """Return the treaties in a JSON document that is one treaty or a list. Raises BadTerms, path `[1].…`."""
    if not isinstance(documents, list):
        return (read_terms(documents),)
    treaties = []
    for n, document in enumerate(documents):
        try:
            treaties.append(read_terms(document))
        except BadTerms as error:
            raise BadTerms(error.sentence, field=f"[{n}].{error.field}".rstrip("."), **error.facts) from None
    together(treaties)
    return tuple(treaties)


def together(treaties: Sequence[Terms]) -> None:
    """Check that treaties can run one after another: at least one, each version once. Raises BadTerms."""
    if not treaties:
        raise BadTerms(gettext_noop("There is no treaty in the list."), field="")
    seen = set()
    for n, terms in enumerate(treaties):
        if terms.key in seen:
            raise BadTerms(gettext_noop("Treaty %(treaty)s is in the list twice."), field=f"[{n}].code", treaty=terms.key)
        seen.add(terms.key)


def _day(text: str | None, path: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadTerms(gettext_noop("“%(value)s” is not a day."), field=path, value=text) from None


def _known(party: str, parties: Mapping[str, str], path: str) -> str:
    if party not in parties:
        raise BadTerms(gettext_noop("“%(party)s” is not among the parties."), field=path, party=party)
    return party


def _layer(layer: Mapping[str, Any], n: int, treaty: str, document: Mapping[str, Any]) -> Layer:
    path, parties, kind = f"layers[{n}]", document["parties"], layer["kind"]
    common: dict[str, Any] = {"key": f"{treaty}:{n}", "order": layer["order"], "kind": kind}
    if kind == "QUOTA_SHARE":
        return QuotaShare(**common, residual=document["residual"], shares=_shares(layer["shares"], parties, path))
    names = ("party", "excess_to") if kind in ("RATE_CAP", "TIERS") else ("from", "to")
    giver, taker = (_known(layer[name], parties, f"{path}.{name}") for name in names)
    if giver == taker:
        raise BadTerms(gettext_noop("“%(party)s” cannot pay itself."), field=f"{path}.{names[1]}", party=taker)
    if kind == "SURPLUS":
        return Surplus(**common, source=giver, target=taker, retention_fen=layer["retention_fen"], lines=layer.get("lines"))
    if kind == "EXCESS":
        optional: dict[str, Any] = {name: layer.get(name) for name in ("limit_fen", "aad_fen", "aal_fen")}
        share = Decimal(layer.get("share", "1"))
        return Excess(**common, source=giver, target=taker, attachment_fen=layer["attachment_fen"], share=share, **optional)
    if kind == "AGGREGATE":
        return Aggregate(**common, source=giver, target=taker, **_aggregate_bounds(layer, path))
    if kind == "RATE_CAP":
        cap, paid_key = Decimal(layer["cap_rate"]), f"{treaty}:paid:{giver}"
        return RateCap(**common, party=giver, cap_rate=cap, excess_to=taker, paid_key=paid_key)
    return Tiers(**common, party=giver, bands=_bands(layer["bands"], path), excess_to=taker)


def _shares(shares: Mapping[str, str], parties: Mapping[str, str], path: str) -> tuple[tuple[str, Decimal], ...]:
    ratios = tuple((_known(party, parties, f"{path}.shares.{party}"), Decimal(text)) for party, text in shares.items())
    total = sum(ratio for _, ratio in ratios)
    if total != 1:
        sentence = gettext_noop("The shares must sum to exactly 1; they sum to %(total)s.")
        raise BadTerms(sentence, field=f"{path}.shares", total=total)
    return ratios


def _aggregate_bounds(layer: Mapping[str, Any], path: str) -> dict[str, Any]:
    bounds: dict[str, Any] = {"share": Decimal(layer.get("share", "1"))}
    for end in ("attachment", "limit"):
        fen, rate = layer.get(f"{end}_fen"), layer.get(f"{end}_rate")
        if fen is not None and rate is not None:
            sentence = gettext_noop("Give an amount or a rate, not both.")
            raise BadTerms(sentence, field=f"{path}.{end}_rate")
        bounds |= {f"{end}_fen": fen, f"{end}_rate": None if rate is None else Decimal(rate)}
    if bounds["attachment_fen"] is None and bounds["attachment_rate"] is None:
        raise BadTerms(gettext_noop("This field is missing."), field=f"{path}.attachment_fen")
    return bounds


def _bands(bands: Iterable[Mapping[str, Any]], path: str) -> tuple[tuple[Decimal | None, Decimal], ...]:
    def read() -> Iterator[tuple[Decimal | None, Decimal]]:
        low: Decimal | None = Decimal(0)
        for n, band in enumerate(bands):
            high = None if band.get("to") is None else Decimal(band["to"])
            if low is None or (high is not None and high <= low):
                raise BadTerms(gettext_noop("Bands must rise, and only the last may be open."), field=f"{path}.bands[{n}].to")
            low = high
            yield high, Decimal(band["factor"])

    return tuple(read())
