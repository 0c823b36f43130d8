"""What the member hears of a bill: the letter, and the paper it files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection

from kernel.documents import papers
from kernel.letters import PremiumBilled
from kernel.money import capitals, yuan
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import current
from reguarantee.premiums.models import Bill, Item, Vat

_PRINTED = 300
"""A bill prints its rows up to so many; setting thousands of them would take half a minute under the bill's locks."""


def alone(member_code: str) -> None:
    """Let one transaction at a time decide about a member's bills and arrears (or what else the text names): no row stands
    for that, so raw SQL."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('premiums.member'), hashtext(%s))", [member_code])


def tell(row: Bill, *, lists: Iterable[str] = (), stops: bool = False) -> None:
    """Post to the member how a bill stands."""
    letter = PremiumBilled(
        bill_no=row.number,
        period=row.period,
        vat=row.vat,
        premium_fen=row.premium_fen,
        net_fen=row.net_fen,
        tax_fen=row.tax_fen,
        due_on=row.due_on,
        key=row.key,
        status=row.status,
        lists=tuple(lists),
        credits=row.credits.number if row.credits else "",
        refund_fen=row.refund_fen,
        stops=stops,
    )
    # All of a bill and its credit notes in one line of letters: a note never overtakes its bill.
    subject = f"premium-bill:{row.credits.number if row.credits else row.number}"
    outbox.post(letter, sender=current().code, to=row.member_code, subject=subject)


def _rows(items: list[Item]) -> papers.Table:
    lines = [
        (item.filing.number, f"{item.first}", f"{item.last}", str(item.days), yuan(item.ceded_fen),
         f"{item.rate.normalize():f}", yuan(item.premium_fen))
        for item in items
    ]  # fmt: skip
    return papers.Table(("担保编号", "起", "止", "天数", "分保责任（元）", "年费率", "再担保费（元）"), lines)


def _months(items: list[Item]) -> papers.Table:
    """By the confirmed lists, on which the member has every row."""
    sums: dict[str, list[int]] = {}
    for item in items:
        total = sums.setdefault(item.list.number if item.list else "", [0, 0])
        total[0] += 1
        total[1] += item.premium_fen
    lines = [(number, str(count), yuan(fen)) for number, (count, fen) in sorted(sums.items())]
    return papers.Table(("已确认的再担保费清单（逐笔明细见清单）", "笔数", "再担保费（元）"), lines, right=(1, 2))


def paper(row: Bill, items: list[Item], today: date) -> bytes:
    """The paper that the member gets; it speaks Chinese, whoever prints it."""
    member = registry.institution(row.member_code)
    credit = row.kind == Bill.Kind.CREDIT
    facts: list[tuple[str, str]] = [
        ("付款单位" if not credit else "收款单位", member.name),
        ("账期", row.period),
        ("价税合计（元）", yuan(row.premium_fen)),
        ("大写", ("负" if credit else "") + capitals(abs(row.premium_fen))),
        ("不含税金额（元）", yuan(row.net_fen)),
        ("增值税（元）", yuan(row.tax_fen) if row.vat == Vat.TAXABLE else "免税"),
        ("付款期限" if not credit else "退还（元）", f"{row.due_on}" if not credit else yuan(row.refund_fen)),
        ("结算关键字", row.key),
    ]
    if row.credits is not None:
        facts.append(("冲减账单", row.credits.number))
    title = "再担保费红字账单" if credit else "再担保费账单"
    blocks = [papers.Facts(facts), papers.Heading("明细"), _rows(items) if len(items) <= _PRINTED else _months(items)]
    return papers.render(title, blocks, number=row.number, on=today)
