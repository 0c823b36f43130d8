"""An agreement in sentences for the member that reads it (AGR-23). The terms themselves come by letter, as JSON text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.money import yuan

KINDS = {
    "BANK": gettext_lazy("Bank"),
    "GUARANTOR": gettext_lazy("Our company"),
    "REGUARANTOR": gettext_lazy("Re-guarantor"),
    "FUND": gettext_lazy("Fund"),
    "GOVERNMENT": gettext_lazy("Local government"),
}


def percent(rate: str) -> str:
    """ "0.003" is 0.3%."""
    return f"{(Decimal(rate) * 100).normalize():f}%"


def shares(terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who bears how much of a loss by the first quota share: `{"name", "kind", "share", "own"}`; empty without one."""
    layer = next((layer for layer in terms.get("layers", ()) if layer["kind"] == "QUOTA_SHARE"), None)
    parties = terms.get("parties", {})
    if layer is None:
        return []
    return [
        {
            "name": KINDS.get(parties.get(party, ""), party),
            "kind": parties.get(party, ""),
            "share": Decimal(share),
            "own": parties.get(party) == "GUARANTOR",
        }
        for party, share in layer["shares"].items()
    ]


def sentences(terms: Mapping[str, Any]) -> list[str]:
    """The terms in sentences of the active language."""
    names = {party: str(KINDS.get(kind, party)) for party, kind in terms.get("parties", {}).items()}
    return [
        *_losses(terms, names),
        *_scope(terms.get("scope") or {}),
        *_premium(terms.get("premium") or {}),
        *_claims(terms),
    ]


def _losses(terms: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    if terms.get("loss_base", "PRINCIPAL") == "PRINCIPAL":
        yield _("A loss is the unpaid principal, the bank's own part included.")
    else:
        yield _("A loss is the unpaid principal and normal interest, the bank's own part included.")
    for layer in sorted(terms.get("layers", ()), key=lambda layer: layer["order"]):
        yield _layer(layer, names)


def _layer(layer: Mapping[str, Any], names: Mapping[str, str]) -> str:
    kind = layer["kind"]
    if kind == "QUOTA_SHARE":
        parts = [f"{names[party]} {percent(share)}" for party, share in layer["shares"].items()]
        return _("Each loss is shared: %(shares)s.") % {"shares": _(", ").join(parts)}
    if kind in ("RATE_CAP", "TIERS"):
        facts = {"party": names[layer["party"]], "other": names[layer["excess_to"]]}
        if kind == "RATE_CAP":
            facts["rate"] = percent(layer["cap_rate"])
            return _("%(party)s pays at most %(rate)s of what was released in the period; the rest stays with %(other)s.") % facts
        return _("What %(party)s pays falls in steps with the loss rate; the rest stays with %(other)s.") % facts
    facts = {"giver": names[layer["from"]], "taker": names[layer["to"]]}
    if kind == "SURPLUS":
        facts["fen"] = yuan(layer["retention_fen"])
        return _("Of large guarantees %(taker)s takes from %(giver)s the part above %(fen)s yuan.") % facts
    if kind == "EXCESS":
        facts["fen"] = yuan(layer["attachment_fen"])
        return _("Of each loss %(taker)s takes from %(giver)s what is above %(fen)s yuan.") % facts
    return _("Of all losses of the period together %(taker)s takes from %(giver)s what is above the agreed limit.") % facts


def _scope(scope: Mapping[str, Any]) -> Iterator[str]:
    lists = {
        "products": _("Products: %(values)s."),
        "banks": _("Banks: %(values)s."),
        "regions": _("Regions: %(values)s."),
        "industries": _("Industries: %(values)s."),
    }
    for name, sentence in lists.items():
        if scope.get(name):
            yield sentence % {"values": _(", ").join(scope[name])}
    if scope.get("principal_max_fen") is not None:
        yield _("One loan: up to %(fen)s yuan.") % {"fen": yuan(scope["principal_max_fen"])}
    if scope.get("obligor_total_max_fen") is not None:
        yield _("One borrower, at all members: up to %(fen)s yuan.") % {"fen": yuan(scope["obligor_total_max_fen"])}
    if scope.get("term_max_months") is not None:
        yield _("Term: up to %(months)s months.") % {"months": scope["term_max_months"]}


def _premium(premium: Mapping[str, Any]) -> Iterator[str]:
    if not premium:
        return
    if premium.get("base", "INITIAL_PRINCIPAL") == "DAILY_BALANCE":
        yield _("Premium by the day on the ceded balance, month by month afterwards.")
    else:
        yield _("Premium in advance on the ceded principal, for the whole cover.")
    for row in premium.get("rates", ()):
        if row.get("obligor_max_fen") is not None:
            facts = {"fen": yuan(row["obligor_max_fen"]), "rate": percent(row["rate"])}
            yield _("Up to %(fen)s yuan: %(rate)s per year.") % facts
        else:
            yield _("Otherwise: %(rate)s per year.") % {"rate": percent(row["rate"])}


def _claims(terms: Mapping[str, Any]) -> Iterator[str]:
    claims, recoveries, fuse = (terms.get(name) or {} for name in ("claims", "recoveries", "fuse"))
    if "deadline_days" in claims:
        yield _("Claim within %(days)s days of the compensation, that day included.") % {"days": claims["deadline_days"]}
    if "pass_on_days" in recoveries:
        yield _("Pass on what is recovered within %(days)s days.") % {"days": recoveries["pass_on_days"]}
    if "stop" in fuse:
        yield _("New cessions stop when %(rate)s of the cap is used.") % {"rate": percent(fuse["stop"])}
