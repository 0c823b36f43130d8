"""The published JSON Schema (2020-12) of a treaty's terms.

Amounts are whole fen. Rates are text, such as "0.20", because a JSON number becomes a binary fraction in most
programs. What a schema cannot say (shares sum to 1, a party is declared, one party does not pay itself) is
checked by `terms.read_terms`, which also walks this same schema: there is no second description of the form.
"""

from typing import Any

NAME = {"type": "string", "pattern": r"^[A-Za-z0-9_.:-]{1,64}$"}
FEN = {"type": "integer", "minimum": 0}
FEN_OR_NONE = {"type": ["integer", "null"], "minimum": 0}
ORDER = {"type": "integer", "minimum": 1}
SHARE = {"type": "string", "pattern": r"^(0(\.[0-9]{1,12})?|1(\.0{1,12})?)$"}
RATE = {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,12})?$"}
RATE_OR_NONE = {**RATE, "type": ["string", "null"]}
DAY = {"type": ["string", "null"], "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
CODES = {"type": "array", "items": {"type": "string"}}
BASE = {"enum": ["RELEASED"]}


def _record(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def _layer(kind: str, required: list[str], **properties: Any) -> dict[str, Any]:
    return _record(["kind", "order", *required], kind={"const": kind}, order=ORDER, **properties)


LAYERS = {
    "QUOTA_SHARE": _layer(
        "QUOTA_SHARE",
        ["shares"],
        shares={"type": "object", "minProperties": 1, "additionalProperties": SHARE},
    ),
    "SURPLUS": _layer(
        "SURPLUS",
        ["from", "to", "retention_fen"],
        **{"from": NAME, "to": NAME},
        retention_fen=FEN,
        lines={"type": ["integer", "null"], "minimum": 1},
    ),
    "EXCESS": _layer(
        "EXCESS",
        ["from", "to", "attachment_fen"],
        **{"from": NAME, "to": NAME},
        attachment_fen=FEN,
        limit_fen=FEN_OR_NONE,
        aad_fen=FEN_OR_NONE,
        aal_fen=FEN_OR_NONE,
        share=SHARE,
    ),
    "AGGREGATE": _layer(
        "AGGREGATE",
        ["from", "to"],
        **{"from": NAME, "to": NAME},
        attachment_fen=FEN_OR_NONE,
        attachment_rate=RATE_OR_NONE,
        limit_fen=FEN_OR_NONE,
        limit_rate=RATE_OR_NONE,
        base=BASE,
        share=SHARE,
    ),
    "RATE_CAP": _layer("RATE_CAP", ["party", "cap_rate", "excess_to"], party=NAME, cap_rate=RATE, base=BASE, excess_to=NAME),
    "TIERS": _layer(
        "TIERS",
        ["party", "bands", "excess_to"],
        party=NAME,
        base=BASE,
        bands={"type": "array", "minItems": 1, "items": _record(["factor"], to=RATE_OR_NONE, factor=SHARE)},
        excess_to=NAME,
    ),
}

SCOPE = _record(
    [],
    products=CODES,
    obligor_kinds=CODES,
    banks=CODES,
    regions=CODES,
    industries=CODES,
    principal_max_fen=FEN_OR_NONE,
    obligor_total_max_fen=FEN_OR_NONE,
    term_max_months={"type": ["integer", "null"], "minimum": 0},
)

PREMIUM = _record(
    ["rates"],
    base={"enum": ["INITIAL_PRINCIPAL", "DAILY_BALANCE"]},
    day_count={"enum": ["ACT/365", "ACT/360"]},
    rates={"type": "array", "minItems": 1, "items": _record(["rate"], obligor_max_fen=FEN, rate=RATE)},
)

CLAIMS = _record(
    [],
    deadline_days={"type": "integer", "minimum": 1},
    inclusive={"type": "boolean"},
    documents=CODES,
    advance=SHARE,
)

RECOVERIES = _record(
    [],
    order={"enum": ["PRO_RATA", "COST_FIRST_PRO_RATA", "BANK_SUBORDINATE", "PRINCIPAL_THEN_INTEREST"]},
    pass_on_days={"type": "integer", "minimum": 0},
)

TERMS_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Terms of a re-guarantee treaty",
    **_record(
        ["code", "parties", "residual", "layers"],
        code=NAME,
        version={"type": "integer", "minimum": 1},
        attaches=_record(
            [],
            **{"from": DAY, "to": DAY},
            by={"enum": ["drawdown", "filing", "signing", "issue", "approval", "compensation", "loss"]},
        ),
        parties={
            "type": "object",
            "minProperties": 1,
            "propertyNames": NAME,
            "additionalProperties": {"enum": ["BANK", "GUARANTOR", "REGUARANTOR", "FUND", "GOVERNMENT"]},
        },
        residual=NAME,
        scope=SCOPE,
        loss_base={"enum": ["PRINCIPAL", "PRINCIPAL_AND_INTEREST"]},
        layers={"type": "array", "items": {"oneOf": list(LAYERS.values())}},
        premium=PREMIUM,
        claims=CLAIMS,
        recoveries=RECOVERIES,
        fuse=_record([], warn=RATE, hold=RATE, stop=RATE),
    ),
}
