"""How fresh the consolidated book is, and what the nightly comparison found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from registry.tenancy import PROJECTOR, inside
from reguarantee.monitoring.models import Break, Comparison, MarginalDay, Member, Run


@dataclass(frozen=True)
class Freshness:
    """The state of the projection."""

    as_of: date
    """The day the marginals hold for."""
    runs: dict[str, Run]
    """The latest run by step: PROJECT, ROLL, COMPARE."""
    waiting_seconds: float | None
    """Age of the oldest change that is not projected yet; None when nothing waits."""
    backlog: int
    """Guarantees still to be read again in bulk, counted up to 10,000."""
    troubled: list[Member]
    """Members whose views could not be read at the last try."""
    comparison: Comparison | None


def freshness() -> Freshness:
    """Read the run log and what waits. Cheap enough for every page."""
    # Notes of changes belong to no house; only the projector's role may read them.
    with inside(PROJECTOR), connection.cursor() as cursor:
        cursor.execute("select extract(epoch from clock_timestamp() - min(at))::float8 from public.reported_change")
        waiting = cursor.fetchone()[0]
        cursor.execute("select count(*) from (select from monitoring_backlog limit 10000) b")
        backlog = cursor.fetchone()[0]
    runs = {run.step: run for run in Run.objects.all()}
    return Freshness(
        as_of=MarginalDay.objects.get().as_of,
        runs=runs,
        waiting_seconds=waiting,
        backlog=backlog,
        troubled=list(Member.objects.exclude(trouble="").order_by("code")),
        comparison=Comparison.objects.order_by("-at").first(),
    )


def comparisons() -> QuerySet[Comparison]:
    """All comparisons, the latest first."""
    return Comparison.objects.order_by("-at")


def breaks(comparison_id: int) -> QuerySet[Break]:
    """The rows that differed in one comparison."""
    return Break.objects.filter(comparison_id=comparison_id).order_by("where", "member_code", "guarantee_id", "key")
