"""An officer's last word about a filing: confirmed, refused, given back, or taken up again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotAllowed, gettext_noop
from reguarantee.filings import papers
from reguarantee.filings.cover import Outcome, grant, is_sound, refuse
from reguarantee.filings.flow import FILING
from reguarantee.filings.models import Filing, Opinion, Stage, Status
from reguarantee.filings.reasons import DEFICIENCIES, Reason
from reguarantee.filings.services.opening import first_of, mark_extended, same_note, stop_of
from reguarantee.filings.services.settling import candidate, line_of, locked, release_line, settle
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.models import TreatyVersion

MAY: dict[str, str] = {
    Stage.ACCEPTANCE: "filings.accept",
    Stage.EXAMINATION: "filings.examine",
    Stage.VERIFICATION: "filings.verify",
    Stage.REVIEW: "filings.review",
    Stage.REPLY: "filings.reply",
    Stage.SIGNING: "filings.decide",
}
"""Stage → the permission to speak there."""


class TextRequired(Invalid):
    code = "TEXT_REQUIRED"
    sentence = gettext_noop("Say why; the member reads it.")


class OpinionRequired(Invalid):
    code = "OPINION_REQUIRED"
    sentence = gettext_noop("Write your opinion.")


class BadGrant(Invalid):
    code = "BAD_GRANT"
    sentence = gettext_noop("Grant more than nothing and at most the guaranteed amount asked for.")


class LineTooShort(Conflict):
    code = "LINE_TOO_SHORT"
    sentence = gettext_noop(
        "This would cede %(wanted)s fen and only %(left)s fen are left of the year's line. Grant less, or raise the line."
    )


class NothingToReview(Conflict):
    code = "NOTHING_TO_REVIEW"
    sentence = gettext_noop("No treaty admits this filing, so there is nothing an officer could confirm.")


class StageNotYet(Conflict):
    """Somebody was quicker, or an earlier stage is still open."""

    code = "STAGE_NOT_YET"
    sentence = gettext_noop("This case is at the stage “%(stage)s”. Look at it again before you go on.")


class SamePerson(NotAllowed):
    code = "SAME_PERSON"
    sentence = gettext_noop("You spoke at the stage before. Somebody else must go on with this case.")


class Stopped(Conflict):
    code = "NEW_CESSIONS_STOPPED"
    sentence = gettext_noop("New cessions of this member are stopped. The case can go on when the stop is lifted.")


class NoteTaken(Conflict):
    code = "NOTE_TAKEN"
    sentence = gettext_noop("Another filing of this member with the same drawdown note is alive. Decide on that one.")


class FirstGone(Conflict):
    code = "FIRST_GONE"
    sentence = gettext_noop(
        "The guarantee that this one prolongs is not covered any more, or a claim on it is submitted."
        " Return the case or refuse it."
    )


class DeficiencyMissing(Invalid):
    code = "DEFICIENCY_MISSING"
    sentence = gettext_noop("Name at least one thing that the member must correct.")


@transaction.atomic
def confirm(*, actor: Any, today: date, filing_id: int, text: str = "", guaranteed_fen: int | None = None) -> Filing:
    """Sign the cover of a filing under review, with the treaty's shares and its limits set aside; cannot be undone.

    `guaranteed_fen` grants only so much of the guaranteed amount; left out, what the reply granted, else all of it.
    The version is that of the drawdown's day as the treaty stands now: a later one may have begun while the case waited.
    `text` is read by the member. The certificate is kept with the filing. Needs filings.decide. Raises MissingPermission,
    NoSuchFiling, WrongState, NothingToReview, StageNotYet, SamePerson, Stopped, FirstGone, BadGrant, LineTooShort.
    """
    check(actor, "filings.decide")
    filing = locked(filing_id)
    FILING.move(filing, "confirm")
    at_stage(filing, Stage.SIGNING)
    most = filing.granted_fen or filing.guaranteed_fen
    asked = most if guaranteed_fen is None else guaranteed_fen
    if not 0 < asked <= most:
        raise BadGrant(field="guaranteed_fen")
    version = _of_its_day(filing)
    if (stop := stop_of(filing, version, today)) is not None:
        raise Stopped(stop.reason)
    if first_of(filing)[1]:
        raise FirstGone
    outcome = grant(filing, candidate(version), guaranteed_fen=asked, on=filing.attached_on)
    if outcome.event != "accept":
        raise BadGrant(outcome.reason, field="guaranteed_fen")
    speak(filing, Opinion.Outcome.AGREED, text.strip() or str(outcome.reason), actor=actor, today=today)
    release_line(filing)
    line = line_of(filing, version)
    if line.left_fen is not None and outcome.ceded_fen > line.left_fen:
        raise LineTooShort(field="guaranteed_fen", wanted=outcome.ceded_fen, left=line.left_fen)
    outcome = replace(outcome, event="confirm", reason=text.strip() or outcome.reason)
    filing.certificate_no = next_number(kind="FBQR", today=today)
    settle(filing, outcome, line, actor=actor, today=today)
    mark_extended(filing)
    papers.keep_certificate(filing, actor=actor, today=today)
    return filing


@transaction.atomic
def reject(*, actor: Any, today: date, filing_id: int, text: str) -> Filing:
    """Refuse a filing under review at any stage; the member reads `text`. What it reserved of the line is free again.

    Needs filings.decide. Raises MissingPermission, NoSuchFiling, WrongState, TextRequired, SamePerson.
    """
    check(actor, "filings.decide")
    return refuse_case(locked(filing_id), text=text, actor=actor, today=today)


def refuse_case(filing: Filing, *, text: str, actor: Any, today: date) -> Filing:
    """The refusal itself; the caller has locked the filing and checked who may."""
    words = required(text)
    if filing.status == Status.REVIEWING:
        speak(filing, Opinion.Outcome.REFUSED, words, actor=actor, today=today)
    FILING.move(filing, "reject")
    outcome = replace(refuse(filing.treaty_version, Reason.REFUSED_CASE), event="reject", reason=words)
    settle(filing, outcome, release_line(filing), actor=actor, today=today)
    return filing


@transaction.atomic
def return_filing(*, actor: Any, today: date, filing_id: int, deficiencies: Sequence[str], text: str) -> Filing:
    """Give a case back to the member: what is missing or wrong by code (reasons.DEFICIENCIES), and in words.

    Possible for whoever may speak at the stage where it is. Its reserve is free again; filed again, the case begins
    anew. Raises MissingPermission, NoSuchFiling, WrongState, TextRequired, DeficiencyMissing.
    """
    filing = locked(filing_id)
    if filing.status == Status.REVIEWING:
        check(actor, MAY[filing.stage])
    words = required(text)
    codes = [code for code in DEFICIENCIES if code in set(deficiencies)]
    if not codes:
        raise DeficiencyMissing(field="deficiencies")
    if filing.status == Status.REVIEWING:
        speak(filing, Opinion.Outcome.RETURNED, words, actor=actor, today=today)
    FILING.move(filing, "return")
    filing.deficiencies = json.dumps([{"code": code, "text": ""} for code in codes])
    outcome = Outcome("return", filing.treaty_version, 0, 0, Reason.RETURNED, words)
    settle(filing, outcome, release_line(filing), actor=actor, today=today)
    return filing


@transaction.atomic
def reopen(*, actor: Any, today: date, filing_id: int, text: str) -> Filing:
    """Return a refused filing to review, when a treaty admits it; the member reads `text`.

    Needs filings.decide. Raises MissingPermission, NoSuchFiling, WrongState, TextRequired, NothingToReview,
    NoteTaken.
    """
    check(actor, "filings.decide")
    filing = locked(filing_id)
    FILING.move(filing, "reopen")
    words = required(text)
    versions = treaties.in_force(member_code=filing.member_code, on=filing.attached_on) if is_sound(filing) else []
    whole = (grant(filing, candidate(v), guaranteed_fen=filing.guaranteed_fen, on=filing.attached_on) for v in versions)
    found = next((outcome for outcome in whole if outcome.event == "accept"), None)
    if found is None or filing.end or filing.reason_code == Reason.DUPLICATE_IOU:
        raise NothingToReview
    if same_note(filing.member_code, filing).exists():
        raise NoteTaken
    outcome = Outcome("reopen", found.version, 0, 0, Reason.REOPENED, words, found.ceded_fen)
    settle(filing, outcome, line_of(filing, found.version), actor=actor, today=today)
    return filing


def _of_its_day(filing: Filing) -> TreatyVersion:
    """The wording, of the treaty that referred the filing, in force on the day of drawdown. Raises NothingToReview."""
    assert filing.treaty_version is not None  # a filing is referred by a version only
    found = treaties.in_force(member_code=filing.member_code, on=filing.attached_on)
    same = [version for version in found if version.treaty_id == filing.treaty_version.treaty_id]
    if not same:
        raise NothingToReview
    return same[0]


def required(text: str) -> str:
    if not text.strip():
        raise TextRequired(field="text")
    return text.strip()


def at_stage(filing: Filing, stage: str) -> None:
    """Raises StageNotYet unless the case is there: another press, or a stage that is still open."""
    if filing.stage != stage:
        raise StageNotYet(stage=Stage(filing.stage).label if filing.stage else filing.get_status_display())


def speak(filing: Filing, outcome: str, text: str, *, actor: Any, today: date, **risk: Any) -> Opinion:
    """Keep the opinion of a person at the stage where the case is. Raises SamePerson for the one who spoke before."""
    last = filing.opinions.filter(round=filing.round).order_by("-id").first()
    if last is not None and last.person_id == actor.id:
        raise SamePerson
    return Opinion.objects.create(
        filing=filing,
        round=filing.round,
        stage=filing.stage,
        outcome=outcome,
        text=text,
        person_id=actor.id,
        by=actor.label,
        on=today,
        **risk,
    )
