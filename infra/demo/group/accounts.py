"""Accounts current of the demo: last quarter's, one locked, one confirmed, one still with its member."""

from __future__ import annotations

from datetime import date, timedelta

from infra.demo import people
from infra.demo.group import post
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.settlements import queries, services
from tenants.cessions import queries as cession_queries
from tenants.cessions import services as cessions


def tell(today: date, members: list[str]) -> int:
    """Draft, issue, confirm and lock the accounts of the quarter that is over; returns how many were new."""
    end = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    period = f"{end.year}-Q{end.month // 3}"
    on = min(end + timedelta(days=8), today)
    made = 0
    for number, member in enumerate(members):
        with post.step():
            made += _account(member, number, period, on)
    return made


def _account(member: str, number: int, period: str, on: date) -> int:
    with inside(registry.group()):
        staff = people.staff(code="GROUP")
        if queries.listing(counterparty=member).filter(period=period).exists():
            return 0
        statement = services.draft(actor=staff["accountant"], today=on, counterparty=member, period=period)
        services.issue(actor=staff["accountant"], today=on, statement_id=statement.pk)
    post.deliver(on)
    if number == 2:
        return 1
    with inside(registry.institution(member)):
        there = cession_queries.statements().filter(period=period).first()
        cessions.answer_statement(actor=people.staff(code=member)["operations"], today=on, statement_id=there.pk)
    post.deliver(on)
    if number == 0:
        with inside(registry.group()):
            services.lock(actor=people.staff(code="GROUP")["executive"], today=on, statement_id=statement.pk)
        post.deliver(on)
    return 1
