"""The month's round by itself: lists drawn and sent, silence counted, bills, arrears, funds. Again the same: nothing more.

Every step is a transaction of its own, so a round that was killed goes on where it stopped, and a member that cannot be
served holds up nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import DatabaseError, transaction

from kernel.access.actors import SYSTEM
from kernel.errors import DomainError
from reguarantee.filings.models import Filing
from reguarantee.premiums.models import PremiumList
from reguarantee.premiums.services.billing import bill, billing_period, last_month
from reguarantee.premiums.services.drawing import OPEN, draw_list, month
from reguarantee.premiums.services.funds import close_fund, funds_waiting
from reguarantee.premiums.services.listing import agree_by_silence, issue_list
from reguarantee.premiums.services.settling import arrears

State = PremiumList.State


@dataclass
class Round:
    """What a round did, and whom it could not serve."""

    issued: int = 0
    agreed: int = 0
    bills: int = 0
    overdue: int = 0
    bordereaux: int = 0
    troubles: list[str] = field(default_factory=list)


def roll(*, today: date) -> Round:
    """One round for all members on a day. Safe to repeat, and two at once: each list, bill and fund has its lock."""
    done = Round()
    for code in Filing.objects.order_by("member_code").values_list("member_code", flat=True).distinct():
        _try(done, code, lambda code=code: _lists(done, code, today))
        _try(done, code, lambda code=code: _bills(done, code, today))
        _try(done, code, lambda code=code: _arrears(done, code, today))
    _try(done, "funds", lambda: _funds(done, today))
    return done


def _try(done: Round, who: str, step: Callable[[], None]) -> None:
    try:
        step()
    except DomainError as trouble:
        done.troubles.append(f"{who}: {trouble.code} {trouble}")
    except DatabaseError as trouble:  # the step is undone; the next night tries it again
        done.troubles.append(f"{who}: {trouble}")


def _lists(done: Round, code: str, today: date) -> None:
    previous = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    if not PremiumList.objects.filter(member_code=code, period=previous).exists():
        draw_list(actor=SYSTEM, today=today, member_code=code, period=previous)
    waiting = PremiumList.objects.filter(member_code=code, state__in=OPEN).order_by("period")
    for row in list(waiting):
        if month(row.period)[1] >= today:
            continue
        state = row.state
        if state == State.ISSUED and agree_by_silence(actor=SYSTEM, today=today, list_id=row.pk):
            done.agreed += 1
            continue
        if state == State.ISSUED:
            drawn = draw_list(actor=SYSTEM, today=today, member_code=code, period=row.period)
            state = drawn.state if drawn is not None else ""
        if state == State.DRAFT:
            done.issued += _sent(row.pk, today)


def _bills(done: Round, code: str, today: date) -> None:
    """Bill a period when it is over and all of its lists are agreed, so that a quarter makes one bill, not three."""
    period = _last_period(today, code)
    lists = PremiumList.objects.filter(member_code=code, period__lte=last_month(period)).exclude(state=State.BILLED)
    states = set(lists.values_list("state", flat=True))
    if states == {State.AGREED}:
        done.bills += len(bill(actor=SYSTEM, today=today, member_code=code, period=period))


def _arrears(done: Round, code: str, today: date) -> None:
    done.overdue += len(arrears(actor=SYSTEM, today=today, member_code=code))


@transaction.atomic
def _sent(list_id: int, today: date) -> bool:
    """Send a draft; of two rounds at once the second finds that it is sent."""
    draft = PremiumList.objects.select_for_update().filter(pk=list_id, state=State.DRAFT).exists()
    if draft:
        issue_list(actor=SYSTEM, today=today, list_id=list_id)
    return draft


def _last_period(today: date, code: str = "") -> str:
    """The last billing period that is over."""
    before = today.replace(day=1) - timedelta(days=1)
    period = billing_period(before, member_code=code)
    while month(last_month(period))[1] >= today:
        before = before.replace(day=1) - timedelta(days=1)
        period = billing_period(before, member_code=code)
    return period


def _funds(done: Round, today: date) -> None:
    """Close the period when all members' lists of it are billed: closed once, what came later would wait for the next.
    A person may close it before."""
    period = _last_period(today)
    if PremiumList.objects.filter(period__lte=last_month(period)).exclude(state=State.BILLED).exists():
        return
    for party in funds_waiting(period):
        done.bordereaux += close_fund(actor=SYSTEM, today=today, party=party, period=period) is not None
