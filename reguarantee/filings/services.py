"""The verbs of filings: read one, confirm, reject, reopen. The only writers of filings.

Locks are taken in one order everywhere: the obligor, the filing, the line. So two members who file the same obligor, or
take the last part of a line, are served one after the other (domain.md 5.10.3, 7.5).
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.letters import FilingDecided, FilingSubmitted
from kernel.outbox import services as outbox
from registry.tenancy import current
from reguarantee.filings.cover import Candidate, Outcome, accept, assess, fit, grant, is_sound, keep, refuse
from reguarantee.filings.flow import FILING
from reguarantee.filings.models import Coverage, Decision, Filing, Status
from reguarantee.filings.reasons import Reason
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.lines import Hold, hold
from reguarantee.treaties.models import TreatyVersion


class NoSuchFiling(NotFound):
    code = "NO_SUCH_FILING"
    sentence = gettext_noop("There is no such filing.")


class TextRequired(Invalid):
    code = "TEXT_REQUIRED"
    sentence = gettext_noop("Say why; the member reads it.")


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


@transaction.atomic
def open_filing(letter: FilingSubmitted, *, sender: str, actor: Any, today: date) -> None:
    """Read a member's filing and answer it: confirmed within the treaty, under review above it, or refused with a reason.

    `sender` is the member's code. The same letter again changes nothing: the answer is told again, and only a refusal is
    looked at once more, for a treaty may have come meanwhile. A letter that says something else about the same guarantee
    is decided anew under the version it attached to; cover given before is never less. Posts FilingDecided to the sender
    (domain.md 5.5, 7.5).
    """
    known = Filing.objects.filter(member_code=sender, guarantee_id=letter.guarantee_id)
    _lock_obligors(letter.obligor_key, *known.values_list("obligor_key", flat=True))
    filing = known.select_for_update(no_key=True).first() or Filing(member_code=sender, submitted_on=today)
    again = filing.pk is not None and _says(filing, letter)
    if again and filing.status != Status.REJECTED:
        _tell(filing, today)
        return
    attached = filing.treaty_version if filing.status in (Status.CONFIRMED, Status.REVIEWING) else None
    before = _standing(filing)
    filing.filed_on = filing.filed_on or letter.filed_on or today
    for name in _told(letter):
        setattr(filing, name, getattr(letter, name))
    if attached is None:
        filing.attached_on = letter.drawdown_on
    versions = [attached] if attached else treaties.in_force(member_code=sender, on=filing.attached_on)
    candidates = [_candidate(version) for version in versions]
    outcome = assess(letter, candidates, others_fen=_covered_elsewhere(filing), on=filing.attached_on)
    line = None
    if (version := attached or (None if outcome.event == "refuse" else outcome.version)) is not None:
        line = _hold(filing, version)
        line.change(used_fen=-filing.ceded_fen, reserved_fen=-filing.reserved_fen)
        outcome = fit(outcome, left_fen=line.left_fen, above_limits=version.above_limits)
    if before is not None:
        outcome = keep(letter, outcome, before)
    if again and (outcome.event, outcome.reason_code) == ("refuse", filing.reason_code):
        _tell(filing, today)
        return
    if filing.pk is not None:
        FILING.move(filing, "amend")
    FILING.move(filing, outcome.event)
    _settle(filing, outcome, line, actor=actor, today=today)


@transaction.atomic
def confirm(*, actor: Any, today: date, filing_id: int, text: str = "", guaranteed_fen: int | None = None) -> Filing:
    """Cover a filing under review, with the treaty's shares and its limits set aside; cannot be undone.

    `guaranteed_fen` grants only so much of the guaranteed amount; left out, all of it. `text` is read by the member.
    Needs filings.decide. Raises MissingPermission, NoSuchFiling, WrongState, BadGrant, LineTooShort.
    """
    check(actor, "filings.decide")
    filing = _locked(filing_id)
    FILING.move(filing, "confirm")
    asked = filing.guaranteed_fen if guaranteed_fen is None else guaranteed_fen
    if not 0 < asked <= filing.guaranteed_fen:
        raise BadGrant(field="guaranteed_fen")
    version = filing.treaty_version
    assert version is not None  # a filing is referred by a version only
    outcome = grant(filing, _candidate(version), guaranteed_fen=asked, on=filing.attached_on)
    if outcome.event != "accept":
        raise BadGrant(outcome.reason, field="guaranteed_fen")
    line = _hold(filing, version)
    line.change(reserved_fen=-filing.reserved_fen)
    if line.left_fen is not None and outcome.ceded_fen > line.left_fen:
        raise LineTooShort(field="guaranteed_fen", wanted=outcome.ceded_fen, left=line.left_fen)
    outcome = replace(outcome, event="confirm", reason=text.strip() or outcome.reason)
    _settle(filing, outcome, line, actor=actor, today=today)
    return filing


@transaction.atomic
def reject(*, actor: Any, today: date, filing_id: int, text: str) -> Filing:
    """Refuse a filing under review; the member reads `text`. What it reserved of the line is free again.

    Needs filings.decide. Raises MissingPermission, NoSuchFiling, WrongState, TextRequired.
    """
    check(actor, "filings.decide")
    filing = _locked(filing_id)
    FILING.move(filing, "reject")
    outcome = replace(refuse(filing.treaty_version, Reason.REFUSED_CASE), event="reject", reason=_required(text))
    line = _hold(filing, filing.treaty_version)
    line.change(reserved_fen=-filing.reserved_fen)
    _settle(filing, outcome, line, actor=actor, today=today)
    return filing


@transaction.atomic
def reopen(*, actor: Any, today: date, filing_id: int, text: str) -> Filing:
    """Return a refused filing to review, when a treaty admits it; the member reads `text`.

    Needs filings.decide. Raises MissingPermission, NoSuchFiling, WrongState, TextRequired, NothingToReview.
    """
    check(actor, "filings.decide")
    filing = _locked(filing_id)
    FILING.move(filing, "reopen")
    words = _required(text)
    candidates = [_candidate(version) for version in treaties.in_force(member_code=filing.member_code, on=filing.attached_on)]
    whole = [
        grant(filing, candidate, guaranteed_fen=filing.guaranteed_fen, on=filing.attached_on)
        for candidate in candidates
        if is_sound(filing)
    ]
    found = next((outcome for outcome in whole if outcome.event == "accept"), None)
    if found is None:
        raise NothingToReview
    outcome = Outcome("reopen", found.version, 0, 0, Reason.REOPENED, words, found.ceded_fen)
    _settle(filing, outcome, _hold(filing, found.version), actor=actor, today=today)
    return filing


def _required(text: str) -> str:
    if not text.strip():
        raise TextRequired(field="text")
    return text.strip()


def _locked(filing_id: int) -> Filing:
    key = Filing.objects.filter(id=filing_id).values_list("obligor_key", flat=True).first()
    if key is None:
        raise NoSuchFiling
    _lock_obligors(key)
    # Only the filing's own row: its treaty is read, not changed.
    return Filing.objects.select_for_update(no_key=True).get(id=filing_id)


def _lock_obligors(*keys: str) -> None:
    """Let one transaction at a time decide about an obligor: there is no row that stands for it, so raw SQL."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("select pg_advisory_xact_lock(hashtext('filings.obligor'), hashtext(%s))", [key])


def _covered_elsewhere(filing: Filing) -> int:
    """The obligor's covered total in fen, at all members, of guarantees not yet due when this one begins."""
    others = Filing.objects.filter(
        obligor_key=filing.obligor_key, status=Status.CONFIRMED, due_on__gte=filing.drawdown_on
    ).exclude(member_code=filing.member_code, guarantee_id=filing.guarantee_id)
    return others.aggregate(total=Sum("covered_fen"))["total"] or 0


def _standing(filing: Filing) -> Outcome | None:
    """The cover that a filing has, if it has any."""
    if filing.status != Status.CONFIRMED:
        return None
    given = accept(filing.treaty_version, filing.covered_fen, filing.ceded_fen, Reason.WITHIN_TREATY)
    return replace(given, reason_code=filing.reason_code, reason=filing.reason, facts=filing.figures)


def _says(filing: Filing, letter: FilingSubmitted) -> bool:
    return all(getattr(filing, name) == getattr(letter, name) for name in _told(letter))


def _told(letter: FilingSubmitted) -> list[str]:
    kept = {field.name for field in Filing._meta.concrete_fields}
    return [item.name for item in fields(letter) if item.name in kept - {"filed_on"}]


def _candidate(version: TreatyVersion) -> Candidate:
    return Candidate(version, treaties.terms_of(version), version.above_limits)


def _hold(filing: Filing, version: TreatyVersion) -> Hold:
    return hold(treaty_id=version.treaty_id, member_code=filing.member_code, year=filing.attached_on.year)


def _settle(filing: Filing, outcome: Outcome, line: Hold | None, *, actor: Any, today: date) -> None:
    """Write an answer down: the filing, its line, one decision, one audit line, and the letter to the member."""
    filing.treaty_version = outcome.version
    filing.covered_fen, filing.ceded_fen = outcome.covered_fen, outcome.ceded_fen
    filing.uncovered_fen = filing.guaranteed_fen - outcome.covered_fen
    filing.coverage = _coverage(filing)
    filing.reason_code, filing.reason = str(outcome.reason_code), str(outcome.reason)
    filing.facts = json.dumps(outcome.facts, ensure_ascii=False, default=str)
    filing.reserved_fen = 0
    if line is not None:
        if filing.status == Status.REVIEWING:
            left = line.left_fen
            filing.reserved_fen = outcome.wanted_fen if left is None else min(outcome.wanted_fen, left)
        line.change(used_fen=filing.ceded_fen, reserved_fen=filing.reserved_fen)
    under_review = filing.status == Status.REVIEWING
    filing.stage, filing.line_used_fen = ("SIGNING" if under_review else ""), filing.ceded_fen
    filing.decided_on, filing.decided_by = (None, "") if under_review else (today, actor.label)
    filing.save()
    _record(filing, outcome.event, actor=actor, today=today)
    _tell(filing, today)


def _coverage(filing: Filing) -> str:
    if not filing.covered_fen:
        return Coverage.UNCOVERED
    return Coverage.PARTLY if filing.uncovered_fen else Coverage.COVERED


def _record(filing: Filing, event: str, *, actor: Any, today: date) -> None:
    answer = {
        name: getattr(filing, name)
        for name in (
            "status",
            "coverage",
            "guaranteed_fen",
            "covered_fen",
            "uncovered_fen",
            "ceded_fen",
            "reason_code",
            "reason",
        )
    }
    Decision.objects.create(
        filing=filing,
        on=today,
        by=actor.label,
        event=event,
        treaty_version=filing.treaty_version,
        facts=filing.facts,
        **answer,
    )
    about = {"member": filing.member_code, "number": filing.number, **answer}
    audit.leave(actor=actor, act=f"filings.{event}", subject=f"filing:{filing.id}", facts=about)


def _tell(filing: Filing, today: date) -> None:
    """Post the answer that a filing has to its member."""
    version = filing.treaty_version
    letter = FilingDecided(
        guarantee_id=filing.guarantee_id,
        status=filing.status,
        coverage=filing.coverage,
        ceded_fen=filing.ceded_fen,
        uncovered_fen=filing.uncovered_fen,
        reason_code=filing.reason_code,
        reason=filing.reason,
        treaty_code=version.treaty.code if version else "",
        treaty_version=version.version if version else 0,
        decided_on=today,
    )
    outbox.post(letter, sender=current().code, to=filing.member_code, subject=f"guarantee:{filing.guarantee_id}")
