"""What has gone wrong and what has ended well in a time: the history that a draft agreement is priced over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

_COLUMNS = (
    "member_code", "guarantee_id", "number", "product_code", "bank_name", "region_code", "industry", "start_on",
    "compensated_on", "loan_fen", "guaranteed_fen", "compensation_fen", "term_months", "coverage",
)  # fmt: skip
_OF_MEMBER = " and (%(member)s = '' or m.code = %(member)s)"


def compensations(*, first: date, last: date, member: str = "") -> list[dict[str, Any]]:
    """The guarantees that members compensated between two days, both included, by day; of one member or of all ("").

    Rows with `compensation_fen`, what the member paid the bank, and the guarantee's own figures in fen. One statement.
    """
    names = {"member_code": "m.code", "bank_name": "b.name"}
    columns = ", ".join(names.get(name, f"f.{name}") for name in _COLUMNS)
    rows = _asked(
        # Raw, as all of the book is read: a fact has a composite key and names stand in tables of their own.
        f"select {columns} from monitoring_fact f join monitoring_member m on m.id = f.institution_id"
        " join monitoring_bank b on b.id = f.bank_id"
        f" where f.compensated and f.compensated_on between %(first)s and %(last)s{_OF_MEMBER}"
        " order by f.compensated_on, m.code, f.guarantee_id",
        {"first": first, "last": last, "member": member},
    )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


def released(*, first: date, last: date, member: str = "") -> dict[int, int]:
    """Per calendar year the principal of loans whose guarantees ended well in it, in fen: the base of caps (domain.md 5.7)."""
    rows = _asked(
        "select extract(year from f.ended_on)::int, sum(f.loan_fen)::bigint from monitoring_fact f"
        " join monitoring_member m on m.id = f.institution_id"
        f" where f.released and f.ended_on between %(first)s and %(last)s{_OF_MEMBER} group by 1",
        {"first": first, "last": last, "member": member},
    )
    return dict(rows)


def _asked(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(values))
        return list(cursor.fetchall())
