"""Our claim on the group: drafted from the compensation, sent, sent again after a return, withdrawn, appealed, asked about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.documents import handover
from kernel.documents.models import Document
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.letters import CaseMessage, ClaimSubmitted, ClaimWithdrawn, Letter
from kernel.money import half_up
from kernel.outbox import services as outbox
from kernel.parameters.queries import value
from registry import queries as registry
from registry.tenancy import current
from tenants.acts import act
from tenants.claims.flow import CLAIM
from tenants.claims.models import CaseNote, Claim, Compensation, Submission
from tenants.claims.services.papers import required, subject_of, terms_of
from tenants.claims.slots import SLOTS
from tenants.customers.models import Customer, CustomerEvent
from tenants.customers.queries import obligor_key
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services.compensating import liability

COVERED = ("COVERED", "PARTLY")


class NoSuchClaim(NotFound):
    code = "NO_SUCH_CLAIM"
    sentence = gettext_noop("There is no such claim.")


class NotCovered(Conflict):
    code = "CLAIM_NOT_COVERED"
    sentence = gettext_noop(
        "The group does not cover this guarantee, so there is nothing to claim from it. See its cover for the reason."
    )


class PapersMissing(Invalid):
    code = "CLAIM_PAPERS_MISSING"
    sentence = gettext_noop("These papers are still missing: %(slots)s. Add them, then submit.")


class LateNeedsReason(Invalid):
    code = "CLAIM_LATE"
    sentence = gettext_noop("The last day was %(on)s. Say why the claim is late; without a reason it is refused.")


class AccountNeeded(Invalid):
    code = "CLAIM_ACCOUNT_NEEDED"
    sentence = gettext_noop("Enter name, number and bank of the account to which the group shall pay.")


class AppealUsed(Conflict):
    code = "APPEAL_USED"
    sentence = gettext_noop("This claim was appealed once already; the refusal is final.")


class AppealTooLate(Conflict):
    code = "APPEAL_TOO_LATE"
    sentence = gettext_noop("The last day to appeal was %(on)s; the refusal is final.")


class ReasonNeeded(Invalid):
    code = "CLAIM_REASON_NEEDED"
    sentence = gettext_noop("Say why; the group reads it.")


class NotToWithdraw(Conflict):
    code = "CLAIM_NOT_TO_WITHDRAW"
    sentence = gettext_noop("The group has decided this claim already, so it can no longer be withdrawn.")


def deadline(compensation: Compensation) -> date:
    """The last day to claim: the day of the payment counts as day 1 (domain.md 5.8.2: 2026-01-01 → 2026-04-30)."""
    guarantee = compensation.guarantee
    terms = terms_of(guarantee)
    days = terms.deadline_days if terms and terms.deadline_days else None
    if days is None:
        scopes = {"product": guarantee.product.code, "member": current().code}
        days = value("rg.claim.deadline_days", on=compensation.paid_on, **scopes)
    return compensation.paid_on + timedelta(days=days - 1)


def figures(compensation: Compensation) -> tuple[int, int]:
    """(base, asked) in fen: the whole unpaid principal, the bank's part included, by the ratio ceded at filing (5.8.1).

    Interest counts where the agreement says so. A payment below the guarantee's share is claimed in proportion. The
    ceded amount is of the covered part, so a partly covered guarantee asks for its part only.
    """
    guarantee = compensation.guarantee
    terms = terms_of(guarantee)
    with_interest = terms is not None and terms.loss_base == "PRINCIPAL_AND_INTEREST"
    base = compensation.principal_fen + (compensation.interest_fen if with_interest else 0)
    owed = liability(guarantee, compensation.principal_fen, compensation.interest_fen)
    paid = min(compensation.paid_fen, owed)
    asked = half_up(base * guarantee.ceded_fen * paid, guarantee.drawn_fen * owed) if owed and guarantee.drawn_fen else 0
    return base, asked


def open_draft(compensation: Compensation, *, actor: Any, today: date) -> Claim | None:
    """After a payment to the bank: the claim with its figures and its last day, when the guarantee is covered."""
    if compensation.guarantee.coverage not in COVERED:
        return None
    standing = Claim.objects.filter(compensation=compensation).exclude(state="WITHDRAWN").first()
    if standing is not None:
        return standing
    base, asked = figures(compensation)
    claim = Claim.objects.create(
        claim_no=next_number(kind="BC", today=today),
        guarantee=compensation.guarantee,
        compensation=compensation,
        base_fen=base,
        asked_fen=asked,
        deadline_on=deadline(compensation),
    )
    _left(claim, "claims.draft", actor, asked_fen=asked, deadline_on=claim.deadline_on)
    return claim


def draft(*, actor: Any, today: date, compensation_id: int) -> Claim:
    """Begin a claim by hand, for a payment made before the group covered the guarantee, or after a withdrawal.

    Needs claims.submit. Raises NoSuchClaim, NotCovered. The claim that stands already is given back.
    """
    check(actor, "claims.submit")
    with act("claims.draft", actor=actor):
        rows = Compensation.objects.select_for_update(of=("self",)).select_related("guarantee__product", "guarantee__customer")
        compensation = rows.filter(id=compensation_id).first()
        if compensation is None:
            raise NoSuchClaim
        claim = open_draft(compensation, actor=actor, today=today)
    if claim is None:
        raise NotCovered
    return claim


def submit(
    *,
    actor: Any,
    today: date,
    claim_id: int,
    account_name: str = "",
    account_no: str = "",
    account_bank: str = "",
    late_reason: str = "",
) -> Claim:
    """Send the claim to the group with its papers: the first time, again after a return, or once more after a refusal.

    Needs claims.submit. Raises WrongState, NotCovered, PapersMissing, LateNeedsReason, AccountNeeded, AppealUsed, AppealTooLate.
    """
    check(actor, "claims.submit")
    with act("claims.submit", actor=actor):
        claim = _held(claim_id)
        event = {"RETURNED": "answer", "REJECTED": "appeal"}.get(claim.state, "submit")
        if event == "appeal" and claim.is_appeal:
            raise AppealUsed
        if event == "appeal" and claim.answer_by is not None and today > claim.answer_by:
            raise AppealTooLate(on=claim.answer_by)
        if claim.guarantee.coverage not in COVERED:
            raise NotCovered
        CLAIM.move(claim, event)
        account = {"account_name": account_name, "account_no": account_no, "account_bank": account_bank}
        for name, text in account.items():
            setattr(claim, name, text.strip() or getattr(claim, name))
            if not getattr(claim, name):
                raise AccountNeeded(field=name)
        claim.late_reason = late_reason.strip() or claim.late_reason
        if event == "appeal" and not late_reason.strip():
            raise ReasonNeeded(field="late_reason")
        if event == "submit" and today > claim.deadline_on and not claim.late_reason:
            raise LateNeedsReason(field="late_reason", on=claim.deadline_on)
        _complete(claim)
        claim.base_fen, claim.asked_fen = figures(claim.compensation)
        claim.round += 1
        claim.is_appeal = claim.is_appeal or event == "appeal"
        claim.submitted_on = claim.submitted_on or today
        claim.deficiencies_text, claim.answer_by, claim.reason = "[]", None, ""
        claim.save()
        papers = _handed_over(claim)
        _post(_letter(claim, papers, today, event == "appeal"), claim)
        Submission.objects.create(
            claim=claim, round=claim.round, on=today, by=actor.label, asked_fen=claim.asked_fen, papers=len(papers),
            late_reason=claim.late_reason, is_appeal=event == "appeal",
        )  # fmt: skip
        _left(claim, f"claims.{event}", actor, round=claim.round, asked_fen=claim.asked_fen, papers=len(papers))
    return claim


def missing(claim: Claim) -> list[str]:
    """Codes of the required papers that are not there."""
    there = set(_papers(claim).values_list("kind", flat=True))
    return [slot for slot in required(claim.guarantee) if slot not in there]


def _complete(claim: Claim) -> None:
    if lacking := missing(claim):
        raise PapersMissing(slots=gettext(", ").join(str(SLOTS.get(slot, slot)) for slot in lacking))


def _papers(claim: Claim) -> Any:
    return Document.objects.filter(subject=subject_of(claim.guarantee_id), removed_at=None)


def _handed_over(claim: Claim) -> tuple[dict[str, Any], ...]:
    to, subject = registry.group().code, subject_of(claim.guarantee_id)
    return tuple(
        {"slot": document.kind, **handover.offer(subject=subject, document_id=document.id, to=to)} for document in _papers(claim)
    )


def _letter(claim: Claim, papers: tuple[dict[str, Any], ...], today: date, appeal: bool) -> ClaimSubmitted:
    guarantee, paid = claim.guarantee, claim.compensation
    customer = guarantee.customer
    first = guarantee.drawdowns.order_by("on", "id").first()
    return ClaimSubmitted(
        guarantee_id=guarantee.pk,
        claim_no=claim.claim_no,
        round=claim.round,
        obligor_name=customer.name,
        obligor_key=obligor_key(customer),
        legal_rep=customer.legal_rep,
        legal_rep_at_filing=_representative_then(customer, guarantee),
        iou_no=first.iou_no if first else "",
        contract_no=guarantee.contract_no,
        principal_fen=paid.principal_fen,
        interest_fen=paid.interest_fen,
        paid_fen=paid.paid_fen,
        asked_fen=claim.asked_fen,
        paid_on=paid.paid_on,
        bank_notice_on=paid.bank_notice_on,
        voucher_no=paid.voucher_no,
        submitted_on=today,
        account_name=claim.account_name,
        account_no=claim.account_no,
        account_bank=claim.account_bank,
        documents=papers,
        late_reason=claim.late_reason,
        appeal=appeal,
    )


def _representative_then(customer: Customer, guarantee: Guarantee) -> str:
    """Who represented the customer on the day of the first drawdown: each event keeps the values that it replaced."""
    later = CustomerEvent.objects.filter(pgh_obj_id=customer.pk, pgh_created_at__date__gt=guarantee.start_on)
    event = later.order_by("pgh_created_at", "pgh_id").first()
    return event.legal_rep if event is not None else customer.legal_rep


def withdraw(*, actor: Any, today: date, claim_id: int, reason: str) -> Claim:
    """Take the claim back: a draft at once, one that was sent when the group has read it. Needs claims.submit.

    Raises NotToWithdraw, ReasonNeeded.
    """
    check(actor, "claims.submit")
    with act("claims.withdraw", actor=actor):
        claim = _held(claim_id)
        if not reason.strip():
            raise ReasonNeeded(field="reason")
        if claim.state == "DRAFT":
            CLAIM.move(claim, "drop")
        elif claim.state in ("SUBMITTED", "RECEIVED", "CHECKING", "RETURNED", "REVIEWING"):
            _post(ClaimWithdrawn(claim_no=claim.claim_no, reason=reason.strip()), claim)
        else:
            raise NotToWithdraw
        claim.save()
        _left(claim, "claims.withdraw", actor, reason=reason.strip())
    return claim


def write(*, actor: Any, today: date, claim_id: int, text: str) -> CaseNote:
    """Write to the group about the claim. Needs claims.file. Raises ReasonNeeded."""
    check(actor, "claims.file")
    with act("claims.write", actor=actor):
        claim = _held(claim_id)
        if not text.strip():
            raise ReasonNeeded(field="text")
        subject = f"claim:{claim.claim_no}"
        note = CaseNote.objects.create(subject=subject, is_ours=True, author=actor.label, text=text.strip(), on=today)
        _post(CaseMessage(subject=subject, author=actor.label, text=text.strip(), on=today), claim)
        _left(claim, "claims.write", actor)
    return note


def _held(claim_id: int) -> Claim:
    rows = Claim.objects.select_for_update(of=("self",))
    rows = rows.select_related("guarantee__product", "guarantee__customer", "compensation__guarantee__product")
    claim = rows.filter(id=claim_id).first()
    if claim is None:
        raise NoSuchClaim
    return claim


def _post(letter: Letter, claim: Claim) -> None:
    outbox.post(letter, sender=current().code, to=registry.group().code, subject=claim.guarantee.subject)


def _left(claim: Claim, what: str, actor: Any, **facts: Any) -> None:
    told = {"claim_no": claim.claim_no, "number": claim.guarantee.number, **facts}
    audit.leave(actor=actor, act=what, subject=claim.guarantee.subject, facts=told)
