"""What has to move: one row per business event, held under its lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.cash.models import Direction, Due, DueLine, Order
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.money import yuan


class NoSuchDue(NotFound):
    code = "NO_SUCH_DUE"
    sentence = gettext_noop("There is no such amount due.")


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
        stands = (due.direction, due.purpose, due.counterparty, due.lines.first().fen)
        if stands != (direction, purpose, counterparty, fen):
            raise DueExists(key=key)
        return due
    DueLine.objects.create(due=due, on=today, fen=fen, why=why[:300], by=actor.label)
    facts = {"key": key, "direction": direction, "counterparty": counterparty, "fen": fen, "due_on": due_on}
    audit.leave(actor=actor, act="cash.expect", subject=subject, facts=facts)
    return due


@transaction.atomic
def change(*, actor: Any, today: date, key: str, by_fen: int, why: str) -> Due:
    """Raise or (negative) lower what is due. Raises NoSuchDue, BelowMoved, OrderOpen while a payment of it waits."""
    due = hold(key)
    if due.fen + by_fen < due.moved_fen:
        raise BelowMoved(moved=yuan(due.moved_fen))
    no_open_order(due)
    due.fen += by_fen
    due.save(update_fields=["fen"])
    DueLine.objects.create(due=due, on=today, fen=by_fen, why=why[:300], by=actor.label)
    audit.leave(actor=actor, act="cash.change", subject=due.subject, facts={"key": key, "by_fen": by_fen, "why": why})
    return due


def hold(key: str) -> Due:
    due = Due.objects.select_for_update().filter(key=key).first()
    if due is None:
        raise NoSuchDue
    return due


def hold_all(keys: Iterable[str]) -> None:
    """Hold those of the dues that exist, in the one order that everybody takes: money first, by key, and then the rows
    of the rooms, which hear of it while its due is held (kernel.cash.listeners)."""
    list(Due.objects.select_for_update().filter(key__in=list(keys)).order_by("key").values_list("id", flat=True))


def no_open_order(due: Due) -> None:
    if order := due.orders.filter(state=Order.State.PREPARED).first():
        raise OrderOpen(number=order.number)
