"""Terms that the engine's tests run."""

from datetime import date
from typing import Any

from reguarantee.treaties.engine import Loss, Position, Result, Terms, apply, read_terms

PARTIES = {"bank": "BANK", "member": "GUARANTOR", "group": "REGUARANTOR", "nfgf": "FUND", "gov": "GOVERNMENT"}
N_4222 = {"bank": "0.20", "member": "0.40", "group": "0.20", "nfgf": "0.20"}
MARCH = date(2026, 3, 1)
MILLION = 100_000_000  # fen in a million yuan


def document(*layers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a sound terms document with these layers."""
    return {
        "code": "T",
        "version": 1,
        "attaches": {"from": "2026-01-01", "to": "2026-12-31", "by": "drawdown"},
        "parties": PARTIES,
        "residual": "member",
        "loss_base": "PRINCIPAL",
        "layers": list(layers),
        **changes,
    }


def terms(*layers: dict[str, Any], **changes: Any) -> Terms:
    """Return sound terms with these layers."""
    return read_terms(document(*layers, **changes))


def layer(kind: str, order: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a layer; `source` and `target` stand for from and to, which Python reserves."""
    names = {"source": "from", "target": "to"}
    return {"kind": kind, "order": order, **{names.get(name, name): value for name, value in fields.items()}}


def quota(order: int = 1, **shares: str) -> dict[str, Any]:
    """Return a quota share."""
    return layer("QUOTA_SHARE", order, shares=shares)


def member_to_group(kind: str, order: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a layer that moves from the member to the group."""
    return layer(kind, order, source="member", target="group", **fields)


def lose(under: Terms | list[Terms], principal: int, *, after: Position | None = None, **fields: Any) -> Result:
    """Return the result of one loss of `principal` fen on 1 March 2026."""
    loss = Loss(**{"loss_id": "L", "date": MARCH, "principal_fen": principal, **fields})
    return apply(under, after or Position(), loss)


def held(result: Result) -> dict[str, int]:
    """Return the shares that are not nothing."""
    return {party: fen for party, fen in result.shares.items() if fen}
