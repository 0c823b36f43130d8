"""Read what a member files, and answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from kernel.letters import FilingSubmitted
from kernel.parameters.queries import value
from reguarantee.filings.cover import Candidate, Outcome, accept, assess, fit, keep, refuse
from reguarantee.filings.flow import FILING
from reguarantee.filings.models import End, Filing, Status
from reguarantee.filings.reasons import SENTENCES, Reason
from reguarantee.filings.services.settling import alone, candidate, line_of, release_line, settle, tell
from reguarantee.partners import queries as partners
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.models import TreatyVersion

_ATTACHED = (Status.CONFIRMED, Status.REVIEWING)
# Where the member may put the same words before the group again: what was refused, or given back, or taken back.
_AGAIN = (Status.REJECTED, Status.RETURNED, Status.WITHDRAWN, Status.VOIDED)
_ALIVE = (Status.SUBMITTED, Status.REVIEWING, Status.CONFIRMED)
_NEW_FACTS = frozenset({"contract_no", "iou_no", "loan_rate", "fee_rate", "size_class", "industry", "region_code",
                       "product_category"})  # fmt: skip


@transaction.atomic
def open_filing(letter: FilingSubmitted, *, sender: str, actor: Any, today: date) -> None:
    """Read a member's filing and answer it: confirmed within the treaty, under review above it, or refused with a reason.

    `sender` is the member's code. The same letter again changes nothing: the answer is told again, and only what was
    refused, returned or withdrawn is looked at once more. A letter that says something else about the same guarantee is
    decided anew, once covered under the version it attached to; cover given before is never less; after a claim or the end
    nothing changes any more. Posts FilingDecided to the sender (domain.md 5.5, 7.5, 11.18, 11.23, 11.25).
    """
    known = Filing.objects.filter(member_code=sender, guarantee_id=letter.guarantee_id)
    alone("filings.obligor", letter.obligor_key, *known.values_list("obligor_key", flat=True))
    if letter.iou_no:
        alone("filings.note", f"{letter.bank_code}:{letter.iou_no}")
    filing = known.select_for_update(no_key=True).first() or Filing(member_code=sender, submitted_on=today)
    again = filing.pk is not None and _says(filing, letter)
    if again and (filing.status not in _AGAIN or _is_old(filing, letter)):
        tell(filing, today)
        return
    if filing.pk is not None and (filing.is_frozen or filing.end):
        _only_new_facts(filing, letter, today)
        return
    before = _standing(filing)
    if before is not None and same_note(sender, letter).exists():
        tell(filing, today, reason_code=Reason.DUPLICATE_IOU)
        return
    _decide(filing, letter, before, again=again, actor=actor, today=today)


def _decide(filing: Filing, letter: FilingSubmitted, before: Outcome | None, *, again: bool, actor: Any, today: date) -> None:
    """The answer by the treaty that fits, and what else must hold for a new cession; the locks are held."""
    attached = filing.treaty_version if before is not None else None
    if filing.status == Status.REVIEWING:
        release_line(filing)  # a case attaches when it is covered; until then its drawdown decides, as it is told now
    if filing.pk is None or filing.status in (Status.REJECTED, Status.WITHDRAWN, Status.VOIDED):
        filing.filed_on = letter.filed_on or today
    for name in _told(letter):
        setattr(filing, name, getattr(letter, name))
    filing.batch = letter.batch or filing.batch  # the number of a bank's list, once confirmed with it, stays
    if attached is None:
        filing.attached_on = letter.drawdown_on
    first, wrong = first_of(filing)
    if before is None or not wrong:  # cover that stands keeps its place in the chain
        filing.extends = first
    versions = [attached] if attached else treaties.in_force(member_code=filing.member_code, on=filing.attached_on)
    outcome = _assess(filing, letter, versions, is_new=before is None, wrong=wrong, today=today)
    line = release_line(filing) if attached else None
    if (version := attached or (None if outcome.event in ("refuse", "return") else outcome.version)) is not None:
        line = line or line_of(filing, version)
        outcome = fit(outcome, left_fen=line.left_fen, above_limits=version.above_limits)
    if before is None:
        outcome = _refer(filing, letter, outcome, today)
    else:
        outcome = keep(letter, outcome, before)
    if again and filing.status == Status.REJECTED and (outcome.event, outcome.reason_code) == ("refuse", filing.reason_code):
        tell(filing, today)
        return
    if filing.pk is not None:
        FILING.move(filing, "amend")
    FILING.move(filing, outcome.event)
    if outcome.event == "return":
        filing.deficiencies = '[{"code": "EXTENSION", "text": ""}]'
    settle(filing, outcome, line, actor=actor, today=today)
    mark_extended(filing)


def _assess(
    filing: Filing, letter: FilingSubmitted, versions: Sequence[TreatyVersion], *, is_new: bool, wrong: bool, today: date
) -> Outcome:
    if is_new and same_note(filing.member_code, letter).exists():
        return refuse(None, Reason.DUPLICATE_IOU)
    if wrong:
        words = SENTENCES[Reason.EXTENSION_WITHOUT_FIRST]
        return Outcome("return", None, 0, 0, Reason.EXTENSION_WITHOUT_FIRST, words)
    stopped: Outcome | None = None
    candidates: list[Candidate] = []
    least = value("rg.bank.min_share", on=filing.attached_on) if versions else None
    for version in versions:
        stop = stop_of(filing, version, letter.filed_on or today) if is_new else None
        if stop is None:
            candidates.append(candidate(version, bank_min_share=least if is_new else None))
        stopped = stopped or stop
    if stopped is not None and not candidates:
        return stopped
    return assess(letter, candidates, others_fen=taken_elsewhere(filing), on=filing.attached_on)


def stop_of(filing: Filing, version: TreatyVersion, on: date) -> Outcome | None:
    """The refusal by a stop of new cessions that matches this filing under this treaty on a day, if one does (PAR-37)."""
    stops = partners.stops(
        filing.member_code, product=filing.product_code, bank=filing.bank_code, treaty=version.treaty.code, on=on
    )
    if not stops:
        return None
    stop = stops[0]
    code = stop.reason_code if stop.reason_code in SENTENCES else Reason.STOPPED
    refusal = refuse(version, code, stop=stop.pk)
    if not stop.sentence:
        return refusal
    if not stop.facts:
        return replace(refusal, reason=stop.sentence)
    with translation.override("zh-hans"):  # figures stand in the sentence, so it is put into words here
        return replace(refusal, reason=gettext(stop.sentence) % stop.facts)


def _refer(filing: Filing, letter: FilingSubmitted, outcome: Outcome, today: date) -> Outcome:
    """A new cession within the treaty that an officer must look at all the same: then nothing is covered yet."""
    days = value("rg.filing.deadline_days", on=filing.attached_on, member=filing.member_code, product=filing.product_code)
    filing.is_late = (filing.filed_on - filing.drawdown_on).days > days
    if outcome.event != "accept":
        return outcome
    reason = ""
    if _note_elsewhere(filing).exists():
        reason = Reason.CHECK_NEEDED
    elif filing.extends and _extensions(filing).count() >= value("proc.extension.max_count", on=filing.attached_on):
        reason = Reason.EXTENDED_TOO_OFTEN
    elif partners.standing(filing.member_code) == "WATCH":
        reason = Reason.ON_WATCH
    elif filing.is_late:
        reason = Reason.LATE_FILING
    if not reason:
        return outcome
    facts = {**outcome.facts, "days": days} if reason == Reason.LATE_FILING else outcome.facts
    return Outcome("refer", outcome.version, 0, 0, reason, SENTENCES[reason], outcome.ceded_fen, facts)


def first_of(filing: Filing) -> tuple[Filing | None, bool]:
    """The first filing of a chain of extensions, and whether the one that is named cannot be prolonged (domain.md 11.18).

    What is prolonged is covered, of the same obligor and bank, not claimed, and over when this one begins: two that run at
    once are two guarantees, each of which counts for the obligor's total.
    """
    if filing.extends_guarantee_id is None:
        return None, False
    named = Filing.objects.filter(member_code=filing.member_code, guarantee_id=filing.extends_guarantee_id)
    found = named.exclude(pk=filing.pk).select_related("extends").first()
    if found is None:
        return None, True
    first = found.extends or found
    sound = (
        first.status == found.status == Status.CONFIRMED
        and (found.obligor_key, found.bank_code) == (filing.obligor_key, filing.bank_code)
        and not (first.is_frozen or found.is_frozen)
        and found.end in ("", End.RELEASED)
        and (found.ended_on or found.due_on) <= filing.drawdown_on
        and found.due_on < filing.due_on
    )
    return (first, False) if sound else (None, True)


def _extensions(filing: Filing) -> QuerySet[Filing]:
    return Filing.objects.filter(extends=filing.extends, status__in=_ATTACHED).exclude(pk=filing.pk)


def mark_extended(filing: Filing) -> None:
    """Tell the filing that this one prolongs since when it goes on: the earliest drawdown of what is confirmed, if any is."""
    if filing.extends_guarantee_id is None:
        return
    mine = Filing.objects.filter(member_code=filing.member_code)
    after = mine.filter(extends_guarantee_id=filing.extends_guarantee_id, extends__isnull=False, status=Status.CONFIRMED)
    since = after.aggregate(day=Min("drawdown_on"))["day"]
    mine.filter(guarantee_id=filing.extends_guarantee_id).update(extended_on=since)


def same_note(member_code: str, letter: FilingSubmitted | Filing) -> QuerySet[Filing]:
    """Other live filings of the member with the same drawdown note (domain.md 7.5)."""
    if not letter.iou_no:
        return Filing.objects.none()
    same = Filing.objects.filter(member_code=member_code, bank_code=letter.bank_code, iou_no=letter.iou_no, status__in=_ALIVE)
    return same.exclude(guarantee_id=letter.guarantee_id)


def _note_elsewhere(filing: Filing) -> QuerySet[Filing]:
    """Live filings of other members with the same drawdown note: an officer looks, the member learns nothing of them."""
    if not filing.iou_no:
        return Filing.objects.none()
    same = Filing.objects.filter(bank_code=filing.bank_code, iou_no=filing.iou_no, status__in=_ALIVE)
    return same.exclude(member_code=filing.member_code)


def taken_elsewhere(filing: Filing) -> int:
    """The obligor's total in fen, at all members, of guarantees that still run when this one begins.

    What is covered counts, and what a case under review may still be granted, so that two cannot both take the last part.
    One that has ended is free from its end on, one past its due date too unless it is in arrears, and what this one
    prolongs, or is prolonged by, is this one.
    """
    running = Q(end="") & (Q(due_on__gte=filing.drawdown_on) | Q(overdue_on__isnull=False))
    others = Filing.objects.filter(running | Q(ended_on__gt=filing.drawdown_on))
    others = others.filter(obligor_key=filing.obligor_key, status__in=_ATTACHED)
    others = others.exclude(member_code=filing.member_code, guarantee_id=filing.guarantee_id)
    first = filing.extends_id or filing.pk
    if first is not None:
        others = others.exclude(Q(pk=first) | Q(extends=first))
    return sum(_taken(one) for one in others)


def _taken(other: Filing) -> int:
    if other.status == Status.CONFIRMED:
        return other.covered_fen
    wanted = other.granted_fen or other.guaranteed_fen
    if other.reason_code != Reason.OBLIGOR_ABOVE_LIMIT:
        return wanted
    seen = other.figures  # above the limit itself, a case holds what was left of it
    return min(wanted, max(seen["limit_fen"] - seen["others_fen"], 0))


def _standing(filing: Filing) -> Outcome | None:
    """The cover that a filing has, if it has any."""
    if filing.status != Status.CONFIRMED:
        return None
    given = accept(filing.treaty_version, filing.covered_fen, filing.ceded_fen, Reason.WITHIN_TREATY)
    return replace(given, reason_code=filing.reason_code, reason=filing.reason, facts=filing.figures)


def _only_new_facts(filing: Filing, letter: FilingSubmitted, today: date) -> None:
    """After a claim or the end: blanks are filled, everything else is answered with why it stands (domain.md 11.23)."""
    differing = [name for name in _told(letter) if getattr(filing, name) != getattr(letter, name)]
    if "iou_no" in differing and same_note(filing.member_code, letter).exists():
        tell(filing, today, reason_code=Reason.DUPLICATE_IOU)
        return
    if all(name in _NEW_FACTS and not getattr(filing, name) for name in differing):
        for name in differing:
            setattr(filing, name, getattr(letter, name))
        filing.save(update_fields=differing)
        tell(filing, today)
        return
    tell(filing, today, reason_code=Reason.FROZEN if filing.is_frozen else Reason.ENDED_STANDS)


def _is_old(filing: Filing, letter: FilingSubmitted) -> bool:
    """A letter written before what was said since: it asks nothing new."""
    given_back = filing.status in (Status.RETURNED, Status.WITHDRAWN, Status.VOIDED)
    return bool(given_back and letter.filed_on and filing.decided_on and letter.filed_on < filing.decided_on)


def _says(filing: Filing, letter: FilingSubmitted) -> bool:
    return all(getattr(filing, name) == getattr(letter, name) for name in _told(letter))


def _told(letter: FilingSubmitted) -> list[str]:
    kept = {field.name for field in Filing._meta.concrete_fields} - {"filed_on", "batch"}
    return [item.name for item in fields(letter) if item.name in kept]
