"""Readers of what members send: a claim (anew after a return, once more as an appeal), its withdrawal, a message."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.documents import handover
from kernel.documents.numbering import next_number
from kernel.errors import DomainError, gettext_noop
from kernel.letters import CaseMessage, ClaimSubmitted, ClaimWithdrawn
from kernel.notices import services as notices
from reguarantee.claims.models import Amount, CaseNote, Claim, Status
from reguarantee.claims.models.claim import DEAD
from reguarantee.claims.services import records
from reguarantee.claims.services.checking import end_case, hold_case, lift_denials, look
from reguarantee.claims.services.paying import net_nothing
from reguarantee.filings import queries as filings
from reguarantee.filings import services as filing_services

NOT_COVERED = gettext_noop("The guarantee is not covered by the group, so there is nothing to claim.")
DUPLICATE = gettext_noop("This payment to the bank was claimed already.")
APPEAL_LATE = gettext_noop("The appeal came after its last day, so the refusal stands.")
_TOLD = (
    "obligor_name", "obligor_key", "legal_rep", "legal_rep_at_filing", "iou_no", "contract_no", "principal_fen", "interest_fen",
    "asked_fen", "bank_notice_on", "voucher_no", "submitted_on", "account_name", "account_no", "account_bank", "late_reason",
)  # fmt: skip
_OPEN = (Status.RECEIVED, Status.CHECKING, Status.RETURNED, Status.REVIEWING)


@transaction.atomic
def open_claim(letter: ClaimSubmitted, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CLAIM_SUBMITTED: open the claim, take its papers, freeze the filing, check, and answer.

    The same round again changes nothing, it is answered again. A higher round answers a return; an appeal is heard once
    after a refusal, if it was sent by its last day; by that day and not by when the letter is read, so that a night in
    between decides nothing. A guarantee that is not covered and a payment claimed already are refused at once (domain.md 5.8).
    """
    filing = filings.of(sender, letter.guarantee_id)
    if filing is not None:
        records.hold_filing(filing.id)  # serves two letters about one guarantee one after the other
    claim_id = Claim.objects.filter(member_code=sender, claim_no=letter.claim_no).values_list("id", flat=True).first()
    if claim_id is None:
        _first(letter, sender, actor, today)
        return
    claim = records.held(claim_id)
    if claim.status == Status.RETURNED and letter.round > claim.round:
        event = "resubmit"
    elif claim.status == Status.REJECTED and letter.appeal and not claim.is_appeal:
        if claim.answer_by is not None and letter.submitted_on > claim.answer_by:
            _too_late(claim, letter, actor=actor, today=today)
            return
        if _is_taken(claim):
            records.tell(claim, today=today, reason=DUPLICATE)
            return
        event = "appeal"
    else:
        records.tell(claim, today=today)
        return
    _fill(claim, letter)
    if event == "appeal":
        claim.is_appeal = True
        _find_filing(claim)
        claim.approved_fen = 0
        lift_denials(claim, actor=actor, today=letter.submitted_on)
    claim.reason_code = claim.reason = ""
    records.move(claim, event, actor=actor, today=today, on=letter.submitted_on)
    claim.deficiencies.filter(mended_on=None).update(mended_on=letter.submitted_on)
    claim.save()
    _accept(claim, letter, actor=actor, today=today, event=event)


def _first(letter: ClaimSubmitted, sender: str, actor: Any, today: date) -> None:
    claim = Claim(
        number=next_number(kind="BC", today=today),
        member_code=sender,
        claim_no=letter.claim_no,
        guarantee_id=letter.guarantee_id,
        first_submitted_on=letter.submitted_on,
    )
    _fill(claim, letter)
    _find_filing(claim)
    if _is_taken(claim):
        claim.status = Status.REJECTED
    claim.save()
    if claim.status == Status.REJECTED:
        records.begin(claim, actor=actor, today=today)
        _refuse(claim, "DUPLICATE", DUPLICATE, actor=actor, today=today)
        return
    records.begin(claim, actor=actor, today=today, on=letter.submitted_on)
    _accept(claim, letter, actor=actor, today=today, event="receive")


def _too_late(claim: Claim, letter: ClaimSubmitted, *, actor: Any, today: date) -> None:
    """An appeal after its last day changes nothing; ruled once, however often the letter comes."""
    if not claim.rulings.filter(event="appeal_late").exists():
        told = {"submitted_on": letter.submitted_on, "last_day": claim.answer_by}
        records.rule(claim, "appeal_late", actor=actor, today=today, text=APPEAL_LATE, **told)
    records.tell(claim, today=today, reason=APPEAL_LATE)


def _fill(claim: Claim, letter: ClaimSubmitted) -> None:
    for name in _TOLD:
        setattr(claim, name, getattr(letter, name))
    claim.round = letter.round
    claim.compensation_fen, claim.compensated_on = letter.paid_fen, letter.paid_on


def _find_filing(claim: Claim) -> None:
    claim.filing = filings.of(claim.member_code, claim.guarantee_id)
    claim.treaty_version = claim.filing.treaty_version if claim.filing else None


def _is_taken(claim: Claim) -> bool:
    if claim.filing is None:
        return False
    others = Claim.objects.filter(filing=claim.filing, voucher_no=claim.voucher_no).exclude(status__in=DEAD)
    return others.exclude(id=claim.id).exists()


def _accept(claim: Claim, letter: ClaimSubmitted, *, actor: Any, today: date, event: str) -> None:
    why = gettext_noop("Round %(round)s of the member's claim.")
    records.amount(claim, Amount.Stage.ASKED, claim.asked_fen, why, actor=actor, today=letter.submitted_on, round=claim.round)
    if claim.filing is None or claim.treaty_version is None or not claim.filing.covered_fen:
        records.move(claim, "reject", actor=actor, today=today)
        claim.save()
        _refuse(claim, "NOT_COVERED", NOT_COVERED, actor=actor, today=today)
        return
    filing_services.freeze(actor=actor, today=letter.submitted_on, filing_id=claim.filing.id)
    _take_papers(claim, letter, actor=actor, today=today)
    look(claim, today=today)
    claim.save()
    records.rule(claim, event, actor=actor, today=today, round=claim.round, asked_fen=claim.asked_fen)
    notices.tell(
        post="CLAIMS_OFFICER", sentence=gettext_noop("Claim %(number)s of %(member)s has come."),
        facts={"number": claim.number, "member": claim.member_code}, url=f"/claims/{claim.id}/",
    )  # fmt: skip
    records.tell(claim, today=today)


def _refuse(claim: Claim, code: str, sentence: str, *, actor: Any, today: date) -> None:
    claim.reason_code, claim.reason, claim.decided_on = code, sentence, today
    claim.save()
    net_nothing(claim, actor=actor, today=today)
    records.rule(claim, "reject", actor=actor, today=today, text=sentence, reason_code=code)
    records.let_go(claim, actor=actor, today=today)
    records.tell(claim, today=today)


def _take_papers(claim: Claim, letter: ClaimSubmitted, *, actor: Any, today: date) -> None:
    for offered in letter.documents:
        try:
            handover.take(actor=actor, today=today, subject=claim.subject, kind=offered["slot"], offered=offered)
        except DomainError as damaged:
            # One bad paper must not keep the claim from arriving: it is missing, and the ruling says why.
            records.rule(claim, "paper_refused", actor=actor, today=today, text=str(damaged), reason_code=damaged.code)


@transaction.atomic
def open_withdrawn(letter: ClaimWithdrawn, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CLAIM_WITHDRAWN: the claim ends unless it was decided; then the member hears how it stands."""
    claim_id = Claim.objects.filter(member_code=sender, claim_no=letter.claim_no).values_list("id", flat=True).first()
    if claim_id is None:
        return
    hold_case(claim_id)
    claim = records.held(claim_id)
    if claim.status in _OPEN:
        records.move(claim, "withdraw", actor=actor, today=today)
        claim.reason = letter.reason
        claim.save()
        net_nothing(claim, actor=actor, today=today)
        end_case(claim, today=today, text=letter.reason)
        records.rule(claim, "withdraw", actor=actor, today=today, text=letter.reason)
        records.let_go(claim, actor=actor, today=today)
    records.tell(claim, today=today)


@transaction.atomic
def open_message(letter: CaseMessage, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CASE_MESSAGE: keep it beside the claim, and wake the claims officers."""
    kind, _, key = letter.subject.partition(":")
    claim = Claim.objects.filter(member_code=sender, claim_no=key).first() if kind == "claim" else None
    note = {"claim": claim, "member_code": sender, "subject": letter.subject, "text": letter.text, "on": letter.on}
    CaseNote.objects.create(is_ours=False, author=letter.author, **note)
    if claim is not None:
        notices.tell(
            post="CLAIMS_OFFICER", sentence=gettext_noop("%(member)s wrote about claim %(number)s."),
            facts={"member": sender, "number": claim.number}, url=f"/claims/{claim.id}/",
        )  # fmt: skip
