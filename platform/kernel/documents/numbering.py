"""Numbers without gaps: one counter per kind and year in each institution's schema."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from kernel.documents.models import Counter


def next_number(*, kind: str, today: date) -> str:
    """Return the next number, `SQ2026-000012`, in the caller's transaction.

    The UPDATE locks the counter's row until that transaction ends: another taker waits, and a number that
    was rolled back is given again. Take it late in a verb, because everybody else waits from here on.
    """
    mine = Counter.objects.filter(kind=kind, year=today.year)
    if not mine.update(last=F("last") + 1):
        Counter.objects.bulk_create([Counter(kind=kind, year=today.year, last=0)], ignore_conflicts=True)
        mine.update(last=F("last") + 1)
    return f"{kind}{today.year}-{mine.get().last:06d}"
