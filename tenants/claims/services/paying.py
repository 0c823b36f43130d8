"""Payments to the bank: registered by their voucher, with the money that left, and the claim on the group that follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.access.permissions import check
from kernel.cash import services as cash
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import yuan
from tenants.acts import act
from tenants.claims.models import Compensation
from tenants.claims.services.claiming import open_draft
from tenants.claims.services.papers import refresh
from tenants.guarantees import services as guarantees
from tenants.guarantees.services.compensating import liability
from tenants.guarantees.services.funnel import dated


class VoucherTaken(Conflict):
    code = "VOUCHER_TAKEN"
    sentence = gettext_noop("The voucher %(voucher_no)s paid %(amount)s yuan on %(on)s already. Check the number or the amounts.")


class VoucherMissing(Invalid):
    code = "VOUCHER_MISSING"
    sentence = gettext_noop("Enter the number of the payment voucher.")


class BadClaim(Invalid):
    code = "BAD_CLAIM"
    sentence = gettext_noop("Enter the claimed principal and the payment above 0, and the interest as 0 or more.")


class PaidBeforeNotice(Invalid):
    code = "PAID_BEFORE_NOTICE"
    sentence = gettext_noop("The payment of %(paid_on)s lies before the bank's notice of %(notice_on)s.")


def pay(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    principal_fen: int,
    interest_fen: int,
    paid_fen: int,
    paid_on: date,
    bank_notice_on: date,
    voucher_no: str,
) -> Compensation:
    """Register what the member paid to the bank for an overdue guarantee (代偿, domain.md 7.1 step 21).

    `principal_fen` and `interest_fen` are the bank's claim, its own part included; the claimed principal leaves
    the balance, once. The same voucher again with the same figures returns the row that stands. Raises
    VoucherTaken, BadClaim, PaidBeforeNotice, ClaimTooLarge, MoreThanLiability, FutureDate, WrongState.
    """
    check(actor, "claims.pay")
    voucher_no = voucher_no.strip()
    if not voucher_no:
        raise VoucherMissing(field="voucher_no")
    if principal_fen <= 0 or interest_fen < 0 or paid_fen <= 0:
        raise BadClaim(field="principal_fen" if principal_fen <= 0 else "paid_fen")
    if paid_on < bank_notice_on:
        raise PaidBeforeNotice(paid_on=paid_on, notice_on=bank_notice_on, field="paid_on")
    figures = {
        "bank_notice_on": bank_notice_on,
        "paid_on": paid_on,
        "principal_fen": principal_fen,
        "interest_fen": interest_fen,
        "paid_fen": paid_fen,
    }
    with act("claims.pay", actor=actor):
        guarantee = guarantees.hold(guarantee_id)
        standing = Compensation.objects.filter(guarantee=guarantee, voucher_no=voucher_no).first()
        if standing is not None:
            if any(getattr(standing, name) != value for name, value in figures.items()):
                raise VoucherTaken(voucher_no=voucher_no, amount=yuan(standing.paid_fen), on=standing.paid_on, field="voucher_no")
            return standing
        dated(guarantee, paid_on, today)
        guarantees.settle(
            guarantee,
            actor=actor,
            today=today,
            on=paid_on,
            principal_fen=principal_fen,
            interest_fen=interest_fen,
            paid_fen=paid_fen,
            facts={"voucher_no": voucher_no, **figures},
        )
        paid = Compensation.objects.create(guarantee=guarantee, voucher_no=voucher_no, **figures)
        _move(paid, actor=actor, today=today)
        refresh(guarantee)
        open_draft(paid, actor=actor, today=today)
        return paid


def _move(paid: Compensation, *, actor: Any, today: date) -> None:
    """The money itself, in kernel.cash: the bank carried it out before it was registered here by its voucher."""
    guarantee = paid.guarantee
    key = f"compensation:{guarantee.pk}:{paid.voucher_no}"
    cash.expect(
        actor=actor, today=paid.paid_on, key=key, direction="OUT", purpose="COMPENSATION", counterparty=guarantee.bank_code,
        subject=f"compensation:{paid.pk}", fen=paid.paid_fen, due_on=paid.paid_on, why=gettext_noop("Compensation of the bank"),
    )  # fmt: skip
    # One transfer may pay several guarantees: a voucher is unique within one.
    number = f"{guarantee.number}/{paid.voucher_no}"[:80]
    cash.record(actor=actor, today=today, key=key, on=paid.paid_on, voucher_no=number, text=paid.voucher_no)


def pay_outstanding(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    interest_fen: int,
    paid_on: date,
    bank_notice_on: date,
    voucher_no: str,
) -> Compensation:
    """Pay the bank all that the guarantee answers for: its share of the outstanding principal and of `interest_fen`.

    The same voucher again returns the row that stands. Raises as `pay`.
    """
    with act("claims.pay", actor=actor):
        guarantee = guarantees.hold(guarantee_id)
        standing = Compensation.objects.filter(guarantee=guarantee, voucher_no=voucher_no.strip()).first()
        principal = standing.principal_fen if standing else guarantee.outstanding_fen
        return pay(
            actor=actor,
            today=today,
            guarantee_id=guarantee_id,
            principal_fen=principal,
            interest_fen=interest_fen,
            paid_fen=liability(guarantee, principal, interest_fen),
            paid_on=paid_on,
            bank_notice_on=bank_notice_on,
            voucher_no=voucher_no,
        )
