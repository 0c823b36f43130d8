"""Closing the period: locked by another person than the one who drafted it, paid when nothing of its rows is open."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from kernel.access.actors import SYSTEM
from kernel.access.permissions import check as needs
from kernel.audit import services as audit
from kernel.cash.models import Due
from kernel.errors import Conflict, NotAllowed, gettext_noop
from kernel.money import yuan
from reguarantee.settlements.flow import STATEMENT
from reguarantee.settlements.models import Statement
from reguarantee.settlements.services.agreeing import tell
from reguarantee.settlements.services.drafting import hold, statement_subject


class SamePerson(NotAllowed):
    code = "STATEMENT_SAME_PERSON"
    sentence = gettext_noop("You drafted this account current; another person has to lock it.")


class StillOpen(Conflict):
    code = "STATEMENT_STILL_OPEN"
    sentence = gettext_noop("%(count)s amounts with %(fen)s yuan are still open, so it is not paid.")


@transaction.atomic
def lock(*, actor: Any, today: date, statement_id: int) -> Statement:
    """Close the period: what is booked later for an earlier day stands in the next one. Needs settlements.lock.

    Raises SamePerson, WrongState.
    """
    needs(actor, "settlements.lock")
    statement = hold(statement_id)
    if statement.drafted_by_id == actor.id:
        raise SamePerson
    STATEMENT.move(statement, "lock")
    statement.locked_by, statement.locked_on = actor.label, today
    statement.save()
    tell(statement, "LOCKED")
    facts = {"number": statement.number, "closing_fen": statement.closing_fen}
    audit.leave(actor=actor, act="settlements.lock", subject=statement_subject(statement), facts=facts)
    return statement


@transaction.atomic
def pay(*, actor: Any, today: date, statement_id: int) -> Statement:
    """Say that a locked account current is paid. Needs settlements.draft. Raises StillOpen, WrongState."""
    needs(actor, "settlements.draft")
    statement = hold(statement_id)
    _pay(statement, actor, today)
    return statement


@transaction.atomic
def mark_paid(*, today: date) -> int:
    """Nightly: every locked account current of which nothing is open any more is paid. Returns how many."""
    paid = 0
    for statement in Statement.objects.select_for_update(skip_locked=True).filter(state=Statement.State.LOCKED):
        try:
            _pay(statement, SYSTEM, today)
        except StillOpen:
            continue
        paid += 1
    return paid


def open_dues(statement: Statement) -> Any:
    """The dues of its rows of which something has still to move."""
    return Due.objects.filter(key__in=statement.rows.values("key")).exclude(fen=F("moved_fen"))


def _pay(statement: Statement, actor: Any, today: date) -> None:
    rows = open_dues(statement)
    if count := rows.count():
        total = rows.aggregate(total=Sum(F("fen") - F("moved_fen")))["total"]
        raise StillOpen(count=count, fen=yuan(total))
    STATEMENT.move(statement, "pay")
    statement.paid_on = today
    statement.save(update_fields=["state", "paid_on"])
    tell(statement, "PAID")
    audit.leave(actor=actor, act="settlements.pay", subject=statement_subject(statement), facts={"number": statement.number})
