"""Writing a treaty down: draft, revise, renew. What a published version says is never touched."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from reguarantee.treaties.engine import BadTerms, Terms, read_terms
from reguarantee.treaties.flow import WORDING
from reguarantee.treaties.models import EVERY_MEMBER, Treaty, TreatyVersion

_CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{1,39}$")
MEMBER = re.compile(r"^[A-Z][A-Z0-9]{1,19}$")
OBLIGOR_KINDS = ("COMPANY", "PERSON", "LARGE", "MEDIUM", "SMALL", "MICRO", "FARMER", "AGRICULTURE")
"""What a scope may name in `obligor_kinds`: by law, by size class, farmers, and 三农 (AGR-15)."""
ONE_DAY = timedelta(days=1)
_NAME = 200


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


class TreatyEnded(Conflict):
    code = "TREATY_ENDED"
    sentence = gettext_noop("Treaty %(code)s has ended. Draft a new one.")


class InForce(Conflict):
    """Who takes part, and which treaty goes first, would change at once and unapproved."""

    code = "TREATY_IN_FORCE"
    sentence = gettext_noop(
        "Treaty %(code)s is in force. Members join and leave it by their admission; for another list of members or another"
        " rank, draft a new treaty."
    )


class NeverPublished(Conflict):
    code = "NEVER_PUBLISHED"
    sentence = gettext_noop("Treaty %(code)s has never been in force. Revise its draft instead of renewing it.")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is agreed beside the executable terms. None leaves what was agreed before (AGR-01, AGR-03, AGR-12).

    `number` is the paper's, `party_names` maps parties of the terms to institutions, `target_fen` is the volume agreed per
    year, `notice_days` says how long before its last day a treaty is listed as expiring.
    """

    number: str | None = None
    party_names: Mapping[str, str] | None = None
    target_fen: int | None = None
    notice_days: int | None = None
    renewal_of: str = ""
    keep: bool = field(default=True)
    """Whether what is left out stays as it was; a form that shows everything says False."""


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
    facts: Facts | None = None,
) -> TreatyVersion:
    """Write down a new treaty as its first version, not yet in force.

    `members` are member codes, or `["*"]` for all; `terms` is the document of design.md 5 (its `code` and `version` are
    filled in). The period comes from `terms.attaches`; without a first day it begins today. Raises BadTreaty, BadTerms,
    TreatyExists.
    """
    allowed(actor, "treaties.edit")
    if not _CODE.match(code):
        raise BadTreaty(gettext_noop("A treaty's code has capital letters, digits and hyphens."), field="code")
    if Treaty.objects.filter(code=code).exists():
        raise TreatyExists(field="code", code=code)
    treaty = Treaty(code=code)
    _describe(treaty, title=title, members=members, rank=rank)
    version = TreatyVersion(treaty=treaty, version=1)
    _agree(version, facts or Facts())
    _word(version, actor=actor, today=today, terms=terms, above_limits=above_limits)
    treaty.save()
    version.save()
    note(actor, "treaties.draft", version)
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
    facts: Facts | None = None,
) -> TreatyVersion:
    """Change the open draft of a treaty, or open the next version. What is published, and attached, stays as it is.

    What is left out stays as in the version before. A draft that was handed in or approved is a plain draft again: an
    approval is of a wording. Members and rank are the treaty's, not a version's, so they stay once it is in force. Raises
    NoSuchTreaty, TreatyEnded, InForce, BadTreaty, BadTerms.
    """
    allowed(actor, "treaties.edit")
    treaty = locked(code)
    if treaty.status == Treaty.Status.ENDED:
        raise TreatyEnded(code=code)
    if treaty.status == Treaty.Status.ACTIVE:
        for name, said in (("members", None if members is None else codes(members)), ("rank", rank)):
            if said is not None and said != getattr(treaty, name):
                raise InForce(field=name, code=code)
    latest = treaty.versions.order_by("-version").first()
    if latest is None or latest.is_published:
        number = (treaty.versions.aggregate(last=Max("version"))["last"] or 0) + 1
        version = TreatyVersion(treaty=treaty, version=number)
        if latest is not None:
            version.party_names, version.target_fen = latest.party_names, latest.target_fen
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
    WORDING.move(version, "revise")
    version.submitted_on = version.approved_on = version.approved_by_id = None
    version.approved_by = ""
    version.treaty = treaty
    _agree(version, facts or Facts())
    _word(version, actor=actor, today=today, terms=terms, above_limits=above_limits)
    treaty.save()
    version.save()
    note(actor, "treaties.revise", version)
    return version


@transaction.atomic
def renew(*, actor: Any, today: date, code: str, new_code: str, first: date, last: date | None) -> TreatyVersion:
    """Draft the treaty that follows one: the latest published wording, its parties and members, for a new period.

    Who has left the old one takes no part in the new one, also where that is for all. The old one stays as it is and runs
    out, or is ended, by itself. Raises NoSuchTreaty, NeverPublished, and what `draft` raises.
    """
    treaty = locked(code)
    source = treaty.versions.filter(published_on__isnull=False).order_by("-effective_from").first()
    if source is None:
        raise NeverPublished(code=code)
    terms = json.loads(source.terms)
    until = None if last is None else last.isoformat()
    terms["attaches"] = {**(terms.get("attaches") or {}), "from": first.isoformat(), "to": until}
    made = draft(
        actor=actor,
        today=today,
        code=new_code,
        title=treaty.title,
        members=treaty.members,
        terms=terms,
        above_limits=source.above_limits,
        rank=treaty.rank,
        facts=Facts(
            party_names=source.party_names, target_fen=source.target_fen, notice_days=treaty.notice_days, renewal_of=code
        ),
    )
    made.treaty.left = treaty.left
    made.treaty.save(update_fields=["left"])
    return made


def allowed(actor: Any, code: str) -> None:
    """A person needs the permission; a letter's reader or another room's verb has been let in by its own door."""
    if actor.id is not None:
        check(actor, code)


def locked(code: str) -> Treaty:
    """The treaty's row, locked. Raises NoSuchTreaty."""
    treaty = Treaty.objects.select_for_update(no_key=True).filter(code=code).first()
    if treaty is None:
        raise NoSuchTreaty(code=code)
    return treaty


def note(actor: Any, act: str, version: TreatyVersion, **more: Any) -> None:
    """Leave the audit line of a verb on a version."""
    facts = {
        "code": version.treaty.code,
        "version": version.version,
        "from": version.effective_from,
        "to": version.effective_to,
        **more,
    }
    audit.leave(actor=actor, act=act, subject=f"treaty:{version.treaty.id}", facts=facts)


def codes(members: Sequence[str]) -> list[str]:
    """Member codes as a treaty lists them. Raises BadTreaty."""
    found = list(dict.fromkeys(members))
    if not found or (found != [EVERY_MEMBER] and not all(MEMBER.match(code) for code in found)):
        raise BadTreaty(gettext_noop("Name the members by their codes, or * alone for all."), field="members")
    return found


def _describe(treaty: Treaty, *, title: str, members: Sequence[str], rank: int) -> None:
    if not title.strip():
        raise BadTreaty(gettext_noop("A treaty needs a title."), field="title")
    treaty.title, treaty.members, treaty.rank = title.strip(), codes(members), rank


def _agree(version: TreatyVersion, facts: Facts) -> None:
    """Set what is agreed beside the terms. Raises BadTreaty, NoSuchTreaty."""
    if facts.target_fen is not None and facts.target_fen < 0:
        raise BadTreaty(gettext_noop("A volume cannot be below nothing."), field="target_fen")
    if facts.number is not None:
        version.number = facts.number.strip()
    if facts.party_names is not None:
        version.party_names = {party: name.strip() for party, name in facts.party_names.items() if name.strip()}
    if facts.target_fen is not None or not facts.keep:
        version.target_fen = facts.target_fen
    if facts.notice_days is not None:
        version.treaty.notice_days = facts.notice_days
    if facts.renewal_of:
        version.treaty.renewal_of = locked(facts.renewal_of)


def _word(version: TreatyVersion, *, actor: Any, today: date, terms: Mapping[str, Any], above_limits: str) -> None:
    """Set the wording of a draft. Raises BadTerms, BadTreaty."""
    read = _read({**terms, "code": version.treaty.code, "version": version.version})
    if above_limits not in TreatyVersion.AboveLimits.values:
        raise BadTreaty(gettext_noop("Say what happens above a limit: REVIEW or PART."), field="above_limits")
    version.terms = json.dumps(read.document, ensure_ascii=False)
    version.above_limits = above_limits
    version.effective_from = read.attaches_from or today
    version.effective_to = read.attaches_to
    if version.effective_to is not None and version.effective_to < version.effective_from:
        raise BadTerms(gettext_noop("The period ends before it begins."), field="attaches.to")
    version.party_names = _named(version.party_names, read)
    version.drafted_by, version.drafted_by_id = actor.label, actor.id


def _named(names: Mapping[str, str], read: Terms) -> dict[str, str]:
    """The names of those that are still parties. Raises BadTreaty."""
    if any(len(name) > _NAME for name in names.values()):
        raise BadTreaty(gettext_noop("A party's name is too long."), field="party_names")
    return {party: names[party] for party in read.parties if party in names}


def _read(document: Mapping[str, Any]) -> Terms:
    """Read terms that a filing can attach to: a filing knows its drawdown, no other deciding day."""
    read = read_terms(document)
    if (read.document.get("attaches") or {}).get("by", "drawdown") != "drawdown":
        raise BadTerms(gettext_noop("Guarantees attach by their drawdown here."), field="attaches.by")
    for n, kind in enumerate(read.scope.get("obligor_kinds") or ()):
        if kind not in OBLIGOR_KINDS:
            sentence = gettext_noop("“%(value)s” is not one of %(allowed)s.")
            raise BadTerms(sentence, field=f"scope.obligor_kinds[{n}]", value=kind, allowed=", ".join(OBLIGOR_KINDS))
    return read
