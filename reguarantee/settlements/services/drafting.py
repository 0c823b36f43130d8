"""Drafting: the rows of a period, gathered from what became due and what moved (kernel.cash)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from kernel.access.permissions import check as needs
from kernel.audit import services as audit
from kernel.calendar import add_months
from kernel.cash.models import Allocation, DueLine
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from registry import queries as registry
from reguarantee.settlements.flow import STATEMENT
from reguarantee.settlements.models import Row, Statement

_OPEN = ("DRAFTED", "ISSUED", "DISPUTED", "CONFIRMED")


class NoSuchStatement(NotFound):
    code = "NO_SUCH_STATEMENT"
    sentence = gettext_noop("There is no such account current.")


class BadPeriod(Invalid):
    code = "BAD_PERIOD"
    sentence = gettext_noop("“%(period)s” is no period. Write a month as 2026-03 or a quarter as 2026-Q1.")


class PeriodNotOver(Conflict):
    code = "PERIOD_NOT_OVER"
    sentence = gettext_noop("The period ends on %(to_on)s. Draft its account current afterwards.")


class PeriodOpen(Conflict):
    code = "PERIOD_OPEN"
    sentence = gettext_noop("The account current %(number)s of %(period)s is not locked yet. Finish it first.")


class PeriodDone(Conflict):
    code = "PERIOD_DONE"
    sentence = gettext_noop("%(period)s is not after the last account current, which ends on %(to_on)s.")


def days_of(period: str) -> tuple[date, date]:
    """First and last day of "2026-03" or "2026-Q1". Raises BadPeriod."""
    if not re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2]|Q[1-4])", period):
        raise BadPeriod(field="period", period=period)
    year, part = int(period[:4]), period[5:]
    first = date(year, int(part[1]) * 3 - 2 if part[0] == "Q" else int(part), 1)
    return first, add_months(first, 3 if part[0] == "Q" else 1) - timedelta(days=1)


@transaction.atomic
def draft(*, actor: Any, today: date, counterparty: str, period: str) -> Statement:
    """Draft the account current of a counterparty and period; the standing draft when there is one, gathered anew.

    It opens with the last one's closing and takes every row up to the period's end that stands in no other: what was booked
    late for a locked period falls into this one. Needs settlements.draft. Raises BadPeriod, PeriodNotOver, PeriodOpen,
    PeriodDone.
    """
    needs(actor, "settlements.draft")
    from_on, to_on = days_of(period)
    if to_on >= today:
        raise PeriodNotOver(field="period", to_on=to_on)
    _alone(counterparty)
    standing = Statement.objects.select_for_update().filter(counterparty=counterparty, state__in=_OPEN).first()
    if standing is not None:
        if standing.period != period or standing.state not in ("DRAFTED", "DISPUTED"):
            raise PeriodOpen(number=standing.number, period=standing.period)
        return redraft(actor=actor, today=today, statement_id=standing.pk)
    last = Statement.objects.filter(counterparty=counterparty).order_by("-to_on").first()
    if last is not None and from_on <= last.to_on:
        raise PeriodDone(field="period", period=period, to_on=last.to_on)
    members = {member.code for member in registry.members()}
    statement = Statement.objects.create(
        number=next_number(kind="DZ", today=today),
        counterparty=counterparty,
        kind=Statement.Kind.MEMBER if counterparty in members else Statement.Kind.FUND,
        period=period,
        from_on=from_on,
        to_on=to_on,
        opening_fen=last.closing_fen if last else 0,
        closing_fen=0,
        drafted_by_id=actor.id,
        drafted_by=actor.label,
        drafted_on=today,
    )
    _gather(statement)
    facts = {"number": statement.number, "counterparty": counterparty, "period": period, "closing_fen": statement.closing_fen}
    audit.leave(actor=actor, act="settlements.draft", subject=statement_subject(statement), facts=facts)
    return statement


@transaction.atomic
def redraft(*, actor: Any, today: date, statement_id: int) -> Statement:
    """Gather the rows anew, for example after a dispute was mended. Needs settlements.draft. Raises WrongState."""
    needs(actor, "settlements.draft")
    statement = hold(statement_id)
    STATEMENT.move(statement, "redraft")
    statement.drafted_by_id, statement.drafted_by, statement.drafted_on = actor.id, actor.label, today
    statement.answer = ""
    statement.rows.all().delete()
    _gather(statement)
    facts = {"number": statement.number, "closing_fen": statement.closing_fen}
    audit.leave(actor=actor, act="settlements.redraft", subject=statement_subject(statement), facts=facts)
    return statement


def _alone(counterparty: str) -> None:
    """Two who draft at once: the second gathers the first one's draft anew. No row stands for that yet, so raw SQL."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('settlements.draft'), hashtext(%s))", [counterparty])


def hold(statement_id: int) -> Statement:
    """The statement with its row locked. Raises NoSuchStatement."""
    found = Statement.objects.select_for_update().filter(pk=statement_id).first()
    if found is None:
        raise NoSuchStatement
    return found


def statement_subject(statement: Statement) -> str:
    return f"statement:{statement.pk}"


def _gather(statement: Statement) -> None:
    """Positive: the counterparty owes the group. What we expect raises it, what comes lowers it; the other way for OUT."""
    lines = _untold(DueLine, "line").filter(due__counterparty=statement.counterparty, on__lte=statement.to_on)
    moves = _untold(Allocation, "allocation").select_related("movement")
    moves = moves.filter(due__counterparty=statement.counterparty, movement__on__lte=statement.to_on)
    rows = [
        _row(statement, f"line:{line.pk}", line.due, line.on, line.why, due_fen=_signed(line.due, line.fen)) for line in lines
    ]
    rows += [
        _row(
            statement,
            f"allocation:{move.pk}",
            move.due,
            move.movement.on,
            move.movement.voucher_no,
            moved_fen=_signed(move.due, move.fen),
        )
        for move in moves
    ]
    Row.objects.bulk_create(sorted(rows, key=lambda row: (row.on, row.source)), batch_size=1000)
    total = statement.rows.aggregate(due=Sum("due_fen"), moved=Sum("moved_fen"))
    statement.closing_fen = statement.opening_fen + (total["due"] or 0) - (total["moved"] or 0)
    statement.save()


def _untold(model: Any, kind: str) -> QuerySet[Any]:
    """Records of money that stand in no account current yet."""
    source = Concat(Value(f"{kind}:"), Cast(OuterRef("pk"), CharField()))
    return model.objects.select_related("due").filter(~Exists(Row.objects.filter(source=source)))


def _signed(due: Any, fen: int) -> int:
    return fen if due.direction == "IN" else -fen


def _row(statement: Statement, source: str, due: Any, on: date, text: str, **fen: int) -> Row:
    told = {"key": due.key, "purpose": due.purpose, "subject": due.subject, "text": text[:300], "on": on}
    return Row(statement=statement, source=source, **told, **fen)
