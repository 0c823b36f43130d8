"""Movements and what they settle: the one place that writes them, and their reversal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.cash import listeners
from kernel.cash.models import Allocation, Direction, Due, Movement
from kernel.cash.services.dues import hold
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop


class NoSuchMovement(NotFound):
    code = "NO_SUCH_MOVEMENT"
    sentence = gettext_noop("There is no such payment or receipt.")


class VoucherNeeded(Invalid):
    code = "VOUCHER_NEEDED"
    sentence = gettext_noop("Enter the bank's number of the transfer.")


class VoucherUsed(Conflict):
    code = "VOUCHER_USED"
    sentence = gettext_noop("The transfer %(voucher_no)s is registered already with other figures.")


class Reversed(Conflict):
    code = "MOVEMENT_REVERSED"
    sentence = gettext_noop("%(number)s is reversed already.")


class ReasonNeeded(Invalid):
    code = "REASON_NEEDED"
    sentence = gettext_noop("Give the reason; it stays beside the entry.")


class MoneyFromTheFuture(Invalid):
    code = "MONEY_FROM_THE_FUTURE"
    sentence = gettext_noop("%(on)s has not come yet.")


@transaction.atomic
def reverse(*, actor: Any, today: date, movement_id: int, reason: str) -> Movement:
    """Undo a movement by its opposite, dated today; what it settled is open again. Needs cash.confirm.

    The transfer's number is free again, so that it can be registered as it should have been. Raises Reversed,
    NoSuchMovement, ReasonNeeded.
    """
    check(actor, "cash.confirm")
    movement = standing(movement_id)
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    settled = movement.allocations.values("due__key").annotate(total=Sum("fen")).exclude(total=0).order_by("due__key")
    dues = [(hold(row["due__key"]), row["total"]) for row in settled]
    opposite = Movement.objects.create(
        number=next_number(kind="ZJ", today=today),
        direction=movement.direction,
        counterparty=movement.counterparty,
        fen=-movement.fen,
        on=today,
        voucher_no=movement.voucher_no,
        attempt=movement.attempt,
        text=reason.strip()[:300],
        reverses=movement,
        by=actor.label,
    )
    facts = {"movement": movement.number, "by": opposite.number, "fen": movement.fen, "reason": reason}
    audit.leave(actor=actor, act="cash.reverse", subject=f"movement:{movement.id}", facts=facts)
    for due, fen in dues:
        settle_part(opposite, due, -fen, actor, today)
    return opposite


def move(*, actor: Any, today: date, direction: str, on: date, voucher_no: str, **fields: Any) -> Movement:
    if not voucher_no.strip():
        raise VoucherNeeded(field="voucher_no")
    if on > today:
        raise MoneyFromTheFuture(field="on", on=on)
    prefix = "FC" if direction == Direction.OUT else "SK"
    voucher_no = voucher_no.strip()
    undone = Movement.objects.filter(direction=direction, voucher_no=voucher_no, reverses__isnull=False).count()
    try:
        with transaction.atomic():
            movement = Movement.objects.create(
                number=next_number(kind=prefix, today=today),
                direction=direction,
                on=on,
                voucher_no=voucher_no,
                attempt=undone,
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


def standing(movement_id: int) -> Movement:
    """A movement that is not, and has not been, reversed; locked, so that two cannot reverse or allocate it at once."""
    movement = _movement(movement_id)
    if movement.reverses_id or Movement.objects.filter(reverses=movement).exists():
        raise Reversed(number=movement.number)
    return movement


def _movement(movement_id: int) -> Movement:
    movement = Movement.objects.select_for_update(of=("self",)).filter(id=movement_id).first()
    if movement is None:
        raise NoSuchMovement
    return movement


def settle_part(movement: Movement, due: Due, fen: int, actor: Any, today: date) -> Allocation:
    due.moved_fen += fen
    due.save(update_fields=["moved_fen"])
    allocation = Allocation.objects.create(movement=movement, due=due, fen=fen, on=today, by=actor.label)
    listeners.tell(due=due, movement=movement, allocation=allocation, actor=actor, today=today)
    return allocation
