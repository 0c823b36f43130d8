"""Premiums of the demo: a list a month for the last half year, agreed or disputed, billed by quarters, paid but for the last."""

from __future__ import annotations

from datetime import date, timedelta

from infra.demo import people
from infra.demo.group import post
from infra.demo.group.money import come, pay_out
from kernel.calendar import add_months
from kernel.cash import queries as moneys
from kernel.cash import services as cash
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.premiums import queries, services
from tenants.cessions import queries as cession_queries
from tenants.cessions import services as cessions

_MONTHS = 6
_FUND = {"account_name": "国家融资担保基金有限责任公司", "account_no": "110002027000045678", "account_bank": "华兴商业银行"}


def tell(today: date, members: list[str]) -> int:
    """Play the months that were not played yet; returns how many lists were made."""
    done = 0
    for ago in range(_MONTHS, 0, -1):
        first = add_months(today.replace(day=1), -ago)
        for number, member in enumerate(members):
            with post.step():
                done += _month(member, number, first, today)
        if first.month % 3 == 0:
            with post.step():
                _pass_on(f"{first.year}-Q{first.month // 3}", add_months(first, 1) + timedelta(days=14), today)
    return done


def _pass_on(period: str, on: date, today: date) -> None:
    """Close the quarter with the national fund, when it is billed, and pay the fund if its days have passed."""
    with inside(registry.group()):
        staff = people.staff(code="GROUP")
        if on > today or queries.lists().filter(period__lte=services.last_month(period)).exclude(state="BILLED").exists():
            return
        for party in services.funds_waiting(period):
            row = services.close_fund(actor=staff["accountant"], today=on, party=party, period=period)
            if row is not None and row.due_on <= today:
                order = cash.prepare(actor=staff["cashier"], today=row.due_on, key=row.key, **_FUND)
                voucher = f"JJ{row.due_on:%y%m%d}0001"
                cash.confirm(actor=staff["accountant"], today=row.due_on, order_id=order.pk, voucher_no=voucher, on=row.due_on)
    post.deliver(on)


def _month(member: str, number: int, first: date, today: date) -> int:
    """The list of one member and month, drawn on the third day after it."""
    period = f"{first:%Y-%m}"
    on = add_months(first, 1) + timedelta(days=2)
    if on > today:
        return 0
    with inside(registry.group()):
        staff = people.staff(code="GROUP")
        if queries.lists().filter(member_code=member, period=period).exclude(state="DRAFT").exists():
            return 0
        row = services.draw_list(actor=staff["accountant"], today=on, member_code=member, period=period)
        if row is None:
            return 0
        services.issue_list(actor=staff["accountant"], today=on, list_id=row.pk)
    post.deliver(on)
    newest = add_months(first, 1) == today.replace(day=1)
    if newest and number == 0:
        return 1  # still with the member
    on = min(on + timedelta(days=4), today)
    _answer(member, on, disputed=newest and number == 1)
    post.deliver(on)
    if first.month % 3 == 0 and not newest:
        _bill(member, f"{first.year}-Q{first.month // 3}", min(on + timedelta(days=3), today), today)
    return 1


def _answer(member: str, on: date, *, disputed: bool) -> None:
    """The member agrees, or says of one row that it is not right."""
    with inside(registry.institution(member)):
        staff = people.staff(code=member)
        row = cession_queries.lists().filter(state="ISSUED").order_by("-id").first()
        if row is None:
            return
        first = row.rows.order_by("id").first()
        disputes = {first.pk: "实际放款日与清单起算日不一致，请核对。"} if disputed and first else {}
        cessions.answer_list(actor=staff["operations"], today=on, list_id=row.pk, disputes=disputes)


def _bill(member: str, period: str, on: date, today: date) -> None:
    """Bill a quarter; the member pays it within its days, the last one is still open."""
    with inside(registry.group()):
        staff = people.staff(code="GROUP")
        bills = services.bill(actor=staff["accountant"], today=on, member_code=member, period=period)
    post.deliver(on)
    paid = on + timedelta(days=8)
    if paid > today:
        return
    for bill in bills:
        _pay(member, bill.key, bill.number, paid)


def _pay(member: str, key: str, number: str, on: date) -> None:
    """One person at the member prepares, another confirms; the group's cashier registers what came."""
    voucher = f"YH{on:%y%m%d}{number[-4:]}{member[:2]}"
    with inside(registry.institution(member)):
        staff = people.staff(code=member)
        pay_out(staff, key, voucher, on)
    post.deliver(on)
    with inside(registry.group()):
        come(moneys.due(key), voucher, on)
    post.deliver(on)
