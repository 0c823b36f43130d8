"""The claims officer's verbs: take up, look again, waive, deny a part, return, refuse, send to approval, write."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from kernel.access.models import User
from kernel.access.permissions import check
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.approval.models import FlowCase
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.flow import WrongState
from kernel.letters import CaseMessage
from kernel.money import yuan
from kernel.parameters.queries import value
from reguarantee.claims import reasons
from reguarantee.claims.furnish import FLOW
from reguarantee.claims.models import Amount, CaseNote, Check, Claim, Deficiency, Denial, Status
from reguarantee.claims.services import checks, records
from reguarantee.claims.services.paying import net_nothing
from reguarantee.claims.services.reckoning import keep, reckon
from reguarantee.treaties import positions


class NothingLacking(Invalid):
    code = "NOTHING_LACKING"
    sentence = gettext_noop("Say what the claim lacks: name at least one deficiency.")


class UnknownReason(Invalid):
    code = "UNKNOWN_CLAIM_REASON"
    sentence = gettext_noop("“%(code)s” is none of the reasons. Choose one from the list.")


class TextNeeded(Invalid):
    code = "CLAIM_TEXT_NEEDED"
    sentence = gettext_noop("Say why; it stays beside the claim.")


class ChecksFail(Conflict):
    code = "CLAIM_CHECKS_FAIL"
    sentence = gettext_noop("%(count)s checks fail (%(codes)s). Return the claim, refuse it, or waive them with a reason.")


class NothingPayable(Conflict):
    code = "NOTHING_PAYABLE"
    sentence = gettext_noop("Nothing of this claim is payable. Refuse it, with the reason.")


class DeniedTooMuch(Invalid):
    code = "DENIED_TOO_MUCH"
    sentence = gettext_noop("At most %(most)s yuan can be denied.")


class NoSuchCheck(NotFound):
    code = "NO_SUCH_CHECK"
    sentence = gettext_noop("There is no such check to waive.")


def look(claim: Claim, *, today: date) -> list[Check]:
    """Reckon the claim by the treaty's present position and run all checks; the caller saves the claim."""
    assert claim.treaty_version is not None  # else it was refused
    calculation = reckon(claim, positions.standing(claim.treaty_version), today=today)
    keep(claim, calculation)
    claim.checked_fen = max(calculation.ceded_fen - denied(claim), 0)
    return checks.run(claim, calculation, today=today)


def denied(claim: Claim) -> int:
    """Fen that officers denied."""
    return denials(claim).filter(code__in=reasons.OFFICERS_DENIALS).aggregate(total=Sum("fen"))["total"] or 0


def denials(claim: Claim) -> QuerySet[Denial]:
    """The parts that are denied now: all, or since the appeal that lifted the earlier ones."""
    lifted = claim.amounts.filter(stage=Amount.Stage.DENIED, fen__lt=0).order_by("id").last()
    up_to = json.loads(lifted.facts_text)["up_to"] if lifted is not None else 0
    return claim.denials.filter(id__gt=up_to).order_by("id")


def lift_denials(claim: Claim, *, actor: Any, today: date) -> None:
    """An appeal is heard anew, its amount too: else what was denied before could never be granted (domain.md 7.6)."""
    rows = list(denials(claim))
    if rows:
        why, up_to = gettext_noop("The appeal is heard anew; what was denied before counts no more."), rows[-1].pk
        total = sum(row.fen for row in rows)
        records.amount(claim, Amount.Stage.DENIED, -total, why, actor=actor, today=today, up_to=up_to)


@transaction.atomic
def take_up(*, actor: Any, today: date, claim_id: int) -> Claim:
    """Begin to check a claim. Needs reguarantee_claims.check. Raises WrongState when somebody else has begun."""
    check(actor, "reguarantee_claims.check")
    claim = records.locked(claim_id)
    records.move(claim, "take_up", actor=actor, today=today)
    claim.checked_by_id = actor.id
    look(claim, today=today)
    claim.save()
    why = gettext_noop("Reckoned by the treaty when taken up.")
    records.amount(claim, Amount.Stage.CHECKED, claim.checked_fen, why, actor=actor, today=today)
    records.rule(claim, "take_up", actor=actor, today=today)
    records.tell(claim, today=today)
    return claim


@transaction.atomic
def look_again(*, actor: Any, today: date, claim_id: int) -> Claim:
    """Run all checks anew. Needs reguarantee_claims.check; only while it is checked."""
    check(actor, "reguarantee_claims.check")
    claim = records.locked(claim_id)
    _in(claim, Status.CHECKING)
    _recheck(claim, gettext_noop("Reckoned anew."), actor=actor, today=today)
    records.rule(claim, "look", actor=actor, today=today)
    return claim


def _recheck(claim: Claim, why: str, *, actor: Any, today: date) -> None:
    before = claim.checked_fen
    look(claim, today=today)
    claim.save()
    if claim.checked_fen != before:
        records.amount(claim, Amount.Stage.CHECKED, claim.checked_fen, why, actor=actor, today=today)


def _in(claim: Claim, *states: str) -> None:
    if claim.status not in states:
        raise WrongState(event="check", thing="claim", state=claim.get_status_display())


@transaction.atomic
def waive(*, actor: Any, today: date, check_id: int, text: str) -> Check:
    """Let a failing check stand, with a reason. Needs reguarantee_claims.check. Raises NoSuchCheck, TextNeeded, WrongState."""
    check(actor, "reguarantee_claims.check")
    row = Check.objects.select_for_update(of=("self",)).select_related("claim").filter(id=check_id, outcome="FAIL").first()
    if row is None:
        raise NoSuchCheck
    claim = records.locked(row.claim_id)
    _in(claim, Status.CHECKING)
    row.waived_by, row.waived_why = actor.label, needed(text)
    row.save(update_fields=["waived_by", "waived_why"])
    records.rule(claim, "waive", actor=actor, today=today, text=row.waived_why, reason_code=row.code)
    return row


@transaction.atomic
def deny(*, actor: Any, today: date, claim_id: int, code: str, fen: int, text: str) -> Claim:
    """Deny a part of the claim, with a reason that the member reads. Needs reguarantee_claims.check.

    `fen` is of what the group would pay. Raises UnknownReason, DeniedTooMuch, TextNeeded, WrongState.
    """
    check(actor, "reguarantee_claims.check")
    claim = records.locked(claim_id)
    _in(claim, Status.CHECKING)
    if code not in reasons.OFFICERS_DENIALS:
        raise UnknownReason(field="code", code=code)
    if not 0 < fen <= claim.checked_fen:
        raise DeniedTooMuch(field="fen", most=yuan(claim.checked_fen))
    Denial.objects.create(claim=claim, code=code, fen=fen, text=needed(text), on=today, by=actor.label)
    records.amount(claim, Amount.Stage.DENIED, fen, text.strip().replace("%", "%%"), actor=actor, today=today)
    _recheck(claim, gettext_noop("Reckoned anew after a part was denied."), actor=actor, today=today)
    records.rule(claim, "deny", actor=actor, today=today, text=text.strip(), reason_code=code, fen=fen)
    return claim


@transaction.atomic
def give_back(*, actor: Any, today: date, claim_id: int, lacks: Iterable[tuple[str, str, str]], text: str = "") -> Claim:
    """Return the claim to the member: `lacks` are (deficiency code, slot or "", words). It answers within working days.

    Needs reguarantee_claims.check. Raises NothingLacking, UnknownReason, WrongState.
    """
    check(actor, "reguarantee_claims.check")
    claim = records.locked(claim_id)
    rows = list(lacks)
    if not rows:
        raise NothingLacking(field="lacks")
    for code, slot, _ in rows:
        if code not in reasons.DEFICIENCIES or (slot and slot not in reasons.SLOTS and slot not in checks.required(claim)):
            raise UnknownReason(field="lacks", code=code)
    records.move(claim, "return", actor=actor, today=today)
    Deficiency.objects.bulk_create(
        Deficiency(claim=claim, round=claim.round, code=code, slot=slot, text=words[:300], on=today, by=actor.label)
        for code, slot, words in rows
    )
    claim.reason = text.strip()
    claim.save()
    end_case(claim, today=today, text=text)
    records.rule(claim, "return", actor=actor, today=today, text=text.strip(), count=len(rows))
    records.tell(claim, today=today)
    return claim


def hold_case(claim_id: int) -> None:
    """Before the claim, where its case may be ended: a signature holds the case and then tells us."""
    subject = Claim(id=claim_id).subject
    list(FlowCase.objects.select_for_update().filter(subject=subject, status="RUNNING").values_list("id", flat=True))


def end_case(claim: Claim, *, today: date, text: str) -> None:
    """End a running case, in the name of the officer who started it: the claim goes elsewhere."""
    case = approvals.case_of(claim.subject)
    if case is not None and case.status == "RUNNING":
        starter = User.objects.get(id=case.started_by_id)
        approval.withdraw(actor=starter, today=today, case_id=case.id, text=text)


@transaction.atomic
def refuse(*, actor: Any, today: date, claim_id: int, code: str, text: str) -> Claim:
    """Refuse the whole claim with a reason that the member reads; it may appeal once. Needs reguarantee_claims.check."""
    check(actor, "reguarantee_claims.check")
    hold_case(claim_id)
    claim = records.held(claim_id)
    if code not in reasons.REFUSALS:
        raise UnknownReason(field="code", code=code)
    if claim.status == Status.REVIEWING:
        _in(claim, Status.RECEIVED, Status.CHECKING)
    words = needed(text)
    records.move(claim, "reject", actor=actor, today=today)
    claim.reason_code, claim.reason, claim.decided_on = code, words, today
    claim.save()
    net_nothing(claim, actor=actor, today=today)
    end_case(claim, today=today, text=words)
    records.rule(claim, "reject", actor=actor, today=today, text=words, reason_code=code)
    records.let_go(claim, actor=actor, today=today)
    records.tell(claim, today=today)
    return claim


@transaction.atomic
def send_to_approval(*, actor: Any, today: date, claim_id: int) -> Claim:
    """Hand the checked claim to its approval. Needs reguarantee_claims.check. Raises ChecksFail, NothingPayable, WrongState."""
    check(actor, "reguarantee_claims.check")
    claim = records.locked(claim_id)
    _in(claim, Status.CHECKING)
    _recheck(claim, gettext_noop("Reckoned anew before approval."), actor=actor, today=today)
    last = claim.checks.order_by("-run").values_list("run", flat=True).first()
    failing = [row.code for row in claim.checks.filter(run=last) if row.is_blocking]
    if failing:
        raise ChecksFail(count=len(failing), codes=", ".join(failing))
    if claim.checked_fen <= 0:
        raise NothingPayable
    case = approvals.case_of(claim.subject)
    if case is not None and case.status == "RUNNING":
        # An approver sent it back to the entry: signing that task again hands it in (`resumed` moves the claim).
        task = case.tasks.filter(state="TODO", entry=True).first()
        if task is not None:
            approval.decide(actor=actor, today=today, task_id=task.id, facts=_facts(claim, today))
            claim.refresh_from_db()
            return claim
    records.move(claim, "review", actor=actor, today=today)
    claim.checked_by_id = actor.id
    claim.save()
    approval.start(
        actor=actor, today=today, code=FLOW, subject=claim.subject, title=claim.number, facts=_facts(claim, today),
        authors=[actor.id],
    )  # fmt: skip
    records.rule(claim, "review", actor=actor, today=today, checked_fen=claim.checked_fen)
    records.tell(claim, today=today)
    return claim


def _facts(claim: Claim, today: date) -> dict[str, Any]:
    limit = value("rg.claim.chairman_above_fen", on=today)
    return {"amount_fen": claim.checked_fen, "above_limit": claim.checked_fen > limit, "member": claim.member_code}


@transaction.atomic
def write(*, actor: Any, today: date, claim_id: int, text: str) -> CaseNote:
    """Write to the member about its claim. Needs reguarantee_claims.check. Raises TextNeeded."""
    check(actor, "reguarantee_claims.check")
    claim = records.locked(claim_id)
    words = needed(text)
    subject = f"claim:{claim.claim_no}"
    note = CaseNote.objects.create(
        claim=claim, member_code=claim.member_code, subject=subject, is_ours=True, author=actor.label, text=words, on=today
    )
    records.post(CaseMessage(subject=subject, author=actor.label, text=words, on=today), claim)
    records.rule(claim, "write", actor=actor, today=today)
    return note


def needed(text: str) -> str:
    if not text.strip():
        raise TextNeeded(field="text")
    return text.strip()
