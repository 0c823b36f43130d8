"""One parcel into one house: COPY into a staging table, then one INSERT … SELECT per step.

The caller stands in the house and in a transaction. Raw SQL because the floor of an import is the database's own
work on the same rows (design.md 11); all names are unqualified, so the search path decides whose they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from kernel.intake.landing.sorting import Parcel
from kernel.intake.landing.target import NULL, Step, Target
from kernel.intake.refusals import Reject

# More rows that the store refuses one by one than this are a mistake in the program, not in the file.
_MOST_REFUSED = 1000

_LOCK = "select pg_advisory_xact_lock(hashtext('intake'), hashtext(current_schema() || ':' || %s))"
# Rows that are here already leave the stage; what they said when they came decides how they are counted.
_SETTLE = """
with judged as (
  select s.line, case when l.row_id is null then 'TAKEN' when l.digest = s.digest then 'UNCHANGED' else 'CHANGED' end as verdict
  from intake_stage s
  join ({known}) k on k.key = s.key
  left join intake_landed l on l.kind = %(kind)s and l.row_id = k.row_id
)
delete from intake_stage s using judged j where s.line = j.line
returning j.line, j.verdict
"""
_STEP = """
with brought as ({insert})
insert into intake_landed (kind, row_id, batch_id, digest)
select %(kind)s, b.row_id, %(batch)s, s.digest from brought b left join intake_stage s on s.key = b.key
"""

_READ = 1 << 24


@dataclass
class Outcome:
    """What became of a house's rows: rows = accepted + unchanged + rejects."""

    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)


def lock(target: Target) -> None:
    """Imports of one target into one house follow one another; the lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [target.name])


def land(parcels: Iterable[Parcel], target: Target, *, batch_id: int) -> Outcome:
    """Bring the rows of a house's parcels in. Every row is accepted, unchanged, or among the rejects."""
    outcome = Outcome()
    with connection.cursor() as cursor:
        cursor.execute("set local work_mem = '64MB'")
        for parcel in parcels:
            outcome.rows += parcel.rows
            _stage(cursor, parcel, target)
            if parcel.rows > _settle(cursor, target, outcome):
                _insert(cursor, target, batch_id, (0, 2**62), outcome)
            cursor.execute("drop table intake_stage")
    outcome.rejects.sort(key=lambda reject: reject.line)
    return outcome


def _settle(cursor: Any, target: Target, outcome: Outcome) -> int:
    """Take the rows that are known off the stage and return their number."""
    cursor.execute(_SETTLE.format(known=target.known), {"kind": target.steps[-1].kind})
    for line, verdict in cursor.fetchall():
        if verdict == "UNCHANGED":
            outcome.unchanged += 1
        else:
            outcome.rejects.append(Reject(line, "", verdict))
    return cursor.rowcount


def _stage(cursor: Any, parcel: Parcel, target: Target) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in target.stage)
    cursor.execute(f"create temp table intake_stage (line bigint, key text, digest uuid, {columns}) on commit drop")
    parcel.text.seek(0)
    # One read for the whole parcel: each small read would wait for the interpreter, which is busy with the next rows.
    cursor.copy_expert(f"copy intake_stage from stdin with (format text, null '{NULL}')", parcel.text, size=_READ)
    cursor.execute("analyze intake_stage (key)")


def _insert(cursor: Any, target: Target, batch_id: int, lines: tuple[int, int], outcome: Outcome) -> None:
    """All staged rows between two lines; when the store refuses, halves of them, down to the row it means."""
    low, high = lines
    try:
        with transaction.atomic():
            for step in target.steps:
                accepted = _run(cursor, step, batch_id, low, high)
            cursor.execute("select count(*) from intake_stage where line between %s and %s", lines)
            if accepted != cursor.fetchone()[0]:
                raise IntegrityError("a staged row found no place")
    except (IntegrityError, DataError) as error:
        _halve(cursor, target, batch_id, lines, outcome, error)
    else:
        outcome.accepted += accepted


def _run(cursor: Any, step: Step, batch_id: int, low: int, high: int) -> int:
    cursor.execute(_STEP.format(insert=step.insert), {"kind": step.kind, "batch": batch_id, "low": low, "high": high})
    return cursor.rowcount


def _halve(cursor: Any, target: Target, batch_id: int, lines: tuple[int, int], outcome: Outcome, error: Exception) -> None:
    cursor.execute("select line from intake_stage where line between %s and %s order by line", lines)
    left = [row[0] for row in cursor.fetchall()]
    if len(left) == 1:
        if len(outcome.rejects) >= _MOST_REFUSED:
            raise error
        cursor.execute("delete from intake_stage where line = %s", left)
        outcome.rejects.append(Reject(left[0], "", "STORE_REFUSED", {"rule": _rule(error)}))
        return
    middle = left[(len(left) - 1) // 2]
    _insert(cursor, target, batch_id, (left[0], middle), outcome)
    _insert(cursor, target, batch_id, (middle + 1, left[-1]), outcome)


def _rule(error: Exception) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return (diagnosis and (diagnosis.constraint_name or diagnosis.message_primary)) or str(error)


def take_back(target: Target, *, batch_id: int) -> int:
    """Delete what a batch brought, last step first. Returns how many rows of the last step went.

    Raises IntegrityError when other rows have come to depend on them.
    """
    gone = 0
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for step in reversed(target.steps):
            spare = f" and not ({step.spare})" if step.spare else ""
            cursor.execute(
                f"delete from {step.table} t using intake_landed l"
                f" where l.kind = %s and l.batch_id = %s and t.id = l.row_id{spare}",
                [step.kind, batch_id],
            )
            gone = gone or cursor.rowcount
        cursor.execute("delete from intake_landed where batch_id = %s", [batch_id])
    return gone


def worked_with(target: Target, *, batch_id: int) -> bool:
    """Whether anybody has changed a row since this batch brought it."""
    if not target.touched:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"select exists ({target.touched})", {"batch": batch_id, "kind": target.steps[-1].kind})
        return cursor.fetchone()[0]
