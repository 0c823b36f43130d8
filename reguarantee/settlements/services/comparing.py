"""The three-way match: the other side's word is kept, and every night each row that does not agree is named."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction

from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.letters import MoneyReported
from reguarantee.settlements.models import Break

UNEXPECTED = "UNEXPECTED"
"""The other side reports money under a key that we do not expect from it."""


def open_money_reported(letter: MoneyReported, *, sender: str, actor: Any, today: date) -> None:
    """Reader of MONEY_REPORTED: keep what a member says; it changes no balance of ours."""
    cash.report(counterparty=sender, **vars(letter))


@transaction.atomic
def check(*, today: date) -> dict[str, int]:
    """Nightly: keep each break of the board by its row, close those that are in order again.

    Returns how many were found, are new, and were cleared. A second run of the day finds the same.
    """
    with connection.cursor() as cursor:  # of two nights at once the second finds what the first one kept
        cursor.execute("select pg_advisory_xact_lock(hashtext('settlements.check'))")
    standing = {(row.counterparty, row.key, row.code): row for row in Break.objects.select_for_update().filter(cleared_on=None)}
    found = {(row["counterparty"], row["key"], row["code"]): row for row in _found(today)}
    for place, row in standing.items():
        if place in found:
            seen = found[place]
            row.expected_fen, row.reported_fen, row.moved_fen = seen["expected_fen"], seen["reported_fen"], seen["moved_fen"]
            row.seen_on = today
        else:
            row.cleared_on = today
    Break.objects.bulk_update(standing.values(), ["expected_fen", "reported_fen", "moved_fen", "seen_on", "cleared_on"])
    fresh = [Break(found_on=today, seen_on=today, **row) for place, row in found.items() if place not in standing]
    Break.objects.bulk_create(fresh)
    cleared = sum(1 for place in standing if place not in found)
    return {"found": len(found), "new": len(fresh), "cleared": cleared}


def _found(today: date) -> list[dict[str, Any]]:
    rows = [
        {
            "key": due.key,
            "counterparty": due.counterparty,
            "purpose": due.purpose,
            "code": due.break_code,
            "expected_fen": due.fen,
            "reported_fen": due.reported_fen,
            "moved_fen": due.moved_fen,
        }
        for due in money.breaks(today=today)
    ]
    orphans: dict[tuple[str, str], dict[str, Any]] = {}
    for report in money.orphan_reports():
        row = orphans.setdefault(
            (report.counterparty, report.key),
            {
                "key": report.key,
                "counterparty": report.counterparty,
                "purpose": report.purpose,
                "code": UNEXPECTED,
                "expected_fen": 0,
                "reported_fen": 0,
                "moved_fen": 0,
            },
        )
        row["reported_fen"] += report.fen
    return rows + [row for row in orphans.values() if row["reported_fen"]]
