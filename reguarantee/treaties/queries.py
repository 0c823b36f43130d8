"""Reads of treaties. Lists are QuerySets; the number of statements does not grow with the rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import DateField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from reguarantee.treaties.engine import Terms, read_terms
from reguarantee.treaties.models import EVERY_MEMBER, Line, Scenario, Treaty, TreatyVersion
from reguarantee.treaties.services import NoSuchScenario, NoSuchTreaty, NoSuchVersion
from reguarantee.treaties.summary import sentences

__all__ = [
    "ABOVE_LIMITS",
    "STATES",
    "STATUSES",
    "agreed",
    "expiring",
    "get",
    "in_force",
    "lines",
    "listing",
    "renewals",
    "scenario",
    "scenarios",
    "summary",
    "terms_of",
    "version",
    "versions",
    "waiting",
    "waiting_count",
]


STATUSES = Treaty.Status.choices
STATES = TreatyVersion.State.choices
ABOVE_LIMITS = TreatyVersion.AboveLimits.choices


@lru_cache(maxsize=512)
def _terms(text: str) -> Terms:
    return read_terms(json.loads(text))


def terms_of(version: TreatyVersion) -> Terms:
    """The version's terms, ready for the engine. Read once per wording."""
    return _terms(version.terms)


def summary(version: TreatyVersion) -> list[str]:
    """The terms in sentences of the active language, ready to show."""
    return sentences(version)


def in_force(*, member_code: str, on: date) -> list[TreatyVersion]:
    """The published versions that a drawdown of this member on this day could attach to, the one to try first, first.

    Goes by the versions' periods alone: what an ended treaty covered on an earlier day, it still covers.
    """
    found = (
        TreatyVersion.objects.select_related("treaty")
        .filter(published_on__isnull=False, effective_from__lte=on)
        .filter(Q(effective_to=None) | Q(effective_to__gte=on))
        .filter(_takes_part("treaty__", member_code))
        .order_by("treaty__rank", "treaty__code")
    )
    # Who has left attaches no more, but what it drew down before still does.
    return [version for version in found if on.isoformat() <= version.treaty.left.get(member_code, on.isoformat())]


def _takes_part(prefix: str, member_code: str) -> Q:
    """Treaties that a member takes part in, or did."""
    return (
        Q(**{f"{prefix}members__contains": [member_code]})
        | Q(**{f"{prefix}members__contains": [EVERY_MEMBER]})
        | Q(**{f"{prefix}left__has_key": member_code})
    )


def listing(*, today: date, status: str = "", member_code: str = "", q: str = "") -> QuerySet[Treaty]:
    """Treaties with the version in force and this year's figures.

    Adds `current_version`, `current_from`, `current_to` (None when none is in force today), `last_day`, `number`,
    `signed_on` and `target_fen` of the latest published version, and, in fen, `line_fen`,
    `used_fen`, `reserved_fen`, `left_fen`: of the line all members share, else of the members' own lines together;
    `line_fen` and `left_fen` are None where no limit is set.
    """
    current = (
        TreatyVersion.objects.filter(treaty=OuterRef("pk"), published_on__isnull=False, effective_from__lte=today)
        .filter(Q(effective_to=None) | Q(effective_to__gte=today))
        .order_by("-version")
    )
    last = TreatyVersion.objects.filter(treaty=OuterRef("pk"), published_on__isnull=False).order_by("-effective_from")
    of_year = Line.objects.filter(treaty=OuterRef("pk"), year=today.year)
    shared = of_year.filter(member_code=EVERY_MEMBER)
    limited = of_year.exclude(member_code=EVERY_MEMBER).filter(line_fen__isnull=False).order_by().values("treaty")
    left = F("line_fen") - F("used_fen") - F("reserved_fen")
    rows = Treaty.objects.annotate(
        current_version=Subquery(current.values("version")[:1]),
        current_from=Subquery(current.values("effective_from")[:1]),
        current_to=Subquery(current.values("effective_to")[:1]),
        last_day=Subquery(last.values("effective_to")[:1]),
        number=Subquery(last.values("number")[:1]),
        signed_on=Subquery(last.values("signed_on")[:1]),
        target_fen=Subquery(last.values("target_fen")[:1]),
        line_fen=Coalesce(Subquery(shared.values("line_fen")[:1]), Subquery(limited.annotate(sum=Sum("line_fen")).values("sum"))),
        used_fen=Coalesce(Subquery(shared.values("used_fen")[:1]), Value(0)),
        reserved_fen=Coalesce(Subquery(shared.values("reserved_fen")[:1]), Value(0)),
        left_fen=Coalesce(
            Subquery(shared.filter(line_fen__isnull=False).annotate(left=left).values("left")[:1]),
            Subquery(limited.annotate(sum=Sum(left)).values("sum")),
        ),
    )
    if status:
        rows = rows.filter(status=status)
    if member_code:
        rows = rows.filter(_takes_part("", member_code))
    if q:
        rows = rows.filter(Q(code__icontains=q) | Q(title__icontains=q))
    return rows


def expiring(*, today: date) -> QuerySet[Treaty]:
    """Treaties in effect that come to their last day within their notice, or have passed it, and that none renews (AGR-01).

    Adds what `listing` adds; the one that ends first comes first.
    """
    near = ExpressionWrapper(Value(today) + F("notice_days"), output_field=DateField())
    rows = listing(today=today, status=Treaty.Status.ACTIVE).annotate(near=near)
    return rows.filter(last_day__lte=F("near"), renewals=None).order_by("last_day", "code")


def renewals(code: str) -> QuerySet[Treaty]:
    """The treaties that renew this one."""
    return Treaty.objects.filter(renewal_of__code=code)


def waiting() -> QuerySet[TreatyVersion]:
    """The drafts that wait for approval, the longest waiting first."""
    rows = TreatyVersion.objects.filter(state=TreatyVersion.State.IN_APPROVAL).select_related("treaty")
    return rows.order_by("submitted_on", "id")


def waiting_count() -> int:
    """How many drafts wait for approval."""
    return waiting().count()


def scenarios() -> QuerySet[Scenario]:
    """The what-if runs that somebody kept, newest first."""
    return Scenario.objects.all()


def scenario(scenario_id: int) -> Scenario:
    """One kept run. Raises NoSuchScenario."""
    found = Scenario.objects.filter(id=scenario_id).first()
    if found is None:
        raise NoSuchScenario
    return found


def get(code: str) -> Treaty:
    """One treaty. Raises NoSuchTreaty."""
    treaty = Treaty.objects.filter(code=code).first()
    if treaty is None:
        raise NoSuchTreaty(code=code)
    return treaty


def version(version_id: int) -> TreatyVersion:
    """One version with its treaty. Raises NoSuchVersion."""
    found = TreatyVersion.objects.select_related("treaty").filter(id=version_id).first()
    if found is None:
        raise NoSuchVersion
    return found


def versions(code: str) -> QuerySet[TreatyVersion]:
    """All versions of a treaty, newest first."""
    return TreatyVersion.objects.select_related("treaty").filter(treaty__code=code).order_by("-version")


def agreed(*, years: Iterable[int], treaty_code: str = "", member_code: str = "") -> list[dict[str, Any]]:
    """What was agreed for calendar years: rows {"treaty", "member", "year", "line_fen", "target_fen", "taken_fen"} in fen.

    One row per line, and one with member `*` for the volume that the version in force at the year's end names; an agreement
    that begins or ends in the year counts whole. Two statements.
    """
    wanted = sorted(years)
    rows = Line.objects.filter(year__in=wanted).select_related("treaty")
    versions = TreatyVersion.objects.filter(published_on__isnull=False, target_fen__isnull=False).select_related("treaty")
    if treaty_code:
        rows, versions = rows.filter(treaty__code=treaty_code), versions.filter(treaty__code=treaty_code)
    if member_code:
        rows, versions = rows.filter(member_code=member_code), versions.none()
    found = [
        {"treaty": row.treaty.code, "member": row.member_code, "year": row.year, "line_fen": row.line_fen,
         "target_fen": row.target_fen, "taken_fen": row.used_fen + row.reserved_fen}
        for row in rows
    ]  # fmt: skip
    latest: dict[tuple[str, int], TreatyVersion] = {}
    for one in versions.order_by("effective_from"):
        last = one.effective_to.year if one.effective_to else wanted[-1] if wanted else 0
        latest |= {(one.treaty.code, year): one for year in wanted if one.effective_from.year <= year <= last}
    return found + [
        {"treaty": code, "member": EVERY_MEMBER, "year": year, "line_fen": None, "target_fen": one.target_fen, "taken_fen": 0}
        for (code, year), one in latest.items()
    ]


def lines(code: str, year: int) -> QuerySet[Line]:
    """The lines of a treaty in a year, the shared one first; `.left_fen` is what may still be ceded."""
    return Line.objects.filter(treaty__code=code, year=year).order_by("member_code")
