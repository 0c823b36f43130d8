"""Payments: one person prepares, another confirms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import MissingPermission, check, may
from kernel.audit import services as audit
from kernel.cash import listeners
from kernel.cash.models import Direction, Due, Movement, Order
from kernel.cash.services.dues import BadAmount, NoSuchDue, hold, no_open_order
from kernel.cash.services.moving import ReasonNeeded, move, settle_part
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotAllowed, gettext_noop
from kernel.money import yuan


class OrderSettled(Conflict):
    code = "ORDER_SETTLED"
    sentence = gettext_noop("Payment %(number)s is settled already.")


class SamePerson(NotAllowed):
    code = "SAME_PERSON"
    sentence = gettext_noop("You prepared this payment; another person has to confirm it.")


class AccountMissing(Invalid):
    code = "ACCOUNT_MISSING"
    sentence = gettext_noop("Enter name, number and bank of the account that receives the money.")


@transaction.atomic
def prepare(
    *,
    actor: Any,
    today: date,
    key: str,
    fen: int | None = None,
    account_name: str,
    account_no: str,
    account_bank: str,
) -> Order:
    """Prepare a payment of a due (all that is open of it, or `fen`). Another person confirms it.

    Needs cash.prepare. Raises NoSuchDue, BadAmount, OrderOpen, AccountMissing.
    """
    check(actor, "cash.prepare")
    due = hold(key)
    no_open_order(due)
    asked = due.open_fen if fen is None else fen
    if due.direction != Direction.OUT or not 0 < asked <= due.open_fen:
        raise BadAmount(field="fen", most=yuan(due.open_fen if due.direction == Direction.OUT else 0))
    account = {"account_name": account_name.strip(), "account_no": account_no.strip(), "account_bank": account_bank.strip()}
    if missing := next((name for name, text in account.items() if not text), ""):
        raise AccountMissing(field=missing)
    order = Order.objects.create(
        number=next_number(kind="FK", today=today),
        due=due,
        fen=asked,
        prepared_by_id=actor.id,
        prepared_by=actor.label,
        prepared_on=today,
        **account,
    )
    audit.leave(actor=actor, act="cash.prepare", subject=due.subject, facts={"key": key, "order": order.number, "fen": asked})
    listeners.tell_order(due=due, order=order, actor=actor, today=today)
    return order


@transaction.atomic
def confirm(*, actor: Any, today: date, order_id: int, voucher_no: str, on: date | None = None) -> Movement:
    """Confirm that a prepared payment was sent: the movement exists from now on.

    Needs cash.confirm and another person than the one who prepared it. Raises SamePerson, OrderSettled, VoucherNeeded,
    VoucherUsed, MoneyFromTheFuture.
    """
    check(actor, "cash.confirm")
    due, order = _held(order_id)
    if order.prepared_by_id == actor.id:
        raise SamePerson
    if order.fen > due.open_fen:
        raise BadAmount(field="fen", most=yuan(due.open_fen))
    movement = move(
        actor=actor,
        today=today,
        direction=Direction.OUT,
        counterparty=due.counterparty,
        fen=order.fen,
        on=on or today,
        voucher_no=voucher_no,
        order=order,
    )
    _settle(order, Order.State.CONFIRMED, actor, today, "")
    settle_part(movement, due, order.fen, actor, today)
    return movement


@transaction.atomic
def record(*, actor: Any, today: date, key: str, on: date, voucher_no: str, text: str = "") -> Movement:
    """Register a payment of all that is open of a due, which the bank carried out before it was told here by its voucher.

    The room that calls has checked who may. Raises NoSuchDue, BadAmount, VoucherNeeded, VoucherUsed, MoneyFromTheFuture.
    """
    due = hold(key)
    no_open_order(due)
    if due.direction != Direction.OUT or not due.open_fen:
        raise BadAmount(field="fen", most=yuan(0))
    told = {"counterparty": due.counterparty, "fen": due.open_fen, "on": on, "voucher_no": voucher_no, "text": text[:300]}
    movement = move(actor=actor, today=today, direction=Direction.OUT, **told)
    settle_part(movement, due, movement.fen, actor, today)
    return movement


@transaction.atomic
def cancel(*, actor: Any, today: date, order_id: int, reason: str) -> Order:
    """Cancel a prepared payment. Needs cash.prepare or cash.confirm. Raises OrderSettled, ReasonNeeded."""
    if not (may(actor, "cash.prepare") or may(actor, "cash.confirm")):
        raise MissingPermission(permission="cash.prepare")
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    due, order = _held(order_id)
    _settle(order, Order.State.CANCELLED, actor, today, reason.strip())
    audit.leave(actor=actor, act="cash.cancel", subject=order.due.subject, facts={"order": order.number, "reason": reason})
    listeners.tell_order(due=due, order=order, actor=actor, today=today)
    return order


def _held(order_id: int) -> tuple[Due, Order]:
    """The due and then its order, as a room does that holds a due and looks for its payment."""
    key = Order.objects.filter(id=order_id).values_list("due__key", flat=True).first()
    if key is None:
        raise NoSuchDue
    due = hold(key)
    order = Order.objects.select_for_update(of=("self",)).select_related("due").get(id=order_id)
    if order.state != Order.State.PREPARED:
        raise OrderSettled(number=order.number)
    return due, order


def _settle(order: Order, state: str, actor: Any, today: date, reason: str) -> None:
    order.state, order.settled_on, order.reason = state, today, reason[:300]
    order.settled_by_id, order.settled_by = actor.id, actor.label
    order.save(update_fields=["state", "settled_by_id", "settled_by", "settled_on", "reason"])
