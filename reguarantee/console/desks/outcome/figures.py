"""What agreements brought, per institution and per agreement: the statistics AGR-03 to AGR-10.

All from filings that stand confirmed and were drawn down in the time, so that each figure is the sum of the rows behind it
(`projects`). Sums are made by the database, a constant number of statements however many institutions there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DecimalField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from reguarantee.claims import queries as claims
from reguarantee.console.words import share
from reguarantee.filings import queries as filings
from reguarantee.treaties import queries as treaties

_TREATY = "treaty_version__treaty__code"
_RATE = Cast(NullIf(F("loan_rate"), Value("")), DecimalField(max_digits=20, decimal_places=10))
TYPE = Case(
    When(obligor_kind="PERSON", then=Value("PERSON")),
    When(size_class="", then=Value("NONE")),
    default=F("size_class"),
    output_field=CharField(),
)
"""A customer's type: a person, or a company by its size as it was when the guarantee took effect (domain.md 4.6)."""
_PLACES = Decimal("0.000001")
_DEAD = ("REJECTED", "WITHDRAWN")


@dataclass(frozen=True)
class Span:
    """The time that is looked at, by drawdown; optionally one agreement only."""

    first: date
    last: date
    treaty: str = ""

    @property
    def years(self) -> range:
        """The calendar years it touches: limits and volumes are agreed per year."""
        return range(self.first.year, self.last.year + 1)

    @property
    def query(self) -> str:
        """The query of a link that keeps the time."""
        return f"first={self.first}&last={self.last}" + (f"&treaty={self.treaty}" if self.treaty else "")


def projects(span: Span, *, member: str = "") -> QuerySet[Any]:
    """The concluded projects: filings confirmed, at least in part, and drawn down in the time; with their `type`.

    An extension brings no new project: the loan counts once, where it was drawn first (domain.md 11.18).
    """
    rows = filings.listing(
        member_code=member, treaty_code=span.treaty, status="CONFIRMED", drawdown_from=span.first, drawdown_to=span.last
    )
    return rows.filter(extends=None).annotate(type=TYPE)


def by_institution(span: Span) -> dict[str, dict[str, Any]]:
    """Per member code: the figures of `_figures`, with claims, limit and volume."""
    return _joined(span, "member_code")


def by_agreement(span: Span, member: str = "") -> dict[str, dict[str, Any]]:
    """Per treaty code: the same figures; of one member only when it is named."""
    return _joined(span, _TREATY, member)


def nothing() -> dict[str, Any]:
    """The figures of an institution without any project."""
    row = _rates(_filled({}))
    _judge(row, 0, 0)
    _promise(row, [])
    return row


def total(span: Span) -> dict[str, Any]:
    """The same figures over everything."""
    rows = projects(span).order_by().aggregate(**_sums())
    row = _rates(_filled(rows))
    _judge(row, _claimed(span, None)[""], _released(span, None)[""])
    _promise(row, list(_agreed(span)))
    return row


def distribution(span: Span, member: str, by: str) -> list[dict[str, Any]]:
    """Count and amount by `industry` or `type`, the largest first; together they are the member's projects."""
    rows = (
        projects(span, member=member).order_by().values(key=F(by)).annotate(count=Count("id"), principal_fen=Sum("principal_fen"))
    )
    return sorted(rows, key=lambda row: (-row["principal_fen"], row["key"]))


def _joined(span: Span, column: str, member: str = "") -> dict[str, dict[str, Any]]:
    found = {row.pop(column): _rates(_filled(row)) for row in _grouped(projects(span, member=member), column)}
    paid, released = _claimed(span, column, member), _released(span, column, member)
    agreed = list(_agreed(span, member))
    key = "treaty" if column == _TREATY else "member"
    for code in {*paid, *released, *(one[key] for one in agreed if one[key] != "*")}:
        found.setdefault(code, _rates(_filled({})))
    for code, row in found.items():
        _judge(row, paid.get(code, 0), released.get(code, 0))
        _promise(row, [one for one in agreed if one[key] == code])
    return dict(sorted(found.items()))


def _grouped(rows: QuerySet[Any], column: str) -> Iterable[dict[str, Any]]:
    return rows.order_by().values(column).annotate(**_sums())


def _sums() -> dict[str, Any]:
    rated = ~Q(loan_rate="")
    return {
        # Before the sum of the same name hides the column.
        "rated_fen": Sum("principal_fen", filter=rated),
        "interest": Sum(F("principal_fen") * _RATE, filter=rated, output_field=DecimalField(max_digits=40, decimal_places=10)),
        "count": Count("id"),
        "principal_fen": Sum("principal_fen"),
        "guaranteed_fen": Sum("guaranteed_fen"),
        "ceded_fen": Sum("ceded_fen"),
    }


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    names = ("count", "principal_fen", "guaranteed_fen", "ceded_fen", "rated_fen", "interest")
    return {**row, **{name: row.get(name) or 0 for name in names}}


def _rates(row: dict[str, Any]) -> dict[str, Any]:
    """Weighted averages, never averages of percentages (domain.md 11.32)."""
    row["shared"] = share(row["ceded_fen"], row["principal_fen"])
    row["loan_rate"] = (row["interest"] / row["rated_fen"]).quantize(_PLACES) if row["rated_fen"] else None
    return row


def _claimed(span: Span, column: str | None, member: str = "") -> dict[str, int]:
    """Claims paid in the time, held recoveries taken off a claim included."""
    rows = claims.listing().exclude(status__in=_DEAD).filter(paid_on__range=(span.first, span.last))
    return _summed(_of(rows, span, member), column, F("paid_fen") + F("netted_fen"))


def _released(span: Span, column: str | None, member: str = "") -> dict[str, int]:
    """Principal of whole loans released in the time (domain.md 5.7)."""
    rows = filings.listing(member_code=member, treaty_code=span.treaty).filter(ended_on__range=(span.first, span.last))
    return _summed(rows, column, F("released_principal_fen"))


def _of(rows: QuerySet[Any], span: Span, member: str) -> QuerySet[Any]:
    if member:
        rows = rows.filter(member_code=member)
    return rows.filter(**{_TREATY: span.treaty}) if span.treaty else rows


def _summed(rows: QuerySet[Any], column: str | None, fen: Any) -> dict[str, int]:
    if column is None:
        return {"": rows.order_by().aggregate(fen=Coalesce(Sum(fen), 0))["fen"]}
    return {row[column]: row["fen"] for row in rows.order_by().values(column).annotate(fen=Coalesce(Sum(fen), 0)) if row[column]}


def _agreed(span: Span, member: str = "") -> Iterable[dict[str, Any]]:
    """Limits and volumes agreed for the years: {"treaty", "member", "line_fen", "target_fen", "taken_fen"}."""
    return treaties.agreed(years=span.years, treaty_code=span.treaty, member_code=member)


def _judge(row: dict[str, Any], paid: int, released: int) -> None:
    row["claimed_fen"], row["released_fen"] = paid, released
    row["claim_rate"] = share(paid, released)


def _promise(row: dict[str, Any], agreed: list[dict[str, Any]]) -> None:
    """The volume agreed against what was concluded, and the limit against what was ceded (AGR-02, AGR-03).

    The line that all share is left out where members have lines of their own.
    """
    lines: list[dict[str, Any]] = []
    targets: list[int] = []
    for code in {one["treaty"] for one in agreed}:
        of_treaty = [one for one in agreed if one["treaty"] == code]
        own = [one for one in of_treaty if one["member"] != "*"]
        lines += _said(own, "line_fen") or _said(of_treaty, "line_fen")
        targets += [one["target_fen"] for one in _said(own, "target_fen") or _said(of_treaty, "target_fen")]
    row["line_fen"] = sum(one["line_fen"] for one in lines) if lines else None
    row["taken_fen"] = sum(one["taken_fen"] for one in lines) if lines else None
    row["target_fen"] = sum(targets) if targets else None
    row["brought"] = share(row["principal_fen"], row["target_fen"]) if row["target_fen"] else None
    row["used"] = share(row["taken_fen"], row["line_fen"]) if row["line_fen"] else None


def _said(agreed: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [one for one in agreed if one[name] is not None]
