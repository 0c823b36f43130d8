"""The only writers of money: expect, change, prepare, confirm, cancel, receive, allocate, reverse, report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.cash.models import Allocation, Direction, Due, DueLine, Movement, Order, Report
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, gettext_noop
from kernel.money import yuan


class NoSuchDue(NotFound):
    code = "NO_SUCH_DUE"
    sentence = gettext_noop("There is no such amount due.")


class NoSuchMovement(NotFound):
    code = "NO_SUCH_MOVEMENT"
    sentence = gettext_noop("There is no such payment or receipt.")


class DueExists(Conflict):
    code = "DUE_EXISTS"
    sentence = gettext_noop("%(key)s is expected already, with other figures. Change it instead.")


class BelowMoved(Conflict):
    code = "DUE_BELOW_MOVED"
    sentence = gettext_noop("%(moved)s yuan have moved already, so the amount due cannot fall below that.")


class BadAmount(Invalid):
    code = "BAD_AMOUNT"
    sentence = gettext_noop("Enter more than nothing and at most %(most)s yuan.")


class OrderOpen(Conflict):
    code = "ORDER_OPEN"
    sentence = gettext_noop("Payment %(number)s of this amount waits for confirmation already. Confirm or cancel it first.")


class OrderSettled(Conflict):
    code = "ORDER_SETTLED"
    sentence = gettext_noop("Payment %(number)s is settled already.")


class SamePerson(NotAllowed):
    code = "SAME_PERSON"
    sentence = gettext_noop("You prepared this payment; another person has to confirm it.")


class VoucherNeeded(Invalid):
    code = "VOUCHER_NEEDED"
    sentence = gettext_noop("Enter the bank's number of the transfer.")


class VoucherUsed(Conflict):
    code = "VOUCHER_USED"
    sentence = gettext_noop("The transfer %(voucher_no)s is registered already with other figures.")


class AccountMissing(Invalid):
    code = "ACCOUNT_MISSING"
    sentence = gettext_noop("Enter name, number and bank of the account that receives the money.")


class Reversed(Conflict):
    code = "MOVEMENT_REVERSED"
    sentence = gettext_noop("%(number)s is reversed already.")


class MoneyFromTheFuture(Invalid):
    code = "MONEY_FROM_THE_FUTURE"
    sentence = gettext_noop("%(on)s has not come yet.")


@transaction.atomic
def expect(
    *,
    actor: Any,
    today: date,
    key: str,
    direction: str,
    purpose: str,
    counterparty: str,
    subject: str,
    fen: int,
    due_on: date | None,
    why: str,
) -> Due:
    """Write down that `fen` have to move, once per `key`; the same again returns the standing row.

    Raises BadAmount below nothing, DueExists when the key stands with another amount or party.
    """
    if fen < 0:
        raise BadAmount(field="fen", most="0")
    due, fresh = Due.objects.get_or_create(
        key=key,
        defaults={
            "direction": Direction(direction),
            "purpose": purpose,
            "counterparty": counterparty,
            "subject": subject,
            "fen": fen,
            "opened_on": today,
            "due_on": due_on,
        },
    )
    if not fresh:
        if (due.direction, due.counterparty, due.lines.first().fen) != (direction, counterparty, fen):
            raise DueExists(key=key)
        return due
    DueLine.objects.create(due=due, on=today, fen=fen, why=why[:300], by=actor.label)
    facts = {"key": key, "direction": direction, "counterparty": counterparty, "fen": fen, "due_on": due_on}
    audit.leave(actor=actor, act="cash.expect", subject=subject, facts=facts)
    return due


@transaction.atomic
def change(*, actor: Any, today: date, key: str, by_fen: int, why: str) -> Due:
    """Raise or (negative) lower what is due. Raises NoSuchDue, BelowMoved, OrderOpen while a payment of it waits."""
    due = _due(key)
    if due.fen + by_fen < due.moved_fen:
        raise BelowMoved(moved=yuan(due.moved_fen))
    _no_open_order(due)
    due.fen += by_fen
    due.save(update_fields=["fen"])
    DueLine.objects.create(due=due, on=today, fen=by_fen, why=why[:300], by=actor.label)
    audit.leave(actor=actor, act="cash.change", subject=due.subject, facts={"key": key, "by_fen": by_fen, "why": why})
    return due


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
    due = _due(key)
    _no_open_order(due)
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
    return order


@transaction.atomic
def confirm(*, actor: Any, today: date, order_id: int, voucher_no: str, on: date | None = None) -> Movement:
    """Confirm that a prepared payment was sent: the movement exists from now on.

    Needs cash.confirm and another person than the one who prepared it. Raises SamePerson, OrderSettled, VoucherNeeded,
    VoucherUsed, MoneyFromTheFuture.
    """
    check(actor, "cash.confirm")
    order = _order(order_id)
    if order.prepared_by_id == actor.id:
        raise SamePerson
    due = _due(order.due.key)
    movement = _move(
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
    _allocate(movement, due, order.fen, actor, today)
    return movement


@transaction.atomic
def cancel(*, actor: Any, today: date, order_id: int, reason: str) -> Order:
    """Cancel a prepared payment. Needs cash.prepare or cash.confirm. Raises OrderSettled, ReasonNeeded (Invalid)."""
    if not reason.strip():
        raise Invalid(gettext_noop("Say why the payment is cancelled."), field="reason")
    order = _order(order_id)
    _settle(order, Order.State.CANCELLED, actor, today, reason.strip())
    audit.leave(actor=actor, act="cash.cancel", subject=order.due.subject, facts={"order": order.number, "reason": reason})
    return order


@transaction.atomic
def receive(
    *,
    actor: Any,
    today: date,
    counterparty: str,
    fen: int,
    on: date,
    voucher_no: str,
    text: str = "",
    key: str = "",
) -> Movement:
    """Register money that came, and (with `key`) allocate it to what was expected, as far as that is open.

    The same transfer again with the same figures returns the standing row. Needs cash.receive. Raises NoSuchDue,
    BadAmount, VoucherNeeded, VoucherUsed, MoneyFromTheFuture.
    """
    check(actor, "cash.receive")
    if fen <= 0:
        raise BadAmount(field="fen", most=yuan(10**17))
    standing = Movement.objects.filter(direction=Direction.IN, voucher_no=voucher_no.strip(), reverses=None).first()
    if standing is not None:
        if (standing.counterparty, standing.fen, standing.on) != (counterparty, fen, on):
            raise VoucherUsed(field="voucher_no", voucher_no=voucher_no)
        return standing
    movement = _move(
        actor=actor,
        today=today,
        direction=Direction.IN,
        counterparty=counterparty,
        fen=fen,
        on=on,
        voucher_no=voucher_no,
        text=text,
    )
    if key:
        due = _due(key)
        if part := min(fen, due.open_fen):
            _allocate(movement, due, part, actor, today)
    return movement


@transaction.atomic
def allocate(*, actor: Any, today: date, movement_id: int, key: str, fen: int) -> Allocation:
    """Settle a due with (a part of) a movement of the same direction. Needs cash.receive. Raises BadAmount, NoSuchDue."""
    check(actor, "cash.receive")
    movement = _movement(movement_id)
    due = _due(key)
    spent = movement.allocations.aggregate(total=Sum("fen"))["total"] or 0
    most = min(movement.fen - spent, due.open_fen) if movement.direction == due.direction else 0
    if not 0 < fen <= most:
        raise BadAmount(field="fen", most=yuan(max(most, 0)))
    return _allocate(movement, due, fen, actor, today)


@transaction.atomic
def reverse(*, actor: Any, today: date, movement_id: int, reason: str) -> Movement:
    """Undo a movement by its opposite; what it settled is open again. Needs cash.confirm. Raises Reversed, NoSuchMovement."""
    check(actor, "cash.confirm")
    movement = _movement(movement_id)
    if movement.reverses_id or hasattr(movement, "reversed_by"):
        raise Reversed(number=movement.number)
    if not reason.strip():
        raise Invalid(gettext_noop("Say why it is reversed."), field="reason")
    opposite = Movement.objects.create(
        number=next_number(kind="ZJ", today=today),
        direction=movement.direction,
        counterparty=movement.counterparty,
        fen=-movement.fen,
        on=today,
        voucher_no=movement.voucher_no,
        text=reason.strip()[:300],
        reverses=movement,
        by=actor.label,
    )
    settled = movement.allocations.values("due__key").annotate(total=Sum("fen")).order_by("due__key")
    for row in settled:
        _allocate(opposite, _due(row["due__key"]), -row["total"], actor, today)
    facts = {"movement": movement.number, "by": opposite.number, "fen": movement.fen, "reason": reason}
    audit.leave(actor=actor, act="cash.reverse", subject=f"movement:{movement.id}", facts=facts)
    return opposite


@transaction.atomic
def report(*, counterparty: str, key: str, purpose: str, fen: int, on: date, voucher_no: str, said: str) -> Report:
    """Keep what the other side says of a movement; the same word again changes nothing."""
    kept, _ = Report.objects.get_or_create(
        counterparty=counterparty,
        key=key,
        voucher_no=voucher_no,
        said=said,
        defaults={"purpose": purpose, "fen": fen, "on": on},
    )
    return kept


def _due(key: str) -> Due:
    due = Due.objects.select_for_update().filter(key=key).first()
    if due is None:
        raise NoSuchDue
    return due


def _order(order_id: int) -> Order:
    order = Order.objects.select_for_update(of=("self",)).select_related("due").filter(id=order_id).first()
    if order is None:
        raise NoSuchDue
    if order.state != Order.State.PREPARED:
        raise OrderSettled(number=order.number)
    return order


def _movement(movement_id: int) -> Movement:
    movement = Movement.objects.select_for_update(of=("self",)).filter(id=movement_id).first()
    if movement is None:
        raise NoSuchMovement
    return movement


def _no_open_order(due: Due) -> None:
    if order := due.orders.filter(state=Order.State.PREPARED).first():
        raise OrderOpen(number=order.number)


def _settle(order: Order, state: str, actor: Any, today: date, reason: str) -> None:
    order.state, order.settled_by, order.settled_on, order.reason = state, actor.label, today, reason[:300]
    order.save(update_fields=["state", "settled_by", "settled_on", "reason"])


def _move(*, actor: Any, today: date, direction: str, on: date, voucher_no: str, **fields: Any) -> Movement:
    if not voucher_no.strip():
        raise VoucherNeeded(field="voucher_no")
    if on > today:
        raise MoneyFromTheFuture(field="on", on=on)
    prefix = "FC" if direction == Direction.OUT else "SK"
    try:
        with transaction.atomic():
            movement = Movement.objects.create(
                number=next_number(kind=prefix, today=today),
                direction=direction,
                on=on,
                voucher_no=voucher_no.strip(),
                by=actor.label,
                **fields,
            )
    except IntegrityError as error:
        if "cash_movement_voucher" not in str(error):
            raise
        raise VoucherUsed(field="voucher_no", voucher_no=voucher_no) from error
    facts = {"number": movement.number, "direction": direction, "fen": movement.fen, "on": on, "voucher_no": voucher_no}
    audit.leave(actor=actor, act="cash.move", subject=f"movement:{movement.id}", facts=facts)
    return movement


def _allocate(movement: Movement, due: Due, fen: int, actor: Any, today: date) -> Allocation:
    due.moved_fen += fen
    due.save(update_fields=["moved_fen"])
    return Allocation.objects.create(movement=movement, due=due, fen=fen, on=today, by=actor.label)
