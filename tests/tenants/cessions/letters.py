"""Letters as the group sends them, and the way they are read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from kernel.access.actors import Actor
from kernel.letters import AgreementTold, Letter, MoneyReported, PremiumBilled, PremiumListIssued, StatementIssued
from kernel.outbox.models import Letter as Posted
from registry.tenancy import PUBLIC, inside
from tenants.cessions import services
from tenants.cessions.models import Bill
from tests.reguarantee.engine.terms import N_4222, document, quota

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 2)
FROM_GROUP = {"sender": "GROUP", "actor": Actor("LETTER", "GROUP"), "today": APRIL}


def read(reader: Any, letter: Letter, *, today: date = APRIL) -> None:
    """As the post brings it: through its stored body."""
    back = type(letter).read(json.loads(json.dumps(letter.body(), ensure_ascii=False)))
    reader(back, **{**FROM_GROUP, "today": today})


def row(**changes: Any) -> dict[str, Any]:
    """A row of a premium list: 6,000 yuan for 5,000,000 yuan over 365 days."""
    return {
        "item": 7, "kind": "COVER", "guarantee_id": 1, "number": "DB-1", "treaty": "P4222/1", "base_fen": 500_000_000,
        "ceded_fen": 200_000_000, "from": "2026-03-01", "to": "2027-02-28", "days": 365, "rate": "0.003",
        "premium_fen": 600_000, "vat": "EXEMPT", "answer": "", **changes,
    }  # fmt: skip


def listed(*rows: dict[str, Any], **changes: Any) -> PremiumListIssued:
    told = {"list_no": "BFQD-ANHE-2026-03", "period": "2026-03", "confirm_by": date(2026, 4, 12), **changes}
    return PremiumListIssued(items=rows or (row(),), **told)


def billed(**changes: Any) -> PremiumBilled:
    told = {
        "bill_no": "BF2026-000001", "period": "2026-Q1", "vat": "EXEMPT", "premium_fen": 600_000, "net_fen": 600_000,
        "tax_fen": 0, "due_on": date(2026, 4, 17), "key": "premium:ANHE:BF2026-000001", "status": "ISSUED",
        "lists": ("BFQD-ANHE-2026-03",), **changes,
    }  # fmt: skip
    return PremiumBilled(**told)


def credited(fen: int, *, refund: int, number: str = "BFH2026-000001") -> PremiumBilled:
    return billed(
        bill_no=number, premium_fen=-fen, net_fen=-fen, key=f"premium-refund:ANHE:{number}", lists=(),
        credits="BF2026-000001", refund_fen=refund, status="ISSUED" if refund else "SETTLED",
    )  # fmt: skip


def told(**changes: Any) -> AgreementTold:
    terms = document(
        quota(**N_4222),
        scope={"principal_max_fen": 500_000_000, "products": ["P"]},
        premium={"rates": [{"obligor_max_fen": 500_000_000, "rate": "0.003"}, {"rate": "0.005"}]},
        claims={"deadline_days": 120},
        recoveries={"order": "COST_FIRST_PRO_RATA", "pass_on_days": 15},
        fuse={"warn": "0.6", "hold": "0.8", "stop": "1"},
    )
    facts: dict[str, Any] = {
        "code": "P4222", "treaty_version": 1, "title": "四二二二", "status": "ACTIVE", "effective_from": date(2026, 1, 1),
        "effective_to": date(2026, 12, 31), "terms": json.dumps(terms), "year": 2026, "line_fen": 5_000_000_000,
        "used_fen": 200_000_000, "reserved_fen": 100_000_000, **changes,
    }  # fmt: skip
    return AgreementTold(**facts)


def statement(**changes: Any) -> StatementIssued:
    rows = (
        {"key": "premium:ANHE:BF2026-000001", "purpose": "PREMIUM", "subject": "BF2026-000001", "on": "2026-04-02",
         "due_fen": 600_000, "moved_fen": 0},
        {"key": "claim:ANHE:BC-1", "purpose": "CLAIM", "subject": "BC-1", "on": "2026-04-05", "due_fen": -100, "moved_fen": 0},
    )  # fmt: skip
    facts: dict[str, Any] = {
        "statement_no": "DZ-1", "period": "2026-04", "opening_fen": 0, "closing_fen": 599_900, "rows": rows,
        "status": "DRAFTED", "confirm_by": date(2026, 5, 10), **changes,
    }  # fmt: skip
    return StatementIssued(**facts)


def arrived(fen: int, voucher: str = "V-1") -> MoneyReported:
    return MoneyReported(
        key="premium:ANHE:BF2026-000001", purpose="PREMIUM", fen=fen, on=APRIL, voucher_no=voucher, said="ARRIVED"
    )  # fmt: skip


def with_bill(**changes: Any) -> Bill:
    """A bill that came."""
    read(services.open_bill, billed(**changes))
    return Bill.objects.latest("id")


def posted(kind: str) -> list[dict[str, Any]]:
    """Bodies of our letters of a kind, oldest first."""
    with inside(PUBLIC):
        bodies = list(Posted.objects.filter(kind=kind).order_by("id").values_list("body", flat=True))
    Bill.objects.exists()  # deferred checks run where the last statement ran
    return [json.loads(body) for body in bodies]
