"""Figures over filings: by stage, member and period, side by side, and what happened last (BUS-11 to BUS-13)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth

from reguarantee.filings.models import BatchList, BatchRow, Decision, Filing, Status
from reguarantee.filings.services.batches import NoSuchList
from reguarantee.partners import queries as partners

BY = {
    "member": "member_code", "industry": "industry", "bank": "bank_name", "product": "product_code", "month": "month",
    "line": "line",
}  # fmt: skip
# 农业信贷担保 and 中小企业融资担保 (features BUS-65, BUS-66): as the member's product says; where it says nothing, by what the
# obligor is.
_LINE = Case(
    When(~Q(product_category=""), then=F("product_category")),
    When(Q(is_farmer=True) | Q(industry="A"), then=Value("AGRICULTURE")),
    When(size_class__in=["MEDIUM", "SMALL", "MICRO"], then=Value("SME")),
    default=Value("OTHER"),
)
RESULTS = BatchRow.Result.choices
_AMOUNTS = {
    "count": Count("id"),
    "guaranteed_fen": Sum("guaranteed_fen", default=0),
    "covered_fen": Sum("covered_fen", default=0),
    "uncovered_fen": Sum("uncovered_fen", default=0),
    "ceded_fen": Sum("ceded_fen", default=0),
}
_COUNTS = {status.lower(): Count("id", filter=Q(status=status)) for status in Status.values} | {
    "late": Count("id", filter=Q(is_late=True)),
    "overdue": Count("id", filter=Q(overdue_on__isnull=False)),
    "compensated": Count("id", filter=Q(end="COMPENSATED")),
}


def period(*, first: date | None, last: date | None, kind: str = "", **exact: str) -> QuerySet[Filing]:
    """Filings that were filed within a period (both days included), narrowed by columns that are not empty.

    `kind` narrows to the members of one type of institution, AGRICULTURE or SME, or to the policy institutions, POLICY
    (BUS-65, BUS-66, AGR-14).
    """
    rows = Filing.objects.filter(**{name: value for name, value in exact.items() if value})
    if kind:
        codes = partners.policy_codes() if kind == "POLICY" else partners.codes_of(kind)
        rows = rows.filter(member_code__in=codes)
    if first:
        rows = rows.filter(filed_on__gte=first)
    if last:
        rows = rows.filter(filed_on__lte=last)
    return rows


def table(
    *, by: str, first: date | None = None, last: date | None = None, member: str = "", kind: str = ""
) -> list[dict[str, Any]]:
    """One row per key of `by` (BY) with counts by status and amounts in fen, the largest first; months in their order.

    Rows have `key` and the names of the figures. Raises KeyError for another `by`.
    """
    column = BY[by]
    rows = period(first=first, last=last, kind=kind, member_code=member)
    if by == "month":
        rows = rows.annotate(month=TruncMonth("filed_on"))
    if by == "line":
        rows = rows.annotate(line=_LINE)
    found = [{"key": row.pop(column), **row} for row in rows.order_by().values(column).annotate(**_COUNTS).annotate(**_AMOUNTS)]
    if by == "month":
        return sorted(found, key=lambda row: row["key"], reverse=True)
    return sorted(found, key=lambda row: (-row["guaranteed_fen"], str(row["key"])))


def total(*, first: date | None = None, last: date | None = None, member: str = "", kind: str = "") -> dict[str, int]:
    """All filings of a period: the same figures as a row of `table`."""
    rows = period(first=first, last=last, kind=kind, member_code=member)
    return rows.aggregate(**_COUNTS) | rows.aggregate(**_AMOUNTS)


def feed(*, member: str = "", after: int = 0, limit: int = 100) -> list[Decision]:
    """What happened last to filings of all members, the newest first; `after` is the id of the last one seen (BUS-13)."""
    rows = Decision.objects.select_related("filing").order_by("-id")
    if member:
        rows = rows.filter(filing__member_code=member)
    if after:
        rows = rows.filter(id__gt=after)
    return list(rows[:limit])


def lists() -> QuerySet[BatchList]:
    """Banks' lists, newest first, with `.rows_count`, `.matched` and `.principal_fen`."""
    return BatchList.objects.annotate(
        rows_count=Count("rows"),
        matched=Count("rows", filter=Q(rows__result=BatchRow.Result.MATCHED)),
        principal_fen=Sum("rows__principal_fen", default=0),
    ).order_by("-id")


def one_list(list_id: int) -> BatchList:
    """Raises NoSuchList."""
    found = lists().filter(pk=list_id).first()
    if found is None:
        raise NoSuchList
    return found


def list_rows(list_id: int) -> QuerySet[BatchRow]:
    """The rows of a list with their filings, in the order of the file."""
    return BatchRow.objects.filter(list=list_id).select_related("filing").order_by("line")


def list_results(list_id: int) -> list[dict[str, Any]]:
    """Counts and amounts of a list by result: `{"result", "count", "principal_fen"}`."""
    rows = BatchRow.objects.filter(list=list_id).order_by("result").values("result")
    return list(rows.annotate(count=Count("id"), principal_fen=Sum("principal_fen", default=0)))
