"""Money of a claim: paid by two people through kernel.cash, told to the member, lowered by held recoveries."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.cash import listeners as money
from kernel.cash import queries as moneys
from kernel.cash import services as cash
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.letters import ClaimPaid
from kernel.money import yuan
from reguarantee.claims.flow import CLAIM
from reguarantee.claims.models import Amount, Claim, Status
from reguarantee.claims.services import records
from reguarantee.claims.services.outward import settle

UNPAID = (Status.RECEIVED, Status.CHECKING, Status.RETURNED, Status.REVIEWING, Status.APPROVED)
"""A claim from which a held recovery can still be taken off."""

on_given_back: list[Callable[..., None]] = []
"""Called with `claim, recovery_no, fen, actor, today` when less of a recovery is taken off a claim than before."""


class NotPaidYet(Conflict):
    code = "CLAIM_NOT_TO_BE_PAID"
    sentence = gettext_noop("This claim has no payment waiting. Prepare one when it is approved.")


class NettedTooMuch(Invalid):
    code = "NETTED_TOO_MUCH"
    sentence = gettext_noop("Only %(most)s yuan of the claim are still to be paid, so no more can be taken off.")


class NettedOtherwise(Conflict):
    code = "NETTED_OTHERWISE"
    sentence = gettext_noop("Recovery %(recovery_no)s was taken off this claim already, with %(fen)s yuan.")


@transaction.atomic
def prepare(
    *, actor: Any, today: date, claim_id: int, account_name: str = "", account_no: str = "", account_bank: str = ""
) -> Claim:
    """Prepare the payment to the account that the claim names, or to another. Another person confirms it.

    Needs reguarantee_claims.pay and cash.prepare. Raises WrongState, AccountMissing, OrderOpen.
    """
    check(actor, "reguarantee_claims.pay")
    claim = records.held(claim_id)
    CLAIM.move(claim, "prepare")  # refused before the account is looked at; what is kept, `ordered` writes
    account = {
        "account_name": account_name or claim.account_name,
        "account_no": account_no or claim.account_no,
        "account_bank": account_bank or claim.account_bank,
    }
    cash.prepare(actor=actor, today=today, key=claim.key, **account)
    return records.locked(claim_id)


@transaction.atomic
def confirm(*, actor: Any, today: date, claim_id: int, voucher_no: str, on: date | None = None) -> Claim:
    """Confirm that the prepared payment was sent, with the bank's voucher: the claim is paid and the member told.

    Needs reguarantee_claims.pay and cash.confirm, and another person than prepared it. Raises NotPaidYet, SamePerson,
    VoucherNeeded, VoucherUsed.
    """
    check(actor, "reguarantee_claims.pay")
    claim = records.held(claim_id)
    cash.confirm(actor=actor, today=today, order_id=_order(claim).id, voucher_no=voucher_no, on=on)  # `moved` does the rest
    return records.locked(claim_id)


@transaction.atomic
def cancel(*, actor: Any, today: date, claim_id: int, reason: str) -> Claim:
    """Cancel the prepared payment. Needs reguarantee_claims.pay. Raises NotPaidYet."""
    check(actor, "reguarantee_claims.pay")
    claim = records.held(claim_id)
    cash.cancel(actor=actor, today=today, order_id=_order(claim).id, reason=reason)  # `ordered` does the rest
    return records.locked(claim_id)


def _order(claim: Claim) -> Any:
    order = moneys.waiting(claim.key)
    if order is None:
        raise NotPaidYet
    return order


def ordered(*, due: Any, order: Any, actor: Any, today: date) -> None:
    """Listener: a payment of a claim was prepared or cancelled, here or at the desk of payments. Inside its transaction."""
    claim = records.locked(int(due.subject.partition(":")[2]))
    if order.state == "PREPARED":
        event, facts = "prepare", {"order": order.number, "fen": order.fen}
    else:
        event, facts = "cancel_payment", {"order": order.number, "text": order.reason}
        if claim.status != Status.PAYING:  # an earlier part of it was undone meanwhile
            return
    records.move(claim, event, actor=actor, today=today)
    claim.save()
    records.rule(claim, event, actor=actor, today=today, **facts)
    records.tell(claim, today=today)


def moved(*, due: Any, movement: Any, allocation: Any, actor: Any, today: date) -> None:
    """Listener: money of a claim was paid (wherever it was confirmed), or, negative, undone. Inside its transaction."""
    claim = records.locked(int(due.subject.partition(":")[2]))
    if claim.payments.filter(allocation_id=allocation.id).exists():
        return
    payment = {"fen": allocation.fen, "on": movement.on, "voucher_no": movement.voucher_no}
    reference = money.word(due=due, movement=movement, allocation=allocation)["reference"]
    records.post(ClaimPaid(claim_no=claim.claim_no, key=claim.key, reference=reference, **payment), claim)
    claim.payments.create(allocation_id=allocation.id, movement_no=movement.number, by=movement.by, **payment)
    claim.paid_fen += allocation.fen
    why = gettext_noop("Payment %(movement)s, voucher %(voucher)s.")
    facts = {"movement": movement.number, "voucher": movement.voucher_no}
    records.amount(claim, Amount.Stage.PAID, allocation.fen, why, actor=actor, today=today, **facts)
    if allocation.fen < 0:
        claim.paid_on = None
        records.move(claim, "undo_payment", actor=actor, today=today)
        if moneys.waiting(claim.key):  # another part of it is prepared
            records.move(claim, "prepare", actor=actor, today=today)
        whole = False
    else:
        claim.paid_on, whole = movement.on, claim.paid_fen >= claim.payable_fen
        records.move(claim, "pay" if whole else "pay_part", actor=actor, today=today)
    claim.save()
    records.rule(claim, "pay", actor=actor, today=today, fen=allocation.fen, movement=movement.number)
    if whole:
        settle(claim, actor=actor, today=today)
    else:
        records.tell(claim, today=today)


@transaction.atomic
def net(*, actor: Any, today: date, claim_id: int, fen: int, recovery_no: str) -> Claim:
    """Take a recovery that the member holds off what is still to be paid of its claim, once per recovery (domain.md 5.9).

    Before approval it is kept and taken off then. Raises NettedTooMuch, NettedOtherwise, WrongState, and OrderOpen while
    a payment waits for confirmation.
    """
    claim = records.held(claim_id)
    if standing := netted(claim).get(recovery_no):
        if standing != fen:
            raise NettedOtherwise(recovery_no=recovery_no, fen=yuan(standing))
        return claim
    ceiling = claim.approved_fen if claim.approved_fen else claim.checked_fen or claim.asked_fen
    most = ceiling - claim.netted_fen - claim.paid_fen
    if claim.status in (Status.REJECTED, Status.WITHDRAWN, Status.PAID, Status.CLOSED) or not 0 < fen <= most:
        raise NettedTooMuch(field="fen", most=yuan(max(most, 0)))
    # The first time; taken off again after an appeal, only the amounts say so.
    claim.nettings.get_or_create(recovery_no=recovery_no, defaults={"fen": fen, "on": today, "by": actor.label})
    claim.netted_fen += fen
    why = gettext_noop("Recovery %(recovery)s, held by the member, is taken off.")
    records.amount(claim, Amount.Stage.NETTED, fen, why, actor=actor, today=today, recovery=recovery_no)
    if claim.approved_fen:
        cash.change(actor=actor, today=today, key=claim.key, by_fen=-fen, why=recovery_no)
    settled = bool(claim.approved_fen) and claim.paid_fen >= claim.payable_fen
    if settled:
        records.move(claim, "pay", actor=actor, today=today)
        claim.paid_on = today
    claim.save()
    records.rule(claim, "net", actor=actor, today=today, fen=fen, recovery_no=recovery_no)
    if settled:
        settle(claim, actor=actor, today=today)
    else:
        records.tell(claim, today=today)
    return claim


def netted(claim: Claim) -> dict[str, int]:
    """What is taken off a claim now, in fen by recovery, the oldest first: netted, less what was given back."""
    totals: dict[str, int] = {}
    rows = claim.amounts.filter(stage=Amount.Stage.NETTED).order_by("id")
    for facts, fen in rows.values_list("facts_text", "fen"):
        recovery_no = json.loads(facts)["recovery"]
        totals[recovery_no] = totals.get(recovery_no, 0) + fen
    return {recovery_no: fen for recovery_no, fen in totals.items() if fen}


def net_less(claim: Claim, recovery_no: str, fen: int, why: str, *, actor: Any, today: date) -> None:
    """Take less of a recovery off the claim. The caller holds the claim and saves it."""
    records.amount(claim, Amount.Stage.NETTED, -fen, why, actor=actor, today=today, recovery=recovery_no)
    claim.netted_fen -= fen
    for hear in on_given_back:
        hear(claim=claim, recovery_no=recovery_no, fen=fen, actor=actor, today=today)


def net_nothing(claim: Claim, *, actor: Any, today: date) -> None:
    """The claim came to nothing: what was taken off it is held as before, for the claim that comes next. Saves the claim."""
    why = gettext_noop("The claim is over; recovery %(recovery)s stays with the member.")
    for recovery_no, fen in netted(claim).items():
        net_less(claim, recovery_no, fen, why, actor=actor, today=today)
    claim.save(update_fields=["netted_fen"])


@transaction.atomic
def put_back(*, actor: Any, today: date, claim_id: int, recovery_no: str) -> int:
    """A recovery is undone: it is not taken off the claim any more, as long as that is not paid. Returns the fen put back.

    Nothing, when the claim is paid or a payment of it waits for confirmation: then the group owes the member a refund.
    """
    claim = records.held(claim_id)
    fen = netted(claim).get(recovery_no, 0)
    open_now = claim.status in UNPAID and not moneys.waiting(claim.key)
    if not fen or not open_now:
        return 0
    why = gettext_noop("Recovery %(recovery)s is undone and not taken off any more.")
    net_less(claim, recovery_no, fen, why, actor=actor, today=today)
    if claim.approved_fen:
        cash.change(actor=actor, today=today, key=claim.key, by_fen=fen, why=recovery_no)
    claim.save()
    records.rule(claim, "put_back", actor=actor, today=today, fen=fen, recovery_no=recovery_no)
    records.tell(claim, today=today)
    return fen
