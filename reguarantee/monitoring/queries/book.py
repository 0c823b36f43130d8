"""The consolidated book by one dimension: from the marginals for the day they hold, else by adding up the facts."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import Any

from django.db import connection

from kernel.errors import Invalid, gettext_noop
from reguarantee.monitoring.figures import DIMENSIONS, MEASURES, TOTAL, grouped, listed

# The contract of `manage.py consolidated --json`: names and order stay.
PUBLISHED = tuple(name for name in MEASURES if "ceded" not in name and name != "ended_fen")


class NoSuchDimension(Invalid):
    """Figures were asked by something that is no dimension."""

    code = "NO_SUCH_DIMENSION"
    sentence = gettext_noop("Figures come by member, bank, industry, region, month or coverage, not by %(by)s.")


def consolidated(*, by: str, as_of: date) -> dict[str, Any]:
    """Figures by member, bank, industry, region, month or coverage, rows by key, and the total.

    Cumulative figures are everything reported since the beginning; in-force figures are as of the day. Keys: member code,
    bank name, GB/T 4754 section, region code, YYYY-MM of approval. Raises `NoSuchDimension`.
    """
    dimension = by.upper()
    if dimension not in DIMENSIONS:
        raise NoSuchDimension(field="by", by=by)
    found = read((TOTAL, dimension), as_of=as_of, measures=PUBLISHED)
    names = ("key", *PUBLISHED)
    # A row ends with its dimension, which has no name here.
    rows = [dict(zip(names, row, strict=False)) for row in found if row[-1] != TOTAL]
    total = next((dict(zip(PUBLISHED, row[1:], strict=False)) for row in found if row[-1] == TOTAL), None)
    return {"as_of": as_of.isoformat(), "by": by, "rows": rows, "total": total or dict.fromkeys(PUBLISHED, 0)}


def read(
    dimensions: tuple[str, ...], *, as_of: date, measures: tuple[str, ...] = MEASURES, where: str = "true"
) -> list[tuple[Any, ...]]:
    """(key, *measures, dimension) of the dimensions, TOTAL among them, rows by key. `where` is trusted SQL over `m`.

    A few hundred rows when the marginals hold for `as_of`. Every row carries its day, so a roll at midnight cannot come
    between. For any other day one pass over the facts gives the same rows.
    """
    columns = listed(measures, "m.{0}")
    wanted = tuple(dimensions)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select m.key, {columns}, m.dimension from monitoring_marginal m"
            f" where m.dimension in %s and m.as_of = %s and {where}",
            [wanted, as_of],
        )
        found = cursor.fetchall()
        if not found:
            sides = tuple(name for name in dimensions if name != TOTAL) or ("COVERAGE",)
            cursor.execute(
                f"select m.key, {columns}, m.dimension from ({grouped('monitoring_standing(%s)', sides)}) m"
                f" where m.dimension in %s and {where}",
                [as_of, wanted],
            )
            found = cursor.fetchall()
    # By code point, whatever the database's collation; cheaper here than in the statement.
    found.sort(key=itemgetter(-1, 0))
    return found
