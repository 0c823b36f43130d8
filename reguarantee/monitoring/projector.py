"""Keeps the group's facts and marginals equal to what the members' published views show (design.md 3, tenancy.md C).

A statement trigger in each member's schema notes which guarantees changed: keys, never contents or differences. A run
takes a batch of keys, reads the truth of these guarantees anew from the views, and replaces their facts; the marginals
move by what the facts contributed before and contribute after. Everything, the taking of the keys included, is one
transaction: killed anywhere, the keys are still there and the next run does it again. Order, repetition and lost time
do not matter, because a run copies a state and replays nothing.

**Midnight.** In-force membership and straight-line balances change with the calendar although nobody writes anything.
The marginals therefore carry the one day they hold for. When the day changes, readers find that the marginals are for
another day and add up the facts themselves (right, but a scan) until the first run of the projector rolls the in-force
columns to the new day: within a second of the poll and some seconds of work for a million guarantees. The roll is one
transaction under the projector's lock, so that no reader sees half of it and no difference is computed for one day and
added to another.

All SQL here runs as the role zd_projector, which may read the views and nothing else of a member.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction

from registry.tenancy import PROJECTOR, inside
from reguarantee.monitoring import statements as sql
from reguarantee.monitoring.figures import listed

BATCH = 20_000
MONTHS_KEPT = 13
"""Month ends kept: a year's series and the month end a year before its first."""
_HOUSES_AT_ONCE = 50
_ANALYZE_FROM = 1_000


@dataclass
class Report:
    """What one run did. `changes` notes were taken, `guarantees` read again, `written` facts replaced or removed."""

    ran: bool = False
    """False when another process holds the projector's lock."""
    changes: int = 0
    guarantees: int = 0
    written: int = 0
    more: bool = False
    """More keys wait (those of members in trouble not counted)."""
    rolled: bool = False
    troubled: dict[int, str] = field(default_factory=dict)
    """Why the views of a member (by institution id) could not be read."""
    seconds: float = 0.0


def waiting() -> bool:
    """Whether a change waits to be projected."""
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute(sql.WAITING)
        return cursor.fetchone()[0]


def project(*, today: date, limit: int = BATCH) -> Report:
    """Take up to `limit` notes of changes and bring facts and marginals up to them: one transaction.

    Rolls the marginals first when `today` has left their day behind. Returns at once when another process is at it.
    """
    start = time.perf_counter()
    report = Report()
    with _alone() as cursor:
        if cursor is None:
            return report
        report.ran = True
        cursor.execute(sql.WAITING)
        work, day = cursor.fetchone()
        if day < today:
            _roll(cursor, today)
            day, report.rolled = today, True
        if not work:
            cursor.execute(sql.IDLE)
            return report
        cursor.execute(sql.WORKPLACE)
        oldest = _take(cursor, limit, report)
        _read(cursor, report)
        _replace(cursor, day, report)
        cursor.execute(sql.WAITING)
        report.more = cursor.fetchone()[0]
        report.seconds = time.perf_counter() - start
        _log(cursor, "PROJECT", report.seconds, report.guarantees, oldest, "; ".join(report.troubled.values()))
    return report


def roll(*, today: date) -> bool:
    """Bring the in-force columns to `today` and keep the month ends before it. False when the projector is at work.

    Nothing is done when they are there already: every later change has been added as of that day.
    """
    with _alone() as cursor:
        if cursor is None:
            return False
        cursor.execute(sql.WAITING)
        if cursor.fetchone()[1] != today:
            _roll(cursor, today)
    return True


def month_ends(today: date) -> list[date]:
    """The last days of the MONTHS_KEPT months before this one, oldest first."""
    found, day = [], today
    for _ in range(MONTHS_KEPT):
        day = day.replace(day=1) - timedelta(days=1)
        found.append(day)
    return found[::-1]


@contextmanager
def _alone() -> Iterator[Any]:
    """A cursor in one transaction under the projector's role and lock; None when another process has the lock."""
    with inside(PROJECTOR), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.LOCK)
        yield cursor if cursor.fetchone()[0] else None


def _roll(cursor: Any, today: date) -> None:
    start = time.perf_counter()
    cursor.execute(sql.ROLL, {"day": today})
    cursor.execute(sql.MONTH_ENDS, {"wanted": month_ends(today)})
    _log(cursor, "ROLL", time.perf_counter() - start, 0, None, "")


def _log(cursor: Any, step: str, seconds: float, guarantees: int, oldest: Any, trouble: str) -> None:
    facts = {"step": step, "seconds": round(seconds, 3), "guarantees": guarantees, "oldest": oldest, "trouble": trouble}
    cursor.execute(sql.RUN, facts)


def _take(cursor: Any, limit: int, report: Report) -> Any:
    """Fill run_key with the guarantees to read again; fresh changes before a backlog. Returns the oldest change's time."""
    cursor.execute(sql.TAKE, [limit])
    cursor.execute(sql.MEMBERS)
    cursor.execute(sql.KEYS)
    cursor.execute(sql.WHOLE_HOUSES)
    cursor.execute(sql.TAKEN)
    report.changes, oldest = cursor.fetchone()
    cursor.execute(sql.UNFOLD)
    for institution_id, schema in cursor.fetchall():
        _mark_all(cursor, institution_id, schema, report)
    cursor.execute(sql.BACKLOG, [limit])
    return oldest


def mark(cursor: Any, institution_id: int) -> None:
    """Have the next runs read every guarantee of a member again."""
    cursor.execute(sql.MARK, [institution_id])


def _mark_all(cursor: Any, institution_id: int, schema: str, report: Report) -> None:
    """Put every guarantee of a member into the backlog: those its view shows and those the facts still hold."""
    try:
        with transaction.atomic():
            cursor.execute(sql.mark_all(institution_id, schema))
    except DatabaseError as error:
        mark(cursor, institution_id)
        _note_trouble(cursor, institution_id, schema, error, report)


def _read(cursor: Any, report: Report) -> None:
    """Read the truth of the keys from the views, many members in one statement.

    A member whose views cannot be read (it is being migrated, a view is gone) must not hold up the others: its keys go
    back, its trouble is shown, and it is tried again half a minute later.
    """
    cursor.execute(sql.HOUSES)
    houses = cursor.fetchall()
    for start in range(0, len(houses), _HOUSES_AT_ONCE):
        part = houses[start : start + _HOUSES_AT_ONCE]
        try:
            with transaction.atomic():
                _read_houses(cursor, part)
        except DatabaseError:
            for house in part:
                _read_alone(cursor, house, report)
    relieved = [house[0] for house in houses if house[3] and house[0] not in report.troubled]
    if relieved:
        cursor.execute(sql.NO_TROUBLE, [relieved])
    report.guarantees = sum(len(house[4]) for house in houses)
    if report.guarantees >= _ANALYZE_FROM:
        cursor.execute("analyze run_key, run_read, run_movement")


def _read_houses(cursor: Any, houses: list[Any]) -> None:
    keys = [house[4] for house in houses]
    guarantees = " union all ".join(sql.read_guarantees(*house[:3]) + " where v.id = any(%s)" for house in houses)
    movements = " union all ".join(sql.read_movements(*house[:3]) + " where v.guarantee_id = any(%s)" for house in houses)
    cursor.execute(f"insert into run_read ({listed(sql.READ)}) {guarantees}", keys)
    cursor.execute(f"insert into run_movement {movements}", keys)


def _read_alone(cursor: Any, house: Any, report: Report) -> None:
    try:
        with transaction.atomic():
            _read_houses(cursor, [house])
    except DatabaseError as error:
        cursor.execute(sql.PUT_BACK, [house[0]])
        _note_trouble(cursor, house[0], house[2], error, report)


def _note_trouble(cursor: Any, institution_id: int, schema: str, error: DatabaseError, report: Report) -> None:
    text = f"{schema}: {str(error).splitlines()[0]}"
    report.troubled[institution_id] = text
    cursor.execute(sql.TROUBLE, [text, institution_id])


def _replace(cursor: Any, day: date, report: Report) -> None:
    """Facts and movements of the keys become what was read; marginals and month ends follow by the difference."""
    cursor.execute(sql.BANKS)
    cursor.execute(sql.NEXT)
    cursor.execute(sql.UNCHANGED)
    cursor.execute(sql.CONTRIBUTE, {"day": day, "sign": -1})
    cursor.execute(sql.MOVE)
    cursor.execute(sql.REMOVE)
    removed = cursor.rowcount
    cursor.execute(sql.WRITE)
    report.written = removed + cursor.rowcount
    cursor.execute(sql.CONTRIBUTE, {"day": day, "sign": 1})
    cursor.execute(sql.APPLY, {"day": day})
