"""The verbs of treaties: draft, revise, publish, end, and set a line. The only writers of treaties."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from reguarantee.treaties.engine import BadTerms, Terms, read_terms
from reguarantee.treaties.flow import TREATY
from reguarantee.treaties.lines import hold
from reguarantee.treaties.models import EVERY_MEMBER, Line, Treaty, TreatyVersion

_CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{1,39}$")
_MEMBER = re.compile(r"^[A-Z][A-Z0-9]{1,19}$")
_ONE_DAY = timedelta(days=1)


class BadTreaty(Invalid):
    code = "BAD_TREATY"
    sentence = gettext_noop("The treaty's data are not valid.")


class TreatyExists(Conflict):
    code = "TREATY_EXISTS"
    sentence = gettext_noop("There is a treaty %(code)s already. Revise it, or choose another code.")


class NoSuchTreaty(NotFound):
    code = "NO_SUCH_TREATY"
    sentence = gettext_noop("There is no treaty %(code)s.")


class NoSuchVersion(NotFound):
    code = "NO_SUCH_TREATY_VERSION"
    sentence = gettext_noop("There is no such version of a treaty.")


class VersionPublished(Conflict):
    code = "VERSION_PUBLISHED"
    sentence = gettext_noop("Version %(version)s of treaty %(code)s is published and cannot change. Revise the treaty.")


class VersionsOverlap(Conflict):
    code = "VERSIONS_OVERLAP"
    sentence = gettext_noop("Version %(other)s of treaty %(code)s is in force from %(first)s. A new version must begin later.")


class TreatyEnded(Conflict):
    code = "TREATY_ENDED"
    sentence = gettext_noop("Treaty %(code)s has ended. Draft a new one.")


class EndsTooEarly(Invalid):
    code = "ENDS_TOO_EARLY"
    sentence = gettext_noop("The last version is in force from %(first)s, so the treaty cannot end before that day.")


class LineBelowUse(Conflict):
    code = "LINE_BELOW_USE"
    sentence = gettext_noop("%(used)s fen of this line are used or reserved already; it cannot be less.")


@transaction.atomic
def draft(
    *,
    actor: Any,
    today: date,
    code: str,
    title: str,
    members: Sequence[str],
    terms: Mapping[str, Any],
    above_limits: str = TreatyVersion.AboveLimits.REVIEW,
    rank: int = 100,
) -> TreatyVersion:
    """Write down a new treaty as its first version, not yet in force.

    `members` are member codes, or `["*"]` for all; `terms` is the document of design.md 5 (its `code` and `version` are
    filled in). The period comes from `terms.attaches`; without a first day it begins today. Raises BadTreaty, BadTerms,
    TreatyExists.
    """
    if not _CODE.match(code):
        raise BadTreaty(gettext_noop("A treaty's code has capital letters, digits and hyphens."), field="code")
    if Treaty.objects.filter(code=code).exists():
        raise TreatyExists(field="code", code=code)
    treaty = Treaty(code=code)
    _describe(treaty, title=title, members=members, rank=rank)
    version = TreatyVersion(treaty=treaty, version=1)
    _word(version, actor=actor, today=today, terms=terms, above_limits=above_limits)
    treaty.save()
    version.save()
    _note(actor, "treaties.draft", version)
    return version


@transaction.atomic
def revise(
    *,
    actor: Any,
    today: date,
    code: str,
    terms: Mapping[str, Any],
    title: str | None = None,
    members: Sequence[str] | None = None,
    above_limits: str | None = None,
    rank: int | None = None,
) -> TreatyVersion:
    """Change the open draft of a treaty, or open the next version. What is published, and attached, stays as it is.

    What is left out stays as in the version before. Raises NoSuchTreaty, TreatyEnded, BadTreaty, BadTerms.
    """
    treaty = _treaty(code)
    if treaty.status == Treaty.Status.ENDED:
        raise TreatyEnded(code=code)
    latest = treaty.versions.order_by("-version").first()
    if latest is None or latest.is_published:
        number = (treaty.versions.aggregate(last=Max("version"))["last"] or 0) + 1
        version = TreatyVersion(treaty=treaty, version=number)
    else:
        version = latest
    if above_limits is None:
        above_limits = latest.above_limits if latest else TreatyVersion.AboveLimits.REVIEW
    _describe(
        treaty,
        title=treaty.title if title is None else title,
        members=treaty.members if members is None else members,
        rank=treaty.rank if rank is None else rank,
    )
    _word(version, actor=actor, today=today, terms=terms, above_limits=above_limits)
    treaty.save()
    version.save()
    _note(actor, "treaties.revise", version)
    return version


@transaction.atomic
def publish(*, actor: Any, today: date, version_id: int) -> TreatyVersion:
    """Put a drafted version in force for drawdowns of its period; from then on it cannot change.

    The version that is in force when this one begins ends the day before. Raises NoSuchVersion, VersionPublished,
    TreatyEnded (WRONG_STATE) and VersionsOverlap.
    """
    found = TreatyVersion.objects.select_related("treaty").filter(id=version_id).first()
    if found is None:
        raise NoSuchVersion
    treaty = _treaty(found.treaty.code)
    version = TreatyVersion.objects.select_for_update().get(id=version_id)
    version.treaty = treaty
    if version.is_published:
        raise VersionPublished(code=treaty.code, version=version.version)
    if treaty.status == Treaty.Status.ENDED:
        raise TreatyEnded(code=treaty.code)
    _make_way(version)
    version.published_on, version.published_by = today, actor.label
    version.save(update_fields=["published_on", "published_by"])
    TREATY.move(treaty, "publish")
    treaty.save(update_fields=["status"])
    _note(actor, "treaties.publish", version)
    return version


def _make_way(version: TreatyVersion) -> None:
    """End the version before this one the day before it begins. Raises VersionsOverlap."""
    overlapping = version.treaty.versions.filter(published_on__isnull=False).filter(
        Q(effective_to=None) | Q(effective_to__gte=version.effective_from)
    )
    if version.effective_to is not None:
        overlapping = overlapping.filter(effective_from__lte=version.effective_to)
    for other in overlapping.order_by("effective_from"):
        if other.effective_from >= version.effective_from:
            raise VersionsOverlap(code=version.treaty.code, other=other.version, first=other.effective_from)
        other.effective_to = version.effective_from - _ONE_DAY
        other.save(update_fields=["effective_to"])


@transaction.atomic
def end(*, actor: Any, today: date, code: str, on: date) -> Treaty:
    """End a treaty with `on` as the last day on which a drawdown attaches. What is attached stays attached.

    Raises NoSuchTreaty, WrongState, EndsTooEarly.
    """
    treaty = _treaty(code)
    TREATY.move(treaty, "end")
    last = treaty.versions.filter(published_on__isnull=False).order_by("-effective_from").first()
    if last is not None and on < last.effective_from:
        raise EndsTooEarly(field="on", first=last.effective_from)
    if last is not None and (last.effective_to is None or last.effective_to > on):
        last.effective_to = on
        last.save(update_fields=["effective_to"])
    treaty.ended_on = on
    treaty.save(update_fields=["status", "ended_on"])
    audit.leave(actor=actor, act="treaties.end", subject=f"treaty:{treaty.id}", facts={"code": code, "on": on})
    return treaty


@transaction.atomic
def set_line(*, actor: Any, today: date, code: str, member_code: str, year: int, line_fen: int | None) -> Line:
    """Set how much may be ceded under a treaty in a calendar year of drawdown; None takes the limit away.

    `member_code` `*` is the line that all members share. What was ceded before the line was set counts. Raises
    NoSuchTreaty, BadTreaty, LineBelowUse.
    """
    treaty = _treaty(code)
    if member_code != EVERY_MEMBER and not _MEMBER.match(member_code):
        raise BadTreaty(gettext_noop("“%(member)s” is not a member's code."), field="member_code", member=member_code)
    if line_fen is not None and line_fen < 0:
        raise BadTreaty(gettext_noop("A line cannot be below nothing."), field="line_fen")
    rows = hold(treaty_id=treaty.id, member_code=member_code, year=year).rows
    line = next(row for row in rows if row.member_code == member_code)
    taken = line.used_fen + line.reserved_fen
    if line_fen is not None and line_fen < taken:
        raise LineBelowUse(field="line_fen", used=taken)
    line.line_fen = line_fen
    line.save(update_fields=["line_fen"])
    facts = {"code": code, "member": member_code, "year": year, "line_fen": line_fen}
    audit.leave(actor=actor, act="treaties.set_line", subject=f"treaty:{treaty.id}", facts=facts)
    return line


def _treaty(code: str) -> Treaty:
    treaty = Treaty.objects.select_for_update(no_key=True).filter(code=code).first()
    if treaty is None:
        raise NoSuchTreaty(code=code)
    return treaty


def _describe(treaty: Treaty, *, title: str, members: Sequence[str], rank: int) -> None:
    if not title.strip():
        raise BadTreaty(gettext_noop("A treaty needs a title."), field="title")
    codes = list(dict.fromkeys(members))
    if not codes or (codes != [EVERY_MEMBER] and not all(_MEMBER.match(code) for code in codes)):
        raise BadTreaty(gettext_noop("Name the members by their codes, or * alone for all."), field="members")
    treaty.title, treaty.members, treaty.rank = title.strip(), codes, rank


def _word(version: TreatyVersion, *, actor: Any, today: date, terms: Mapping[str, Any], above_limits: str) -> None:
    """Set the wording of a draft. Raises BadTerms."""
    read = _read({**terms, "code": version.treaty.code, "version": version.version})
    if above_limits not in TreatyVersion.AboveLimits.values:
        raise BadTreaty(gettext_noop("Say what happens above a limit: REVIEW or PART."), field="above_limits")
    version.terms = json.dumps(read.document, ensure_ascii=False)
    version.above_limits = above_limits
    version.effective_from = read.attaches_from or today
    version.effective_to = read.attaches_to
    if version.effective_to is not None and version.effective_to < version.effective_from:
        raise BadTerms(gettext_noop("The period ends before it begins."), field="attaches.to")
    version.drafted_by = actor.label


def _read(document: Mapping[str, Any]) -> Terms:
    """Read terms that a filing can attach to: a filing knows its drawdown, no other deciding day."""
    read = read_terms(document)
    if (read.document.get("attaches") or {}).get("by", "drawdown") != "drawdown":
        raise BadTerms(gettext_noop("Guarantees attach by their drawdown here."), field="attaches.by")
    return read


def _note(actor: Any, act: str, version: TreatyVersion) -> None:
    facts = {
        "code": version.treaty.code,
        "version": version.version,
        "from": version.effective_from,
        "to": version.effective_to,
    }
    audit.leave(actor=actor, act=act, subject=f"treaty:{version.treaty.id}", facts=facts)
