"""Is it covered, and if not, why: every guarantee that the group knows of is COVERED, PARTLY or UNCOVERED on any day.

What members' views show and what they filed are joined in the view monitoring_coverage; nothing is left out, so the three
add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy

from reguarantee.filings.queries import REASONS as FILED_REASONS
from reguarantee.monitoring.models import Cover
from reguarantee.monitoring.queries.labels import COVERAGES

Figures = dict[str, int]
REASONS: dict[str, Any] = {
    "NOT_FILED": gettext_lazy("Not filed"),
    "NOT_DRAWN": gettext_lazy("Not drawn yet"),
    **dict(FILED_REASONS),
}
"""Reason code → label: those of the filings, and the two of guarantees that never were filed."""
WHAT_TO_DO: dict[str, Any] = {
    "NOT_FILED": gettext_lazy("The member has not filed it; an imported book is filed by list."),
    "NOT_DRAWN": gettext_lazy("It is filed when the loan is drawn in full or told complete."),
}
_SUMS = {
    "count": Count("*"), "guaranteed_fen": Sum("guaranteed_fen"), "covered_fen": Sum("covered_fen"),
    "uncovered_fen": Sum("uncovered_fen"), "ceded_fen": Sum("ceded_fen"),
}  # fmt: skip


@dataclass(frozen=True)
class Reasoned:
    """Guarantees of one coverage for one reason; amounts in fen."""

    coverage: str
    reason_code: str
    label: str
    todo: str
    figures: Figures


def covers(*, as_of: date) -> QuerySet[Cover]:
    """The cover of every guarantee known on a day: one row each."""
    return Cover.objects.filter(since__lte=as_of).filter(Q(until=None) | Q(until__gt=as_of))


def coverage(*, as_of: date, member: str = "") -> dict[str, Figures]:
    """`{"COVERED": {"count", "guaranteed_fen", "ceded_fen"}, "PARTLY": {…}, "UNCOVERED": {…}}` over all guarantees, in fen."""
    nothing = {"count": 0, "guaranteed_fen": 0, "ceded_fen": 0}
    found: dict[str, Figures] = {code: dict(nothing) for code in COVERAGES}
    for row in by_reason(as_of=as_of, member=member):
        for name in nothing:
            found[row.coverage][name] += row.figures[name]
    return found


def by_reason(*, as_of: date, member: str = "") -> list[Reasoned]:
    """Per coverage and reason, the largest first within a coverage; `figures` adds covered_fen and uncovered_fen."""
    rows = covers(as_of=as_of)
    if member:
        rows = rows.filter(member_code=member)
    found = [
        Reasoned(
            row.pop("coverage"), code, str(REASONS.get(code, code)), str(WHAT_TO_DO.get(code, "")),
            {name: int(value or 0) for name, value in row.items()},
        )
        for row in rows.order_by().values("coverage", "reason_code").annotate(**_SUMS)
        for code in [row.pop("reason_code")]
    ]  # fmt: skip
    order = list(COVERAGES)
    return sorted(found, key=lambda one: (order.index(one.coverage), -one.figures["guaranteed_fen"], one.reason_code))


def by_member(*, as_of: date) -> list[dict[str, Any]]:
    """Per member the guaranteed amounts by coverage: `{"member_code", "count", "guaranteed_fen", "COVERED", …, "ceded_fen"}`."""
    sums = {code: Sum("guaranteed_fen", filter=Q(coverage=code), default=0) for code in COVERAGES}
    whole = {"count": Count("*"), "guaranteed_fen": Sum("guaranteed_fen"), "ceded_fen": Sum("ceded_fen")}
    return list(covers(as_of=as_of).order_by("member_code").values("member_code").annotate(**sums, **whole))
