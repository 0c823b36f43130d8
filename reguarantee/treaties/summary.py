"""A treaty's terms in sentences that a person can check against the paper, in the active language."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from kernel.money import yuan
from reguarantee.treaties.models import EVERY_MEMBER, TreatyVersion

KINDS = {
    "BANK": gettext_lazy("the bank"),
    "GUARANTOR": gettext_lazy("the member"),
    "REGUARANTOR": gettext_lazy("the group"),
    "FUND": gettext_lazy("the national fund"),
    "GOVERNMENT": gettext_lazy("the government"),
}
LISTS = {
    "products": gettext_noop("Only these products: %(codes)s."),
    "obligor_kinds": gettext_noop("Only these kinds of obligors: %(codes)s."),
    "banks": gettext_noop("Only these banks: %(codes)s."),
    "regions": gettext_noop("Only these regions: %(codes)s."),
    "industries": gettext_noop("Only these industries: %(codes)s."),
}
RECOVERIES = {
    "COST_FIRST_PRO_RATA": gettext_noop("What is recovered goes, after costs, to all in proportion to the loss they bear."),
    "PRO_RATA": gettext_noop(
        "What is recovered goes to all in proportion to the loss they bear; costs stay with who spent them."
    ),
    "BANK_SUBORDINATE": gettext_noop("What is recovered goes, after costs, to the bank only when all others are whole."),
    "PRINCIPAL_THEN_INTEREST": gettext_noop(
        "What is recovered goes, after costs, to the principal in proportion, then to interest."
    ),
}
PREMIUM_BASES = {
    "INITIAL_PRINCIPAL": gettext_noop("Premium a year on the initial principal ceded: %(rates)s."),
    "DAILY_BALANCE": gettext_noop("Premium a year on the daily balance ceded: %(rates)s."),
}


def sentences(version: TreatyVersion) -> list[str]:
    """The terms of a version, most important first."""
    terms = json.loads(version.terms)
    wording = _Wording(terms["parties"])
    return [
        _period(version),
        *_members(version),
        *wording.layers(terms),
        *_scope(terms.get("scope") or {}),
        _("Above a limit: %(what)s.") % {"what": version.get_above_limits_display()},
        *_premium(terms.get("premium")),
        *_claims(terms.get("claims")),
        *_recoveries(terms.get("recoveries")),
        *_fuse(terms.get("fuse")),
    ]


def percent(rate: str) -> str:
    """A rate in text as a percentage: "0.003" is 0.3%."""
    return f"{(Decimal(rate) * 100).normalize():f}%"


def _joined(parts: list[str]) -> str:
    return _(", ").join(parts)


def _period(version: TreatyVersion) -> str:
    days = {"first": version.effective_from, "last": version.effective_to}
    if version.effective_to is None:
        return _("For loans drawn down from %(first)s on.") % days
    return _("For loans drawn down from %(first)s to %(last)s.") % days


def _members(version: TreatyVersion) -> Iterator[str]:
    members = version.treaty.members
    if members == [EVERY_MEMBER]:
        yield _("All members take part.")
    else:
        yield _("These members take part: %(codes)s.") % {"codes": _joined(members)}


class _Wording:
    """Layers in words; parties are named by what they are, and by name too where two are the same."""

    def __init__(self, parties: Mapping[str, str]) -> None:
        kinds = list(parties.values())
        self.names = {
            party: str(KINDS[kind]) if kinds.count(kind) == 1 else f"{KINDS[kind]} {party}" for party, kind in parties.items()
        }
        self.words: dict[str, Callable[[Mapping[str, Any]], str]] = {
            "QUOTA_SHARE": self._quota_share,
            "SURPLUS": self._surplus,
            "EXCESS": self._excess,
            "AGGREGATE": self._aggregate,
            "RATE_CAP": self._rate_cap,
            "TIERS": self._tiers,
        }

    def layers(self, terms: Mapping[str, Any]) -> Iterator[str]:
        if terms.get("loss_base", "PRINCIPAL") == "PRINCIPAL":
            yield _("A loss is the unpaid principal, the bank's own part included.")
        else:
            yield _("A loss is the unpaid principal and normal interest, the bank's own part included.")
        for layer in sorted(terms["layers"], key=lambda layer: layer["order"]):
            yield self.words[layer["kind"]](layer)

    def _between(self, layer: Mapping[str, Any]) -> dict[str, Any]:
        return {"giver": self.names[layer["from"]], "taker": self.names[layer["to"]]}

    def _quota_share(self, layer: Mapping[str, Any]) -> str:
        shares = [f"{self.names[party]} {percent(share)}" for party, share in layer["shares"].items()]
        return _("Each loss is shared: %(shares)s.") % {"shares": _joined(shares)}

    def _surplus(self, layer: Mapping[str, Any]) -> str:
        facts = {**self._between(layer), "retention": yuan(layer["retention_fen"]), "lines": layer.get("lines")}
        if facts["lines"] is None:
            return _("Surplus: %(taker)s takes from %(giver)s the part above a retention of %(retention)s yuan.") % facts
        return (
            _(
                "Surplus: %(taker)s takes from %(giver)s the part above a retention of %(retention)s yuan,"
                " up to %(lines)s times that retention."
            )
            % facts
        )

    def _excess(self, layer: Mapping[str, Any]) -> str:
        return _(
            "Excess of loss: %(taker)s takes from %(giver)s %(share)s of each loss above %(attachment)s yuan, %(limit)s."
        ) % {
            **self._between(layer),
            "share": percent(layer.get("share", "1")),
            "attachment": yuan(layer["attachment_fen"]),
            "limit": _limit(layer.get("limit_fen")),
        }

    def _aggregate(self, layer: Mapping[str, Any]) -> str:
        return _(
            "Stop loss: %(taker)s takes from %(giver)s %(share)s of the period's losses above %(attachment)s, %(limit)s."
        ) % {
            **self._between(layer),
            "share": percent(layer.get("share", "1")),
            "attachment": _amount_or_rate(layer, "attachment"),
            "limit": _limit(layer.get("limit_fen"), layer.get("limit_rate")),
        }

    def _rate_cap(self, layer: Mapping[str, Any]) -> str:
        return _("In a period %(party)s pays at most %(rate)s of the principal released; the rest falls on %(other)s.") % {
            "party": self.names[layer["party"]],
            "rate": percent(layer["cap_rate"]),
            "other": self.names[layer["excess_to"]],
        }

    def _tiers(self, layer: Mapping[str, Any]) -> str:
        bands = [
            _("up to %(bound)s of the principal released: %(factor)s")
            % {"bound": percent(band["to"]), "factor": percent(band["factor"])}
            if band.get("to") is not None
            else _("above: %(factor)s") % {"factor": percent(band["factor"])}
            for band in layer["bands"]
        ]
        return _("In a period %(party)s pays by bands (%(bands)s); the rest falls on %(other)s.") % {
            "party": self.names[layer["party"]],
            "bands": _joined(bands),
            "other": self.names[layer["excess_to"]],
        }


def _amount_or_rate(layer: Mapping[str, Any], name: str) -> str:
    rate = layer.get(f"{name}_rate")
    if rate is not None:
        return _("%(rate)s of the principal released") % {"rate": percent(rate)}
    return _("%(amount)s yuan") % {"amount": yuan(layer[f"{name}_fen"])}


def _limit(fen: int | None, rate: str | None = None) -> str:
    if fen is None and rate is None:
        return _("without a limit")
    return _("at most %(amount)s") % {"amount": _amount_or_rate({"limit_fen": fen, "limit_rate": rate}, "limit")}


def _scope(scope: Mapping[str, Any]) -> Iterator[str]:
    for name, sentence in LISTS.items():
        if scope.get(name):
            yield _(sentence) % {"codes": _joined(scope[name])}
    if scope.get("principal_max_fen") is not None:
        yield _("A loan of at most %(amount)s yuan.") % {"amount": yuan(scope["principal_max_fen"])}
    if scope.get("obligor_total_max_fen") is not None:
        amount = {"amount": yuan(scope["obligor_total_max_fen"])}
        yield _("All guarantees of one obligor, over all members, at most %(amount)s yuan.") % amount
    if scope.get("term_max_months") is not None:
        yield _("A term of at most %(months)s months.") % {"months": scope["term_max_months"]}


def _premium(premium: Mapping[str, Any] | None) -> Iterator[str]:
    if not premium:
        return
    rates = [
        _("%(rate)s for obligors up to %(amount)s yuan") % {"rate": percent(row["rate"]), "amount": yuan(row["obligor_max_fen"])}
        if "obligor_max_fen" in row
        else _("otherwise %(rate)s") % {"rate": percent(row["rate"])}
        for row in premium["rates"]
    ]
    if len(rates) == 1 and "obligor_max_fen" not in premium["rates"][0]:
        rates = [percent(premium["rates"][0]["rate"])]
    yield _(PREMIUM_BASES[premium.get("base", "INITIAL_PRINCIPAL")]) % {"rates": _joined(rates)}


def _claims(claims: Mapping[str, Any] | None) -> Iterator[str]:
    if not claims or "deadline_days" not in claims:
        return
    days = {"days": claims["deadline_days"]}
    if claims.get("inclusive", True):
        yield _("A claim is due within %(days)s days of compensation, that day counted.") % days
    else:
        yield _("A claim is due within %(days)s days after compensation.") % days


def _recoveries(recoveries: Mapping[str, Any] | None) -> Iterator[str]:
    if not recoveries:
        return
    if recoveries.get("order"):
        yield _(RECOVERIES[recoveries["order"]])
    if recoveries.get("pass_on_days") is not None:
        yield _("A recovery is passed on within %(days)s days.") % {"days": recoveries["pass_on_days"]}


def _fuse(fuse: Mapping[str, Any] | None) -> Iterator[str]:
    """The levels of the circuit breaker (domain.md 5.7)."""
    if not fuse:
        return
    levels = {name: percent(fuse.get(name, default)) for name, default in (("warn", "0.6"), ("hold", "0.8"), ("stop", "1"))}
    yield _("Fuse, by the part of the cap that is paid: warned at %(warn)s, held at %(hold)s, stopped at %(stop)s.") % levels
