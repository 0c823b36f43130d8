"""The other side looks at the account current, and agrees or names the rows that it does not know."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kernel.access.permissions import check as needs
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.letters import StatementAnswered, StatementIssued
from kernel.outbox import services as outbox
from kernel.parameters.queries import value
from registry.tenancy import current
from reguarantee.settlements.flow import STATEMENT
from reguarantee.settlements.models import Statement
from reguarantee.settlements.services.drafting import NoSuchStatement, hold, statement_subject


class NotTheirs(NoSuchStatement):
    """A member answers a statement that is not its own: for it there is none."""


class PaperNeeded(Invalid):
    code = "PAPER_NEEDED"
    sentence = gettext_noop("Name the paper on which the other side confirmed.")


class ByLetter(Conflict):
    code = "CONFIRMED_BY_LETTER"
    sentence = gettext_noop("%(counterparty)s confirms in its own house. Wait for its answer.")


@transaction.atomic
def issue(*, actor: Any, today: date, statement_id: int) -> Statement:
    """Send a drafted account current to the other side: a member by letter, a fund on paper. Needs settlements.draft."""
    needs(actor, "settlements.draft")
    statement = hold(statement_id)
    STATEMENT.move(statement, "issue")
    statement.confirm_by = today + timedelta(days=value("rg.settlement.confirm_days", on=today))
    statement.answer = ""
    statement.save()
    tell(statement, "DRAFTED")
    facts = {"number": statement.number, "closing_fen": statement.closing_fen, "confirm_by": statement.confirm_by}
    audit.leave(actor=actor, act="settlements.issue", subject=statement_subject(statement), facts=facts)
    return statement


@transaction.atomic
def open_statement_answered(letter: StatementAnswered, *, sender: str, actor: Any, today: date) -> None:
    """Reader of STATEMENT_ANSWERED. An answer that comes again, or after the draft was taken back, changes nothing.

    Raises NotTheirs.
    """
    statement = Statement.objects.select_for_update().filter(number=letter.statement_no, counterparty=sender).first()
    if statement is None:
        raise NotTheirs
    crossed = letter.closing_fen is not None and letter.closing_fen != statement.closing_fen
    if statement.state != Statement.State.ISSUED or crossed:
        return
    if letter.agreed:
        _confirmed(statement, actor.label, letter.answered_on)
    else:
        STATEMENT.move(statement, "dispute")
        statement.answer = json.dumps(list(letter.disputes), ensure_ascii=False)
        statement.save()
    facts = {"number": statement.number, "agreed": letter.agreed, "disputes": len(letter.disputes)}
    audit.leave(actor=actor, act="settlements.answer", subject=statement_subject(statement), facts=facts)


@transaction.atomic
def confirm_on_paper(*, actor: Any, today: date, statement_id: int, paper: str) -> Statement:
    """Note that a fund confirmed on a signed paper. Needs settlements.draft. Raises PaperNeeded, ByLetter, WrongState."""
    needs(actor, "settlements.draft")
    if not paper.strip():
        raise PaperNeeded(field="paper")
    statement = hold(statement_id)
    if statement.kind == Statement.Kind.MEMBER:
        raise ByLetter(counterparty=statement.counterparty)
    _confirmed(statement, paper.strip()[:120], today)
    facts = {"number": statement.number, "paper": paper.strip()}
    audit.leave(actor=actor, act="settlements.confirm", subject=statement_subject(statement), facts=facts)
    return statement


def _confirmed(statement: Statement, by: str, on: date) -> None:
    STATEMENT.move(statement, "confirm")
    statement.confirmed_by, statement.confirmed_on = by, on
    statement.save()


def tell(statement: Statement, status: str) -> None:
    """The statement with its rows to the member; a fund has no house to tell."""
    if statement.kind != Statement.Kind.MEMBER:
        return
    rows = tuple(
        {
            "key": row.key,
            "purpose": row.purpose,
            "subject": row.subject,
            "on": row.on.isoformat(),
            "due_fen": row.due_fen,
            "moved_fen": row.moved_fen,
        }
        for row in statement.rows.all()
    )
    letter = StatementIssued(
        statement_no=statement.number,
        period=statement.period,
        opening_fen=statement.opening_fen,
        closing_fen=statement.closing_fen,
        rows=rows,
        status=status,
        confirm_by=statement.confirm_by,
    )
    outbox.post(letter, sender=current().code, to=statement.counterparty, subject=statement_subject(statement))
