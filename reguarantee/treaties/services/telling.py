"""Telling members what they may know of their agreements: the letter AGREEMENT_TOLD (AGR-23).

A member's letter shows its own line only. What is left of the line that all share, and what others took, is not for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.letters import AgreementTold
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import current
from reguarantee.treaties.models import EVERY_MEMBER, Line, Treaty, TreatyVersion

NEAR, FULL = (4, 5), (1, 1)
"""A member hears of its use when it passes 80 % and when the line is full; in between once a night."""


def members_of(treaty: Treaty) -> list[str]:
    """The open houses of those who take part, or did: what they attached keeps running."""
    houses = [member.code for member in registry.members()]
    if treaty.members == [EVERY_MEMBER]:
        return houses
    concerned = {*treaty.members, *treaty.left}
    return [code for code in houses if code in concerned]


def tell_all(version: TreatyVersion, *, today: date, only: str = "") -> None:
    """Tell all members concerned (not who left before it begins), or `only` one of them, how a published version stands."""
    first, left = version.effective_from.isoformat(), version.treaty.left
    members = [code for code in members_of(version.treaty) if code == only or (not only and left.get(code, first) >= first)]
    _post(version, members, _year(version, today))


def tell_line(line: Line) -> None:
    """Tell a member how its own line of a year stands, with the latest version of that year; drafts are not told."""
    if line.member_code == EVERY_MEMBER:
        return
    treaty = Treaty.objects.get(id=line.treaty_id)
    version = (
        treaty.versions.filter(published_on__isnull=False, effective_from__year__lte=line.year)
        .order_by("-effective_from")
        .first()
    )
    if version is not None and line.member_code in members_of(treaty):
        version.treaty = treaty
        _post(version, [line.member_code], line.year, {line.member_code: line})


@transaction.atomic
def tell_uses(*, actor: Any, today: date) -> int:
    """Nightly: tell every member how far its lines of this year are used. Returns how many letters were posted."""
    told = 0
    versions = TreatyVersion.objects.filter(published_on__isnull=False, effective_from__lte=today)
    latest = versions.filter(treaty__status=Treaty.Status.ACTIVE).order_by("treaty_id", "-effective_from").distinct("treaty_id")
    for version in latest.select_related("treaty"):
        used = {line.member_code for line in Line.objects.filter(treaty=version.treaty, year=today.year)}
        members = [code for code in members_of(version.treaty) if code in used]
        _post(version, members, today.year)
        told += len(members)
    if told:
        audit.leave(actor=actor, act="treaties.tell_uses", subject="treaties", facts={"on": today, "letters": told})
    return told


def crossed(line: Line, taken_before: int) -> bool:
    """Whether the use of a member's own line passed 80 % or the whole of it, up or down."""
    if line.line_fen is None or line.member_code == EVERY_MEMBER:
        return False
    taken = line.used_fen + line.reserved_fen
    return any((taken_before * per >= line.line_fen * of) != (taken * per >= line.line_fen * of) for of, per in (NEAR, FULL))


def _year(version: TreatyVersion, today: date) -> int:
    """The calendar year of lines that matters to the reader: today's, or the nearest in the version's period."""
    last = version.effective_to.year if version.effective_to else today.year
    return max(version.effective_from.year, min(today.year, last))


def _post(version: TreatyVersion, members: Iterable[str], year: int, known: dict[str, Line] | None = None) -> None:
    treaty, members = version.treaty, list(members)
    lines = known
    if lines is None:
        rows = Line.objects.filter(treaty=treaty, year=year, member_code__in=members)
        lines = {line.member_code: line for line in rows}
    for code in members:
        line = lines.get(code)
        letter = AgreementTold(
            code=treaty.code,
            treaty_version=version.version,
            title=treaty.title,
            status=treaty.status,
            effective_from=version.effective_from,
            effective_to=_last_day(version, code),
            terms=version.terms,
            year=year,
            line_fen=line.line_fen if line else None,
            used_fen=line.used_fen if line else 0,
            reserved_fen=line.reserved_fen if line else 0,
        )
        outbox.post(letter, sender=current().code, to=code, subject=f"treaty:{treaty.code}")


def _last_day(version: TreatyVersion, member: str) -> date | None:
    """The last day on which a drawdown of this member attaches: the version's, or the day it left."""
    days = [version.effective_to] if version.effective_to else []
    if member in version.treaty.left:
        days.append(date.fromisoformat(version.treaty.left[member]))
    return min(days, default=None)
