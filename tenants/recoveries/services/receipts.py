"""Money from the debtor: recorded once per voucher, costs taken first, told to the group, undone by an opposite."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.cash.services.dues import hold
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.letters import RecoveryReported
from kernel.money import yuan
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import current
from tenants.acts import act
from tenants.recoveries.models import Case, Method, Receipt
from tenants.recoveries.services import cases


class BadReceipt(Invalid):
    code = "BAD_RECOVERY_RECEIPT"
    sentence = gettext_noop("Enter an amount above 0, the way it was got, and the voucher's number.")


class VoucherStands(Conflict):
    code = "RECOVERY_VOUCHER_STANDS"
    sentence = gettext_noop("Voucher %(voucher_no)s is recorded already, with %(fen)s yuan. Check the number or the amount.")


class OverRecovered(Invalid):
    code = "OVER_RECOVERED"
    sentence = gettext_noop("The debtor owes %(owed)s yuan more after costs; %(net)s yuan are more than that.")


class NoSuchReceipt(NotFound):
    code = "NO_SUCH_RECOVERY"
    sentence = gettext_noop("There is no such recovery.")


class AlreadyUndone(Conflict):
    code = "RECOVERY_UNDONE"
    sentence = gettext_noop("%(number)s is undone already.")


class NotAnswered(Conflict):
    code = "RECOVERY_NOT_ANSWERED"
    sentence = gettext_noop("The group has not answered %(number)s yet. Wait for its answer, then undo it.")


def record(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    on: date,
    gross_fen: int,
    method: str,
    voucher_no: str,
    costs: Mapping[str, int] | None = None,
) -> Receipt:
    """Record what came from the debtor and tell the group (domain.md 5.9, 7.8). Margin applied is a receipt as well.

    `costs` (kind → fen) were spent for it; with costs of the case still open they are taken off first, never more than the
    receipt holds: the rest waits for the next one, so the net is never below nothing. The same voucher again with the
    same figures returns the standing row. Needs recoveries.record. Raises BadReceipt, VoucherStands, OverRecovered,
    NothingToPursue, NoCost.
    """
    check(actor, "recoveries.record")
    voucher_no = voucher_no.strip()
    if gross_fen <= 0 or method not in Method.values or not voucher_no:
        field = "gross_fen" if gross_fen <= 0 else "voucher_no" if not voucher_no else "method"
        raise BadReceipt(field=field)
    if on > today:
        raise cases.NotInTheFuture(field="on", on=on)
    with act("recoveries.record", actor=actor):
        case = cases.hold(guarantee_id, actor=actor, today=today)
        booked = list(case.receipts.filter(reverses=None, voucher_no__in=_names(case, voucher_no)).order_by("id"))
        standing = next((row for row in booked if not hasattr(row, "reversed_by")), None)
        if standing is not None:
            if (standing.gross_fen, standing.on, standing.method) != (gross_fen, on, method):
                raise VoucherStands(field="voucher_no", voucher_no=voucher_no, fen=yuan(standing.gross_fen))
            return standing
        owed = cases.still_owed(case)
        for kind, fen in (costs or {}).items():
            if fen:
                cases.add_cost(case, kind, fen, on, actor=actor, today=today)
        cost_fen = min(cases.open_cost(case), gross_fen)
        if gross_fen - cost_fen > owed:
            raise OverRecovered(field="gross_fen", owed=yuan(max(owed, 0)), net=yuan(gross_fen - cost_fen))
        receipt = Receipt.objects.create(
            case=case,
            number=next_number(kind="ZH", today=today),
            on=on,
            gross_fen=gross_fen,
            cost_fen=cost_fen,
            net_fen=gross_fen - cost_fen,
            method=method,
            voucher_no=_name(voucher_no, len(booked)),
            after_write_off=case.state == Case.State.WRITTEN_OFF,
            by=actor.label,
        )
        if method != Method.MARGIN:  # the deposit is in our account already
            _came(case, receipt, voucher_no, actor, today)
        _tell(case, receipt)
        facts = {"case": case.number, "number": receipt.number, "gross_fen": gross_fen, "cost_fen": cost_fen, "method": method}
        audit.leave(actor=actor, act="recoveries.record", subject=case.guarantee.subject, facts=facts | {"on": on})
    return receipt


def undo(*, actor: Any, today: date, receipt_id: int, reason: str) -> Receipt:
    """Undo a recovery that was recorded by mistake or bounced, by an opposite one; costs are open again.

    What was not yet passed on to the group and the bank need not be any more; what was, they give back. Needs
    recoveries.write_off and cash.confirm (other rights than to record). Raises NoSuchReceipt, AlreadyUndone, NotAnswered,
    OrderOpen.
    """
    check(actor, "recoveries.write_off")
    if not reason.strip():
        raise cash.ReasonNeeded(field="reason")
    found = Receipt.objects.filter(id=receipt_id).values_list("case__guarantee_id", flat=True).first()
    if found is None:
        raise NoSuchReceipt
    with act("recoveries.undo", actor=actor):
        case = cases.hold(found, actor=actor, today=today)
        first = case.receipts.get(id=receipt_id)
        if first.reverses_id or case.receipts.filter(reverses=first).exists():
            raise AlreadyUndone(number=first.number)
        if not hasattr(first, "sharing"):
            raise NotAnswered(number=first.number)
        opposite = Receipt.objects.create(
            case=case,
            number=next_number(kind="ZH", today=today),
            on=today,
            gross_fen=-first.gross_fen,
            cost_fen=-first.cost_fen,
            net_fen=-first.net_fen,
            method=first.method,
            voucher_no=first.voucher_no,
            after_write_off=first.after_write_off,
            reverses=first,
            reason=reason.strip()[:300],
            by=actor.label,
        )
        _went_back(first, opposite, actor, today)
        unsent = _take_off(remit_key(first), opposite, actor, today) if first.sharing.remit_fen else 0
        if first.sharing.bank_fen:
            kept = _take_off(bank_key(first), opposite, actor, today)
            if sent := first.sharing.bank_fen - kept:
                key, bank = f"bank-recovery-refund:{opposite.number}", case.guarantee.bank_code
                expect(opposite, "IN", "BANK_RECOVERY_REFUND", bank, key, sent, None, actor, today)
        _tell(case, opposite, reverses=first.number, unsent_fen=unsent)
        facts = {"case": case.number, "number": opposite.number, "undoes": first.number, "reason": reason.strip()}
        audit.leave(actor=actor, act="recoveries.undo", subject=case.guarantee.subject, facts=facts)
    return opposite


def _name(voucher_no: str, undone: int) -> str:
    """The transfer's number on a receipt; recorded anew after it was undone, it says which time this is."""
    return f"{voucher_no} ({undone + 1})" if undone else voucher_no


def _names(case: Case, voucher_no: str) -> list[str]:
    return [_name(voucher_no, undone) for undone in range(case.receipts.exclude(reverses=None).count() + 1)]


def _came(case: Case, receipt: Receipt, voucher_no: str, actor: Any, today: date) -> None:
    """The debtor's money in our account, as one movement of kernel.cash."""
    debtor, key = f"debtor:{case.guarantee.customer_id}", f"debtor:{receipt.number}"
    expect(receipt, "IN", "DEBTOR", debtor, key, receipt.gross_fen, None, actor, today)
    came = {"counterparty": debtor, "fen": receipt.gross_fen, "on": receipt.on, "voucher_no": voucher_no}
    cash.receive(actor=actor, today=today, key=key, text=receipt.number, **came)


def _went_back(receipt: Receipt, opposite: Receipt, actor: Any, today: date) -> None:
    """The debtor's money is taken out of our books again, unless that was done before, and expected no more."""
    key = f"debtor:{receipt.number}"
    for movement in money.settling(key):
        cash.reverse(actor=actor, today=today, movement_id=movement.pk, reason=opposite.reason)
    if receipt.method != Method.MARGIN:
        _take_off(key, opposite, actor, today)


def remit_key(receipt: Receipt) -> str:
    """The key of what goes to the group, the same in both houses."""
    return f"recovery:{current().code}:{receipt.number}"


def bank_key(receipt: Receipt) -> str:
    return f"bank-recovery:{receipt.number}"


def expect(
    receipt: Receipt,
    way: str,
    purpose: str,
    party: str,
    key: str,
    fen: int,
    due_on: date | None,
    actor: Any,
    today: date,
) -> None:
    """Write down money that has to move because of a recovery."""
    cash.expect(
        actor=actor,
        today=today,
        key=key,
        direction=way,
        purpose=purpose,
        counterparty=party,
        subject=f"recovery:{receipt.pk}",
        fen=fen,
        due_on=due_on,
        why=receipt.number,
    )


def _take_off(key: str, opposite: Receipt, actor: Any, today: date) -> int:
    """Lower a due by what has not moved of it; returns that, in fen. Raises OrderOpen while a payment of it waits."""
    left = hold(key).open_fen
    if left:
        cash.change(actor=actor, today=today, key=key, by_fen=-left, why=opposite.number)
    return left


def _tell(case: Case, receipt: Receipt, *, reverses: str = "", unsent_fen: int = 0) -> None:
    letter = RecoveryReported(
        guarantee_id=case.guarantee_id,
        recovery_no=receipt.number,
        on=receipt.on,
        gross_fen=receipt.gross_fen,
        cost_fen=receipt.cost_fen,
        method=receipt.method,
        after_write_off=receipt.after_write_off,
        reverses=reverses,
        principal_fen=cases.compensated_principal(case.guarantee),
        unsent_fen=unsent_fen,
    )
    outbox.post(letter, sender=current().code, to=registry.group().code, subject=case.guarantee.subject)
