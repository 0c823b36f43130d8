"""Receipts: registered once, matched to what was expected, taken off again; and the word of the other side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum

from kernel.access.actors import Actor
from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.cash.models import Allocation, Direction, Movement, Report
from kernel.cash.services.dues import BadAmount, hold
from kernel.cash.services.moving import ReasonNeeded, VoucherUsed, move, settle_part, standing
from kernel.errors import Invalid, gettext_noop
from kernel.money import yuan


class OtherParty(Invalid):
    code = "MONEY_OF_ANOTHER"
    sentence = gettext_noop("%(number)s came from %(payer)s, but this amount is due from %(debtor)s.")


class NotSettledSo(Invalid):
    code = "NOT_SETTLED_SO"
    sentence = gettext_noop("%(number)s does not settle this amount.")


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
    told = (counterparty, fen, on)
    if found := registered(voucher_no, told):
        return found
    due = hold(key) if key else None
    if due is not None and (due.direction, due.counterparty) != (Direction.IN, counterparty):
        raise OtherParty(field="key", number=voucher_no, payer=counterparty, debtor=due.counterparty)
    try:
        movement = move(
            actor=actor,
            today=today,
            direction=Direction.IN,
            counterparty=counterparty,
            fen=fen,
            on=on,
            voucher_no=voucher_no,
            text=text[:300],
        )
    except VoucherUsed:
        # Two people registered the same transfer at the same moment: the second one hears of the first one's row.
        if found := registered(voucher_no, told):
            return found
        raise
    if due is not None and (part := min(fen, due.open_fen)):
        settle_part(movement, due, part, actor, today)
    return movement


@transaction.atomic
def allocate(*, actor: Any, today: date, movement_id: int, key: str, fen: int) -> Allocation:
    """Settle a due with (a part of) a receipt of its counterparty, or of one whose payer nobody knew. Needs cash.receive.

    Raises NoSuchMovement, Reversed, NoSuchDue, OtherParty, BadAmount.
    """
    check(actor, "cash.receive")
    movement = standing(movement_id)
    due = hold(key)
    if movement.counterparty not in ("", due.counterparty):
        raise OtherParty(field="key", number=movement.number, payer=movement.counterparty, debtor=due.counterparty)
    spent = movement.allocations.aggregate(total=Sum("fen"))["total"] or 0
    most = min(movement.fen - spent, due.open_fen) if movement.direction == due.direction else 0
    if not 0 < fen <= most:
        raise BadAmount(field="fen", most=yuan(max(most, 0)))
    return settle_part(movement, due, fen, actor, today)


@transaction.atomic
def unmatch(*, actor: Any, today: date, movement_id: int, key: str, reason: str) -> Allocation:
    """Take a receipt off a due that it was matched to by mistake: both are open again. Needs cash.receive.

    Raises NoSuchMovement, Reversed, NoSuchDue, NotSettledSo, ReasonNeeded.
    """
    check(actor, "cash.receive")
    if not reason.strip():
        raise ReasonNeeded(field="reason")
    movement = standing(movement_id)
    due = hold(key)
    matched = movement.allocations.filter(due=due).aggregate(total=Sum("fen"))["total"] or 0
    if movement.direction != Direction.IN or matched <= 0:
        raise NotSettledSo(number=movement.number)
    facts = {"movement": movement.number, "key": key, "fen": matched, "reason": reason.strip()}
    audit.leave(actor=actor, act="cash.unmatch", subject=due.subject, facts=facts)
    return settle_part(movement, due, -matched, actor, today)


@transaction.atomic
def report(
    *, counterparty: str, key: str, purpose: str, fen: int, on: date, voucher_no: str, said: str, reference: str = ""
) -> Report:
    """Keep what the other side says of a movement (negative: of its reversal); the same word again changes nothing.

    `reference` is the other side's number of its own entry: it tells a second booking of one transfer from the letter
    that came twice. Where a letter brings none, the amount does, so that a reversal is heard.
    """
    kept, fresh = Report.objects.get_or_create(
        counterparty=counterparty,
        key=key,
        voucher_no=voucher_no,
        said=said,
        reference=reference or str(fen),
        defaults={"purpose": purpose, "fen": fen, "on": on},
    )
    if fresh:
        facts = {"key": key, "fen": fen, "on": on, "voucher_no": voucher_no, "said": said}
        audit.leave(actor=Actor("LETTER", counterparty), act="cash.report", subject=f"due:{key}", facts=facts)
    return kept


def registered(voucher_no: str, told: tuple[str, int, date]) -> Movement | None:
    """The receipt that stands under this number. Raises VoucherUsed when its figures are others."""
    row = Movement.objects.filter(direction=Direction.IN, voucher_no=voucher_no.strip(), reverses=None, reversed_by=None).first()
    if row is not None and (row.counterparty, row.fen, row.on) != told:
        raise VoucherUsed(field="voucher_no", voucher_no=voucher_no)
    return row
