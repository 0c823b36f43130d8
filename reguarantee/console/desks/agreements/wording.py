"""Terms as rows of a form and rows of a form as terms, both ways without loss.

What the form has no field for stays as it was in the document (`base`). What it cannot show at all, such as two quota
shares, is recognised by going there and back: `shown` says whether the same document comes out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any

Document = dict[str, Any]
Rows = dict[str, Any]
_LISTS = ("products", "obligor_kinds", "banks", "regions", "industries")
_MAXIMA = ("principal_max_fen", "obligor_total_max_fen", "term_max_months")
_DETAILS = {
    "SURPLUS": ("retention_fen", "lines"),
    "EXCESS": ("attachment_fen", "limit_fen", "aad_fen", "aal_fen", "share"),
    "AGGREGATE": ("attachment_fen", "attachment_rate", "limit_fen", "limit_rate", "share"),
    "RATE_CAP": ("cap_rate",),
    "TIERS": (),
}
_RATES = ("share", "attachment_rate", "limit_rate", "cap_rate")
CAPS = ("RATE_CAP", "TIERS")
_GAPS = re.compile(r"[\s,，、;；]+")


def ends(kind: str) -> tuple[str, str]:
    """The names under which a layer of this kind says who gives and who takes."""
    return ("party", "excess_to") if kind in CAPS else ("from", "to")


def rows(document: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Rows:
    """What the form shows of a document: `base`, `parties`, `layers`, `scope`, `money`; rates as Decimals."""
    names = names or {}
    quota = next((layer for layer in document["layers"] if layer["kind"] == "QUOTA_SHARE"), None)
    shares = quota["shares"] if quota else {}
    attaches, scope = document.get("attaches") or {}, document.get("scope") or {}
    order = [*shares, *(party for party in document["parties"] if party not in shares)]
    return {
        "base": {
            "first": attaches.get("from"),
            "last": attaches.get("to"),
            "loss_base": document.get("loss_base", "PRINCIPAL"),
            "residual": document["residual"],
            "quota_order": quota["order"] if quota else None,
        },
        "parties": [
            {
                "key": party,
                "kind": document["parties"][party],
                "name": names.get(party, ""),
                "quota": Decimal(shares[party]) if party in shares else None,
            }
            for party in order
        ],
        "layers": [_layer_row(layer) for layer in document["layers"] if layer["kind"] != "QUOTA_SHARE"],
        "scope": {
            **{name: ", ".join(scope.get(name) or []) for name in _LISTS},
            **{name: scope.get(name) for name in _MAXIMA},
        },
        "money": _money_row(document),
    }


def _layer_row(layer: Mapping[str, Any]) -> Rows:
    kind = layer["kind"]
    giver, taker = ends(kind)
    row: Rows = {"kind": kind, "order": layer["order"], "source": layer[giver], "target": layer[taker]}
    for name in _DETAILS[kind]:
        value = layer.get(name)
        row[name] = Decimal(value) if name in _RATES and value is not None else value
    if kind == "TIERS":
        row["bands"] = ", ".join(f"{_percent(band.get('to'))}:{_percent(band['factor'])}" for band in layer["bands"])
    return row


def _money_row(document: Mapping[str, Any]) -> Rows:
    premium, claims = document.get("premium") or {}, document.get("claims") or {}
    recoveries, fuse = document.get("recoveries") or {}, document.get("fuse") or {}
    rates = premium.get("rates") or []
    small = next((rate for rate in rates if "obligor_max_fen" in rate), None)
    other = next((rate for rate in rates if "obligor_max_fen" not in rate), None)
    return {
        "base": premium.get("base", ""),
        "day_count": premium.get("day_count", ""),
        "obligor_max_fen": small["obligor_max_fen"] if small else None,
        "small_rate": Decimal(small["rate"]) if small else None,
        "rate": Decimal(other["rate"]) if other else None,
        "deadline_days": claims.get("deadline_days"),
        "inclusive": claims.get("inclusive", True),
        "advance": _decimal(claims.get("advance")),
        "order": recoveries.get("order", ""),
        "pass_on_days": recoveries.get("pass_on_days"),
        **{name: _decimal(fuse.get(name)) for name in ("warn", "hold", "stop")},
    }


def document(told: Rows, base: Mapping[str, Any]) -> tuple[Document, dict[str, str]]:
    """The terms that the form says, and the institutions of the parties; `base` is what it was opened with."""
    made: Document = deepcopy(dict(base))
    general, parties = told["base"], told["parties"]
    attaches: Document = {**(made.get("attaches") or {})}
    attaches["from"] = general["first"].isoformat() if general.get("first") else None
    attaches["to"] = general["last"].isoformat() if general.get("last") else None
    made["attaches"] = {"by": "drawdown", **attaches}
    made["parties"] = {row["key"]: row["kind"] for row in parties}
    made["residual"] = general["residual"]
    made["loss_base"] = general["loss_base"]
    made["scope"] = _scope(told["scope"])
    quota = {row["key"]: _text(row["quota"]) for row in parties if row.get("quota") is not None}
    first = [{"kind": "QUOTA_SHARE", "order": general.get("quota_order") or 1, "shares": quota}] if quota else []
    made["layers"] = [*first, *(_layer(row) for row in told["layers"])]
    _money(made, told["money"])
    return made, {row["key"]: row["name"] for row in parties if row.get("name")}


def _scope(row: Rows) -> Document:
    scope: Document = {name: [code for code in _GAPS.split(row.get(name) or "") if code] for name in _LISTS}
    return {**scope, **{name: row.get(name) for name in _MAXIMA}}


def _layer(row: Rows) -> Document:
    kind = row["kind"]
    giver, taker = ends(kind)
    layer: Document = {"kind": kind, "order": row["order"], giver: row["source"], taker: row["target"]}
    for name in _DETAILS[kind]:
        value = row.get(name)
        if value is not None:
            layer[name] = _text(value) if name in _RATES else value
    if kind in (*CAPS, "AGGREGATE") and (kind in CAPS or {"attachment_rate", "limit_rate"} & set(layer)):
        layer["base"] = "RELEASED"
    if kind == "TIERS":
        layer["bands"] = bands(row.get("bands") or "")
    return layer


def bands(text: str) -> list[Document]:
    """ "3:100, 5:50, :0" → bands; what cannot be read goes on as it is, for the engine to name its place."""
    made = []
    for part in (part for part in _GAPS.split(text.replace("：", ":").replace("%", "")) if part):
        bound, _colon, factor = part.partition(":")
        made.append({**({"to": _of_percent(bound)} if bound else {}), "factor": _of_percent(factor)})
    return made


def _money(made: Document, row: Rows) -> None:
    premium, claims = dict(made.get("premium") or {}), dict(made.get("claims") or {})
    recoveries, fuse = dict(made.get("recoveries") or {}), dict(made.get("fuse") or {})
    rates = []
    if row.get("small_rate") is not None and row.get("obligor_max_fen") is not None:
        rates.append({"obligor_max_fen": row["obligor_max_fen"], "rate": _text(row["small_rate"])})
    if row.get("rate") is not None:
        rates.append({"rate": _text(row["rate"])})
    _put(premium, {"base": row.get("base"), "day_count": row.get("day_count"), "rates": rates})
    counted = bool(row.get("inclusive"))
    days = row.get("deadline_days")
    said = days is not None or "inclusive" in claims
    _put(claims, {"deadline_days": days, "inclusive": counted if said else None, "advance": _text(row.get("advance"))})
    _put(recoveries, {"order": row.get("order"), "pass_on_days": row.get("pass_on_days")})
    _put(fuse, {name: _text(row.get(name)) for name in ("warn", "hold", "stop")})
    if not premium.get("rates"):
        premium = {}
    for name, part in (("premium", premium), ("claims", claims), ("recoveries", recoveries), ("fuse", fuse)):
        if part:
            made[name] = part
        else:
            made.pop(name, None)


def _put(into: Document, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value in (None, "", []):
            into.pop(name, None)
        else:
            into[name] = value


def plain(value: Any, name: str = "") -> Any:
    """A document without what makes no difference: empty parts, defaults, how a rate is written."""
    if isinstance(value, Mapping):
        kept = {key: plain(item, key) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, [], {}) and (key, item) not in _DEFAULTS}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str) and re.fullmatch(r"\d{1,6}(\.\d{1,12})?", value) and name not in ("code", *_LISTS):
        return f"{Decimal(value).normalize():f}"
    return value


_DEFAULTS = (("loss_base", "PRINCIPAL"), ("by", "drawdown"), ("base", "RELEASED"), ("share", "1"), ("inclusive", True))


def shown(of: Mapping[str, Any]) -> bool:
    """Whether the form can show this document completely."""
    try:
        told = rows(of)
        told["base"] = {**told["base"], **{name: _Day(told["base"][name]) for name in ("first", "last") if told["base"][name]}}
        made, _names = document(told, of)
    except (KeyError, TypeError, ValueError, ArithmeticError, StopIteration, AttributeError):
        return False
    if list(of.get("parties", {})) and [*_listed(of)] != [*_listed(made)]:
        return False
    return plain(made) == plain(of)


def _listed(of: Mapping[str, Any]) -> list[str]:
    """The order in which shares are dealt out: it decides who holds an odd fen."""
    return [party for layer in of["layers"] if layer["kind"] == "QUOTA_SHARE" for party in layer["shares"]] + [
        layer["kind"] for layer in of["layers"]
    ]


class _Day(str):
    """A day in text that answers like a date."""

    def isoformat(self) -> str:
        return str(self)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate.normalize():f}"


def _percent(text: str | None) -> str:
    return "" if text is None else f"{(Decimal(text) * 100).normalize():f}"


def _of_percent(text: str) -> str:
    try:
        return f"{(Decimal(text) / 100).normalize():f}"
    except ArithmeticError:
        return text
