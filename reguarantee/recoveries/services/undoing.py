"""A recovery that was reported by mistake, or bounced: an opposite one undoes it, part by part."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.audit import services as audit
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.errors import Conflict, gettext_noop
from kernel.letters import RecoveryReported
from reguarantee.claims.models import OutwardClaim
from reguarantee.claims.services.outward import lower_outward
from reguarantee.claims.services.paying import put_back
from reguarantee.claims.services.records import hold_loss
from reguarantee.recoveries.models import Recovery, Share
from reguarantee.recoveries.services import funds, sharing
from reguarantee.recoveries.services.standing import alive
from reguarantee.recoveries.words import said

_UNDONE = gettext_noop("Undoes %(number)s: nothing of it is due any more.")


class UndoesNothing(Conflict):
    code = "UNDOES_NOTHING"
    sentence = gettext_noop("%(number)s is no standing recovery of this guarantee with these amounts, so it cannot be undone.")


def undo(letter: RecoveryReported, *, sender: str, actor: Any, today: date) -> Recovery:
    """Write the opposite of a recovery. What was taken off a claim that is not paid yet is put back on it; what the member
    has sent, or kept from a claim that was paid, the group owes it again; what the fund was given or credited, it owes the
    group again. The caller holds the transaction. Raises UndoesNothing."""
    _hold(sender, letter)
    first = (
        Recovery.objects.select_for_update(of=("self",))
        .filter(member_code=sender, recovery_no=letter.reverses, guarantee_id=letter.guarantee_id, reverses=None)
        .filter(reversed_by=None, gross_fen=-letter.gross_fen, cost_fen=-letter.cost_fen)
        .first()
    )
    if first is None or not 0 <= letter.unsent_fen <= first.remit_fen:
        raise UndoesNothing(number=letter.reverses)
    for claim in alive(first.filing) if first.filing is not None and first.netted_fen else ():
        put_back(actor=actor, today=today, claim_id=claim.pk, recovery_no=first.recovery_no)
    first.refresh_from_db()
    row = Recovery.objects.create(
        member_code=sender,
        recovery_no=letter.recovery_no,
        guarantee_id=first.guarantee_id,
        filing_id=first.filing_id,
        claim_no=first.claim_no,
        answer=first.answer,
        on=letter.on,
        gross_fen=letter.gross_fen,
        cost_fen=letter.cost_fen,
        net_fen=letter.gross_fen - letter.cost_fen,
        method=first.method,
        after_write_off=first.after_write_off,
        remit_fen=-first.remit_fen,
        held_fen=-first.held_fen,
        netted_fen=-first.netted_fen,
        key=f"recovery:{sender}:{letter.recovery_no}",
        why=said(_UNDONE, number=first.recovery_no),
        reverses=first,
        opened_on=today,
    )
    parts = list(first.shares.all())
    Share.objects.bulk_create(_opposite(row, part) for part in parts)
    # It may have come before the member wrote down that it was sent: what is here is given back.
    unsent = min(letter.unsent_fen, money.due(first.key).open_fen) if letter.unsent_fen else 0
    if unsent:
        cash.change(actor=actor, today=today, key=first.key, by_fen=-unsent, why=row.why)
    refund = first.remit_fen - unsent + first.netted_fen
    if refund:
        _expect(row, "OUT", "RECOVERY_REFUND", sender, row.key, refund, actor, today)
    for part in parts:
        _take_back(row, part, actor, today)
    facts = {"member": sender, "recovery_no": row.recovery_no, "undoes": first.recovery_no, "refund_fen": refund}
    audit.leave(actor=actor, act="reguarantee_recoveries.undo", subject=f"guarantee:{sender}:{row.guarantee_id}", facts=facts)
    shares = {part.party: -part.fen for part in parts}
    sharing.tell(row, shares=shares, roles={part.party: part.role for part in parts}, refund_fen=refund)
    return row


def _hold(sender: str, letter: RecoveryReported) -> None:
    """The money of the loss and of this recovery before the recovery itself (reguarantee.claims.services)."""
    found = Recovery.objects.filter(member_code=sender, recovery_no=letter.reverses).first()
    if found is not None and found.filing_id is not None:
        hold_loss(found.filing_id, found.key, *(funds.fund_key(part) for part in found.shares.all() if part.passed_fen))


def _opposite(row: Recovery, part: Share) -> Share:
    return Share(
        recovery=row,
        party=part.party,
        role=part.role,
        obligation_fen=part.obligation_fen,
        paid_fen=part.paid_fen,
        fen=-part.fen,
        held_fen=-part.held_fen,
        passed_fen=-part.passed_fen,
        netted_fen=-part.netted_fen,
    )


def _take_back(row: Recovery, part: Share, actor: Any, today: date) -> None:
    """A fund's part: what has not left yet is cancelled, what has left comes back, a lowered claim rises again."""
    if part.passed_fen:
        key = funds.fund_key(part)
        # A payment to the fund that waits for confirmation is as good as sent.
        open_fen = 0 if money.waiting(key) else min(money.due(key).open_fen, part.passed_fen)
        if open_fen:
            cash.change(actor=actor, today=today, key=key, by_fen=-open_fen, why=row.why)
        if left := part.passed_fen - open_fen:
            back = f"fund-recovery-refund:{part.party}:{row.member_code}:{row.recovery_no}"
            _expect(row, "IN", "FUND_RECOVERY_REFUND", funds.code_of(part.party), back, left, actor, today)
    if part.netted_fen:
        outward = OutwardClaim.objects.filter(claim__filing_id=row.filing_id, party=part.party).order_by("id").last()
        if outward is not None:
            lower_outward(actor=actor, today=today, outward_id=outward.pk, fen=-part.netted_fen, recovery_no=row.recovery_no)


def _expect(row: Recovery, way: str, purpose: str, party: str, key: str, fen: int, actor: Any, today: date) -> None:
    cash.expect(
        actor=actor,
        today=today,
        key=key,
        direction=way,
        purpose=purpose,
        counterparty=party,
        subject=f"recovery:{row.pk}",
        fen=fen,
        due_on=None,
        why=row.why,
    )
