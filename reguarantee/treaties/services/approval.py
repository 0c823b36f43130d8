"""From a draft to a published version: handed in by its author, approved by somebody else, signed (AGR-01)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from kernel.errors import Conflict, Invalid, NotAllowed, gettext_noop
from kernel.notices import services as notices
from reguarantee.treaties.flow import TREATY, WORDING
from reguarantee.treaties.models import Treaty, TreatyVersion
from reguarantee.treaties.services.drafts import ONE_DAY, NoSuchVersion, TreatyEnded, allowed, locked, note
from reguarantee.treaties.services.telling import tell_all

APPROVER = "GROUP_EXECUTIVE"
"""The post that hears of what waits for approval."""


class VersionPublished(Conflict):
    code = "VERSION_PUBLISHED"
    sentence = gettext_noop("Version %(version)s of treaty %(code)s is published and cannot change. Revise the treaty.")


class VersionsOverlap(Conflict):
    code = "VERSIONS_OVERLAP"
    sentence = gettext_noop("Version %(other)s of treaty %(code)s is in force from %(first)s. A new version must begin later.")


class OwnWording(NotAllowed):
    code = "OWN_WORDING"
    sentence = gettext_noop("You wrote this wording yourself. Another person must approve it.")


class WordingChanged(Conflict):
    code = "WORDING_CHANGED"
    sentence = gettext_noop("The wording has changed since you opened it. Read it again, then decide.")


class NotApproved(Conflict):
    code = "TREATY_NOT_APPROVED"
    sentence = gettext_noop(
        "Version %(version)s of treaty %(code)s is not approved. Hand it in; another person than its author approves it."
    )


class NoReason(Invalid):
    code = "NO_REASON"
    sentence = gettext_noop("Say why it goes back.")


class SignedLater(Invalid):
    code = "SIGNED_LATER"
    sentence = gettext_noop("The day of signing cannot be in the future.")


@transaction.atomic
def submit(*, actor: Any, today: date, version_id: int) -> TreatyVersion:
    """Hand a draft in for approval; those who approve hear of it. Raises NoSuchVersion, WrongState."""
    allowed(actor, "treaties.edit")
    version = _locked(version_id)
    WORDING.move(version, "submit")
    version.submitted_on, version.opinion = today, ""
    version.save(update_fields=["state", "submitted_on", "opinion"])
    treaty = version.treaty
    sentence = gettext_noop("Treaty %(code)s, version %(version)s, waits for your approval.")
    facts = {"code": treaty.code, "version": version.version}
    notices.tell(sentence=sentence, facts=facts, url=f"/treaties/{treaty.code}/?version={version.version}", post=APPROVER)
    note(actor, "treaties.submit", version)
    return version


@transaction.atomic
def approve(*, actor: Any, today: date, version_id: int, seen: str = "", opinion: str = "") -> TreatyVersion:
    """Approve the wording that one has read. Not one's own (design.md 7).

    `seen` is the `digest` of the version on the approver's page: a draft that was revised meanwhile is not approved
    unread. Raises NoSuchVersion, WrongState, OwnWording, WordingChanged.
    """
    allowed(actor, "treaties.approve")
    version = _locked(version_id)
    _other(version, actor)
    if seen and seen != version.digest:
        raise WordingChanged
    WORDING.move(version, "approve")
    version.approved_on, version.approved_by, version.approved_by_id = today, actor.label, actor.id
    version.opinion = opinion.strip()
    version.save(update_fields=["state", "approved_on", "approved_by", "approved_by_id", "opinion"])
    _tell_author(version, gettext_noop("Treaty %(code)s, version %(version)s, is approved. It can be signed."))
    note(actor, "treaties.approve", version, opinion=version.opinion)
    return version


@transaction.atomic
def send_back(*, actor: Any, today: date, version_id: int, opinion: str) -> TreatyVersion:
    """Give a draft back to its author with the reason. Raises NoSuchVersion, WrongState, NoReason."""
    allowed(actor, "treaties.approve")
    version = _locked(version_id)
    if not opinion.strip():
        raise NoReason(field="opinion")
    WORDING.move(version, "return")
    version.opinion = opinion.strip()
    version.submitted_on = version.approved_on = version.approved_by_id = None
    version.approved_by = ""
    version.save(update_fields=["state", "opinion", "submitted_on", "approved_on", "approved_by", "approved_by_id"])
    _tell_author(version, gettext_noop("Treaty %(code)s, version %(version)s, came back to you."))
    note(actor, "treaties.send_back", version, reason=version.opinion)
    return version


@transaction.atomic
def publish(
    *, actor: Any, today: date, version_id: int, signed_on: date | None = None, number: str | None = None
) -> TreatyVersion:
    """Put an approved version in force for drawdowns of its period; from then on it cannot change.

    `signed_on` is the day the paper was signed (left out: today), `number` the paper's. The version that is in force when
    this one begins ends the day before. The members concerned are told (AGR-23). Raises NoSuchVersion, VersionPublished,
    NotApproved, SignedLater, TreatyEnded and VersionsOverlap.
    """
    allowed(actor, "treaties.publish")
    version = _locked(version_id)
    treaty = version.treaty
    if version.is_published:
        raise VersionPublished(code=treaty.code, version=version.version)
    if treaty.status == Treaty.Status.ENDED:
        raise TreatyEnded(code=treaty.code)
    if version.state != TreatyVersion.State.APPROVED:
        raise NotApproved(code=treaty.code, version=version.version)
    if signed_on is not None and signed_on > today:
        raise SignedLater(field="signed_on")
    cut = _make_way(version)
    WORDING.move(version, "publish")
    version.published_on, version.published_by = today, actor.label
    version.signed_on = signed_on or today
    if number is not None:
        version.number = number.strip()
    version.save(update_fields=["state", "published_on", "published_by", "signed_on", "number"])
    TREATY.move(treaty, "publish")
    treaty.save(update_fields=["status"])
    note(actor, "treaties.publish", version, signed_on=version.signed_on)
    for changed in (*cut, version):
        tell_all(changed, today=today)
    return version


def _locked(version_id: int) -> TreatyVersion:
    """The version with its treaty, both locked, the treaty first as every other verb does. Raises NoSuchVersion."""
    found = TreatyVersion.objects.select_related("treaty").filter(id=version_id).first()
    if found is None:
        raise NoSuchVersion
    treaty = locked(found.treaty.code)
    version = TreatyVersion.objects.select_for_update().get(id=version_id)
    version.treaty = treaty
    return version


def _other(version: TreatyVersion, actor: Any) -> None:
    """Raises OwnWording when the actor wrote the version."""
    same_person = version.drafted_by_id is not None and version.drafted_by_id == actor.id
    if same_person or version.drafted_by == actor.label:
        raise OwnWording


def _tell_author(version: TreatyVersion, sentence: str) -> None:
    if version.drafted_by_id is None:
        return
    treaty = version.treaty
    facts = {"code": treaty.code, "version": version.version}
    url = f"/treaties/{treaty.code}/?version={version.version}"
    notices.tell(sentence=sentence, facts=facts, url=url, user_ids=[version.drafted_by_id])


def _make_way(version: TreatyVersion) -> list[TreatyVersion]:
    """End the version before this one the day before it begins, and return what was cut. Raises VersionsOverlap."""
    overlapping = version.treaty.versions.filter(published_on__isnull=False).filter(
        Q(effective_to=None) | Q(effective_to__gte=version.effective_from)
    )
    if version.effective_to is not None:
        overlapping = overlapping.filter(effective_from__lte=version.effective_to)
    cut = []
    for other in overlapping.order_by("effective_from"):
        if other.effective_from >= version.effective_from:
            raise VersionsOverlap(code=version.treaty.code, other=other.version, first=other.effective_from)
        other.effective_to = version.effective_from - ONE_DAY
        other.save(update_fields=["effective_to"])
        cut.append(other)
    return cut
