"""What a guarantee is on any day: the SQL functions against the kernel's own (domain.md 8.6.5, golden rules)."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta

import pytest
from django.db import connection

from kernel.calendar import add_months, whole_months
from kernel.money import straight_line
from registry.tenancy import PROJECTOR, inside

pytestmark = pytest.mark.django_db

FIRST = date(1968, 1, 1)


def _days(chance: random.Random, count: int) -> list[date]:
    """Days of which every second stands at a month's end or beside it, where months of unequal length meet."""
    found = []
    for place in range(count):
        day = FIRST + timedelta(days=chance.randrange(30_000))
        if place % 2:
            day = day.replace(day=monthrange(day.year, day.month)[1]) + timedelta(days=chance.randint(-3, 1))
        found.append(day)
    return found


def test_whole_months_equal_the_kernels() -> None:
    chance = random.Random(20260101)
    pairs = list(zip(_days(chance, 20_000), _days(chance, 20_000), strict=True))
    # Anniversaries and the days around them are where one month more or less is decided.
    pairs += [
        (start, add_months(start, n) + timedelta(days=near))
        for start, _ in pairs[:4000]
        for n in (1, 12, 35)
        for near in (-1, 0, 1)
    ]
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute(
            "select a, b, whole_months(a, b) from unnest(%s::date[], %s::date[]) p(a, b)",
            [[start for start, _ in pairs], [day for _, day in pairs]],
        )
        wrong = [(a, b, n, whole_months(a, b)) for a, b, n in cursor.fetchall() if n != whole_months(a, b)]
    assert wrong == []


def test_straight_line_equals_the_kernels() -> None:
    chance = random.Random(7)
    cases = [
        (
            chance.choice([1, 3, 10**6 + 1, 10**13 - 7, chance.randrange(10**12)]),
            chance.randrange(0, 400),
            chance.randrange(-20, 420),
        )
        for _ in range(20_000)
    ]
    cases += [(5, 2, 1), (1, 2, 1), (0, 12, 3), (10**13, 999, 1)]
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute(
            "select a, t, e, straight_line(a, t, e) from unnest(%s::bigint[], %s::int[], %s::int[]) p(a, t, e)",
            [list(column) for column in zip(*cases, strict=True)],
        )
        wrong = [row for row in cursor.fetchall() if row[3] != straight_line(*row[:3])]
    assert wrong == []
