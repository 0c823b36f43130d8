"""Reads of filings. Lists are QuerySets; the number of statements does not grow with the rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from kernel.access.permissions import may
from kernel.money import half_up
from reguarantee.filings import cover
from reguarantee.filings.models import Category, Coverage, Decision, End, Filing, Stage, Status
from reguarantee.filings.reasons import DEFICIENCIES, Reason
from reguarantee.filings.services.deciding import MAY
from reguarantee.filings.services.settling import NoSuchFiling

Figures = dict[str, int]
kinds, kind_under = cover.kinds, cover.kind_under
"""What an obligor is by every name that a scope may give it, and the one by which some terms look at it (AGR-15)."""
STATUSES, COVERAGES, REASONS = Status.choices, Coverage.choices, Reason.choices
CATEGORIES = Category.choices
STAGES, ENDS, DEFECTS = Stage.choices, End.choices, tuple(DEFICIENCIES.items())
MAY_WORK = tuple(dict.fromkeys(MAY.values()))
"""The permissions of the stages: whoever holds one of them has a work list."""
EXACT = (
    "member_code",
    "status",
    "coverage",
    "bank_code",
    "product_code",
    "product_category",
    "obligor_kind",
    "region_code",
    "industry",
    "reason_code",
    "stage",
    "end",
    "batch",
)


def _rows() -> QuerySet[Filing]:
    return Filing.objects.select_related("treaty_version__treaty")


def listing(
    *,
    treaty_code: str = "",
    q: str = "",
    drawdown_from: date | None = None,
    drawdown_to: date | None = None,
    **exact: str,
) -> QuerySet[Filing]:
    """Filings, newest first; a filter left empty does not filter.

    `exact` takes member_code, status, coverage, bank_code, product_code, product_category, obligor_kind, region_code, industry,
    reason_code, stage, end and batch; `q` looks into the number and the obligor's name. Raises TypeError for an unknown filter.
    """
    if unknown := sorted(set(exact) - set(EXACT)):
        raise TypeError(f"listing() knows no filter {', '.join(unknown)}")
    rows = _rows().filter(**{name: value for name, value in exact.items() if value})
    if treaty_code:
        rows = rows.filter(treaty_version__treaty__code=treaty_code)
    if q:
        rows = rows.filter(Q(number__icontains=q) | Q(obligor_name__icontains=q))
    if drawdown_from:
        rows = rows.filter(drawdown_on__gte=drawdown_from)
    if drawdown_to:
        rows = rows.filter(drawdown_on__lte=drawdown_to)
    return rows.order_by("-id")


def worklist(today: date) -> QuerySet[Filing]:
    """Filings under review, the longest waiting first; adds `.waiting`, the time since they were submitted."""
    waiting = ExpressionWrapper(Value(today) - F("submitted_on"), output_field=DurationField())
    return _rows().filter(status=Status.REVIEWING).annotate(waiting=waiting).order_by("submitted_on", "id")


def reviewing_count() -> int:
    """How many filings wait for an officer."""
    return Filing.objects.filter(status=Status.REVIEWING).count()


def my_stages(user: Any) -> list[str]:
    """The stages at which a person may speak."""
    return [stage for stage, code in MAY.items() if may(user, code)]


def waiting_for(user: Any) -> int:
    """How many cases wait at a stage of this person."""
    return Filing.objects.filter(status=Status.REVIEWING, stage__in=my_stages(user)).count()


def stage_counts() -> dict[str, Figures]:
    """Cases under review by stage: `{stage: {"count", "guaranteed_fen"}}`, every stage, in fen."""
    rows = Filing.objects.filter(status=Status.REVIEWING).order_by().values("stage")
    found = {row.pop("stage"): row for row in rows.annotate(count=Count("id"), guaranteed_fen=Sum("guaranteed_fen"))}
    return {stage: found.get(stage, {"count": 0, "guaranteed_fen": 0}) for stage in Stage.values}


def get(filing_id: int) -> Filing:
    """One filing with its treaty. Raises NoSuchFiling."""
    filing = _rows().filter(id=filing_id).first()
    if filing is None:
        raise NoSuchFiling
    return filing


def of(member_code: str, guarantee_id: int) -> Filing | None:
    """The filing of a member's guarantee, or None when it was never filed."""
    return _rows().filter(member_code=member_code, guarantee_id=guarantee_id).first()


find = of
"""The filing of a member's guarantee: the name that rooms above use."""


def extended(filing: Filing) -> bool:
    """Whether a confirmed extension goes on where this filing ends."""
    return filing.extended


def chain(filing: Filing) -> list[Filing]:
    """The first of a chain of extensions and all that prolong it, in the order of their drawdowns; alone when none do."""
    first = filing.extends_id or filing.pk
    return list(_rows().filter(Q(pk=first) | Q(extends=first)).order_by("drawdown_on", "id"))


def same_note(filing: Filing) -> QuerySet[Filing]:
    """Other filings with the same drawdown note of the same bank, at any member, those that came to nothing left out."""
    rows = _rows().exclude(pk=filing.pk).exclude(status__in=[Status.WITHDRAWN, Status.VOIDED, Status.REJECTED])
    return rows.filter(bank_code=filing.bank_code, iou_no=filing.iou_no) if filing.iou_no else rows.none()


def released_base(member_code: str, treaty_version: Any, period_from: date, period_to: date, *, annualised: bool) -> int:
    """Released principal (fen, whole loans) of what ended within a period under a treaty version: the base of rate caps.

    `annualised` weighs each loan by the days from drawdown to end over 365, half up to a fen per loan (domain.md 5.6,
    worked example 11). An empty `member_code` takes all members, `treaty_version` a version or its id.
    """
    rows = Filing.objects.filter(
        status=Status.CONFIRMED, treaty_version=treaty_version, ended_on__gte=period_from, ended_on__lte=period_to
    ).exclude(end="")
    if member_code:
        rows = rows.filter(member_code=member_code)
    if not annualised:
        return rows.aggregate(total=Sum("released_principal_fen"))["total"] or 0
    told = rows.values_list("released_principal_fen", "drawdown_on", "ended_on")
    return sum(half_up(fen * max((end - start).days, 0), 365) for fen, start, end in told.iterator() if end)


def timeline(filing_id: int) -> QuerySet[Decision]:
    """Every answer given to a filing, oldest first, with its version."""
    return Decision.objects.filter(filing=filing_id).select_related("treaty_version__treaty").order_by("id")


def same_obligor(filing: Filing) -> QuerySet[Filing]:
    """The obligor's other filings at all members, newest first."""
    return _rows().filter(obligor_key=filing.obligor_key).exclude(id=filing.id).order_by("-id")


def _as_of(as_of: date) -> QuerySet[Filing]:
    """Filings that had arrived by the end of a day, with the answer (`then_*`) they had by then."""
    last = Decision.objects.filter(filing=OuterRef("pk"), on__lte=as_of).order_by("-on", "-id")
    return Filing.objects.filter(submitted_on__lte=as_of).annotate(
        then_coverage=Coalesce(Subquery(last.values("coverage")[:1]), Value(Coverage.UNCOVERED.value)),
        then_guaranteed=Coalesce(Subquery(last.values("guaranteed_fen")[:1]), F("guaranteed_fen")),
        then_ceded=Coalesce(Subquery(last.values("ceded_fen")[:1]), Value(0)),
        then_treaty=Subquery(last.values("treaty_version__treaty")[:1]),
    )


_FIGURES = {"count": Count("id"), "guaranteed_fen": Sum("then_guaranteed"), "ceded_fen": Sum("then_ceded")}


def coverage(as_of: date) -> dict[str, Figures]:
    """All filings by the answer they had at the end of a day; the three add up to the whole.

    `{"COVERED": {"count", "guaranteed_fen", "ceded_fen"}, "PARTLY": {…}, "UNCOVERED": {…}}`, amounts in fen.
    """
    result: dict[str, Figures] = {code: {"count": 0, "guaranteed_fen": 0, "ceded_fen": 0} for code in Coverage.values}
    for row in _as_of(as_of).order_by().values("then_coverage").annotate(**_FIGURES):
        result[row.pop("then_coverage")] = row
    return result


def ceded_in_force(as_of: date) -> list[dict[str, Any]]:
    """Per member, what is ceded of guarantees that run on a day: drawn down, not yet due, covered at least in part.

    Rows `{"member_code", "count", "guaranteed_fen", "ceded_fen"}` in fen, by member. By contract dates: what was
    repaid early shows in the monitored book, not here.
    """
    running = _as_of(as_of).filter(drawdown_on__lte=as_of, due_on__gte=as_of, then_ceded__gt=0)
    return list(running.order_by("member_code").values("member_code").annotate(**_FIGURES))


def by_treaty(as_of: date) -> dict[int, Figures]:
    """Per treaty id, the filings that it covered, at least in part, by the end of a day; figures as in `coverage`."""
    covered = _as_of(as_of).filter(then_ceded__gt=0).order_by().values("then_treaty").annotate(**_FIGURES)
    return {row.pop("then_treaty"): row for row in covered}
