"""Numbers without gaps: one counter per kind and year in each institution's schema."""

from __future__ import annotations

from datetime import date

from django.db import connection

# One statement instead of three: the ORM cannot return what an upsert wrote, and every number waits for this row.
_NEXT = """
insert into documents_counter (kind, year, last) values (%s, %s, 1)
on conflict (kind, year) do update set last = documents_counter.last + 1
returning last
"""


def next_number(*, kind: str, today: date) -> str:
    """Return the next number, `SQ2026-000012`, in the caller's transaction.

    The counter's row stays locked until that transaction ends: another taker waits, and a number that was rolled
    back is given again. Take it late in a verb, because everybody else waits from here on.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [kind, today.year])
        (last,) = cursor.fetchone()
    return f"{kind}{today.year}-{last:06d}"
