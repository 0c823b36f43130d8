"""What the group tells of our agreements and standing, and its accounts current with our answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, NotFound, gettext_noop
from kernel.letters import AgreementTold, PartnerStanding, StatementAnswered, StatementIssued
from kernel.outbox import services as outbox
from registry.tenancy import current
from tenants.acts import act
from tenants.cessions.models import Agreement, Standing, Statement, StatementRow
from tenants.cessions.services.premiums import GROUP, dispute
from tenants.claims import services as claims


class NoSuchStatement(NotFound):
    code = "NO_SUCH_STATEMENT"
    sentence = gettext_noop("There is no such account current.")


class StatementNotOpen(Conflict):
    code = "STATEMENT_NOT_OPEN"
    sentence = gettext_noop("Account %(number)s is answered already, or no longer open to an answer.")


def open_agreement(letter: AgreementTold, *, sender: str, actor: Any, today: date) -> None:
    """Keep a version of an agreement as it was last told, with our own line (AGR-23)."""
    with act("cessions.agreement", actor=actor):
        told = {
            name: getattr(letter, name)
            for name in (
                "title", "status", "effective_from", "effective_to", "terms", "year", "line_fen", "used_fen", "reserved_fen"
            )
        }  # fmt: skip
        row, fresh = Agreement.objects.select_for_update().get_or_create(
            code=letter.code, version=letter.treaty_version, defaults={**told, "told_on": today}
        )
        if not fresh and all(getattr(row, name) == value for name, value in told.items()):
            return
        for name, value in told.items():
            setattr(row, name, value)
        row.told_on = today
        row.save()
        claims.adopt_terms(actor=actor, today=today, code=letter.code, version=letter.treaty_version, terms=letter.terms)
        # The agreement as a whole is in effect or ended, whatever its version.
        Agreement.objects.filter(code=letter.code).exclude(pk=row.pk).update(status=letter.status)
        facts = {"code": letter.code, "version": letter.treaty_version, "status": letter.status}
        audit.leave(actor=actor, act="cessions.agreement", subject=f"agreement:{row.pk}", facts=facts)


def open_standing(letter: PartnerStanding, *, sender: str, actor: Any, today: date) -> None:
    """Note how the cooperation stands from a day on; the same word again: nothing."""
    with act("cessions.standing", actor=actor):
        told = {"status": letter.status, "on": letter.on, "reason": letter.reason[:500], "grade": letter.grade}
        last = Standing.objects.select_for_update().first()
        if last is not None and all(getattr(last, name) == value for name, value in told.items()):
            return
        row = Standing.objects.create(**told)
        audit.leave(actor=actor, act="cessions.standing", subject=f"standing:{row.pk}", facts=told)


def open_statement(letter: StatementIssued, *, sender: str, actor: Any, today: date) -> None:
    """Keep an account current; a draft that comes anew can be answered anew, a locked or paid one only changes its state."""
    with act("cessions.statement", actor=actor):
        told = {
            "period": letter.period,
            "opening_fen": letter.opening_fen,
            "closing_fen": letter.closing_fen,
            "status": letter.status,
            "confirm_by": letter.confirm_by,
        }
        rows = [_row(entry) for entry in letter.rows]
        row = Statement.objects.select_for_update().filter(number=letter.statement_no).first()
        if row is not None:
            same = all(getattr(row, name) == value for name, value in told.items())
            if same and [_told(entry) for entry in row.rows.all()] == rows and row.answer != Statement.Answer.DISPUTED:
                if row.status == Statement.Status.DRAFTED and row.answer == Statement.Answer.AGREED:
                    # Drawn up anew as it was, while our yes was on its way: the group waits for one.
                    _answer(row, ())
                return
            for name, value in told.items():
                setattr(row, name, value)
            if letter.status == Statement.Status.DRAFTED:
                row.answer, row.answered_on, row.answered_by = Statement.Answer.NONE, None, ""
            row.told_on = today
            row.save()
            row.rows.all().delete()
        else:
            row = Statement.objects.create(number=letter.statement_no, told_on=today, **told)
        StatementRow.objects.bulk_create(StatementRow(statement=row, **entry) for entry in rows)
        facts = {"number": letter.statement_no, "status": letter.status, "closing_fen": letter.closing_fen}
        audit.leave(actor=actor, act="cessions.statement", subject=f"statement:{row.pk}", facts=facts)


def _row(told: Mapping[str, Any]) -> dict[str, Any]:
    on = told.get("on")
    return {
        "key": told["key"],
        "purpose": told["purpose"],
        "subject": str(told.get("subject", "")),
        "on": date.fromisoformat(on) if isinstance(on, str) and on else on or None,
        "due_fen": told.get("due_fen", 0),
        "moved_fen": told.get("moved_fen", 0),
    }


def _told(row: StatementRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("key", "purpose", "subject", "on", "due_fen", "moved_fen")}


def answer_statement(*, actor: Any, today: date, statement_id: int, disputes: Mapping[int, str] | None = None) -> Statement:
    """Tell the group that its account agrees with our books, or (row id → what is wrong) which rows do not.

    Needs cessions.answer. The second of two people hears that it is answered. Raises NoSuchStatement, StatementNotOpen,
    DisputeEmpty.
    """
    check(actor, "cessions.answer")
    with act("cessions.answer_statement", actor=actor):
        row = Statement.objects.select_for_update().filter(pk=statement_id).first()
        if row is None:
            raise NoSuchStatement
        if row.status != Statement.Status.DRAFTED or row.answer:
            raise StatementNotOpen(number=row.number)
        disputed = dispute(row.rows.all(), disputes)
        row.answer = Statement.Answer.DISPUTED if disputed else Statement.Answer.AGREED
        row.answered_on, row.answered_by = today, actor.label
        row.save(update_fields=["answer", "answered_on", "answered_by"])
        _answer(row, disputed)
        facts = {"number": row.number, "agreed": not disputed, "disputes": len(disputed)}
        audit.leave(actor=actor, act="cessions.answer_statement", subject=f"statement:{row.pk}", facts=facts)
        return row


def _answer(row: Statement, disputed: Sequence[StatementRow]) -> None:
    letter = StatementAnswered(
        statement_no=row.number,
        agreed=not disputed,
        disputes=tuple({"key": entry.key, "text": entry.dispute} for entry in disputed),
        answered_on=row.answered_on,
        closing_fen=row.closing_fen,
    )
    outbox.post(letter, sender=current().code, to=GROUP, subject=f"statement:{row.number}")
