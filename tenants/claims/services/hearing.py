"""Readers of what the group tells about our claims, and the cashier's receipt of its money."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Sum

from kernel.audit import services as audit
from kernel.cash import queries as moneys
from kernel.cash import services as cash
from kernel.cash.models import Report
from kernel.errors import Conflict, gettext_noop
from kernel.letters import CaseMessage, ClaimDecided, ClaimPaid
from kernel.notices import services as notices
from registry.tenancy import current
from tenants.acts import act
from tenants.claims.flow import CLAIM
from tenants.claims.models import CaseNote, Claim
from tenants.claims.services.claiming import NoSuchClaim

_NEWS = {
    "RETURNED": gettext_noop("The group returned claim %(claim_no)s: complete it and send it again."),
    "APPROVED": gettext_noop("The group approved claim %(claim_no)s."),
    "REJECTED": gettext_noop("The group refused claim %(claim_no)s."),
    "PAID": gettext_noop("The group paid claim %(claim_no)s."),
}
_FINAL = gettext_noop("The refusal of claim %(claim_no)s is final: the last day to appeal was %(on)s.")
_SENT = gettext_noop("The group sent money for claim %(claim_no)s: register it when it arrives.")
_UNSENT = gettext_noop("The group undid its payment for claim %(claim_no)s: see whether the money came.")
_FIGURES = ("checked_fen", "approved_fen", "netted_fen", "payable_fen", "reason", "answer_by", "decided_on")


class NothingExpected(Conflict):
    code = "CLAIM_NOTHING_EXPECTED"
    sentence = gettext_noop("The group has not approved this claim, so no money is expected for it.")


def key_of(claim: Claim) -> str:
    """The claim's money in kernel.cash, in both houses."""
    return f"claim:{current().code}:{claim.claim_no}"


def _found(claim_no: str) -> Claim | None:
    return Claim.objects.select_for_update(of=("self",)).select_related("guarantee").filter(claim_no=claim_no).first()


def open_claim_decided(letter: ClaimDecided, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CLAIM_DECIDED: keep where the claim stands; what is payable is expected from now on. Idempotent."""
    with act("claims.decided", actor=actor):
        claim = _found(letter.claim_no)
        if claim is None:
            raise NoSuchClaim
        before = claim.state
        if before == Claim.State.WITHDRAWN:  # taken back twice, it is answered twice; nothing about it changes any more
            return
        CLAIM.move(claim, f"hear_{letter.status.lower()}")
        for name in _FIGURES:
            setattr(claim, name, getattr(letter, name))
        claim.deficiencies_text = json.dumps(list(letter.deficiencies))
        claim.save()
        if letter.approved_fen:
            _expect(claim, actor=actor, on=letter.decided_on, sender=sender)
        facts = {"claim_no": claim.claim_no, "status": letter.status, "approved_fen": letter.approved_fen}
        audit.leave(actor=actor, act="claims.decided", subject=claim.guarantee.subject, facts=facts)
        if claim.state != before and claim.state in _NEWS:
            told = {"claim_no": claim.claim_no}
            notices.tell(post="CLAIMS_OFFICER", sentence=_NEWS[claim.state], facts=told, url=f"/claims/{claim.pk}/")
        elif claim.state == before == "REJECTED" and claim.answer_by and letter.decided_on > claim.answer_by:
            told = {"claim_no": claim.claim_no, "on": claim.answer_by.isoformat()}
            notices.tell(post="CLAIMS_OFFICER", sentence=_FINAL, facts=told, url=f"/claims/{claim.pk}/")


def _expect(claim: Claim, *, actor: Any, on: date, sender: str) -> None:
    key, why = key_of(claim), gettext_noop("Claim approved by the group")
    known = moneys.of(claim.subject).filter(key=key).first()
    if known is None:
        cash.expect(
            actor=actor, today=on, key=key, direction="IN", purpose="CLAIM", counterparty=sender, subject=claim.subject,
            fen=claim.payable_fen, due_on=None, why=why,
        )  # fmt: skip
        return
    # Where more has come here than the group owes by its books, the board shows the difference.
    by_fen = max(claim.payable_fen, known.moved_fen) - known.fen
    if by_fen:
        cash.change(actor=actor, today=on, key=key, by_fen=by_fen, why=gettext_noop("Held recoveries"))


def open_claim_paid(letter: ClaimPaid, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CLAIM_PAID: the group says that money was sent, and the cashier registers it when it comes; or that the
    payment was undone. Idempotent."""
    with act("claims.paid", actor=actor):
        claim = _found(letter.claim_no)
        if claim is None:
            raise NoSuchClaim
        said = {"counterparty": sender, "key": letter.key}
        entry = {"fen": letter.fen, "on": letter.on, "voucher_no": letter.voucher_no, "reference": letter.reference}
        cash.report(**said, purpose="CLAIM", said="SENT", **entry)
        claim.paid_fen = Report.objects.filter(**said, said="SENT").aggregate(total=Sum("fen"))["total"] or 0
        claim.save(update_fields=["paid_fen"])
        facts = {"claim_no": claim.claim_no, "fen": letter.fen, "voucher_no": letter.voucher_no}
        audit.leave(actor=actor, act="claims.paid", subject=claim.guarantee.subject, facts=facts)
        told = {"claim_no": claim.claim_no}
        news = _SENT if letter.fen > 0 else _UNSENT
        notices.tell(post="CASHIER", sentence=news, facts=told, url=f"/claims/{claim.pk}/")


def receive(*, actor: Any, today: date, claim_id: int, fen: int, on: date, voucher_no: str) -> Claim:
    """Register the group's money for a claim when it has arrived. Needs cash.receive. The group hears of it.

    Raises NoSuchClaim, NothingExpected, BadAmount, VoucherNeeded, VoucherUsed, MoneyFromTheFuture.
    """
    with act("claims.receive", actor=actor):
        claim = Claim.objects.select_related("guarantee").filter(id=claim_id).first()
        if claim is None:
            raise NoSuchClaim
        due = moneys.of(claim.subject).filter(key=key_of(claim)).first()
        if due is None:
            raise NothingExpected
        cash.receive(
            actor=actor, today=today, counterparty=due.counterparty, fen=fen, on=on, voucher_no=voucher_no, key=due.key,
            text=claim.claim_no,
        )  # fmt: skip
        facts = {"claim_no": claim.claim_no, "fen": fen, "voucher_no": voucher_no}
        audit.leave(actor=actor, act="claims.receive", subject=claim.guarantee.subject, facts=facts)
    return claim


def open_message(letter: CaseMessage, *, sender: str, actor: Any, today: date) -> None:
    """Reader of CASE_MESSAGE: keep what the group wrote about a claim or a filing, once, and wake the claims officer."""
    with act("claims.message", actor=actor):
        told = {"subject": letter.subject, "author": letter.author, "text": letter.text, "on": letter.on}
        CaseNote.objects.create(is_ours=False, **told)
        kind, _, key = letter.subject.partition(":")
        claim = Claim.objects.filter(claim_no=key).first() if kind == "claim" else None
        if claim is not None:
            news = gettext_noop("The group wrote about claim %(claim_no)s.")
            facts = {"claim_no": claim.claim_no}
            notices.tell(post="CLAIMS_OFFICER", sentence=news, facts=facts, url=f"/claims/{claim.pk}/")
