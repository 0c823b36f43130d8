"""Bills and credit notes: what was agreed becomes due, and what was billed too much comes back (domain.md 4.6, 5.4)."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.cash import services as cash
from kernel.cash.services.dues import hold
from kernel.documents import services as documents
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import yuan
from kernel.parameters import queries as parameters
from reguarantee.filings import services as filings
from reguarantee.premiums import tariff
from reguarantee.premiums.models import Bill, Item, Part, PremiumList, Vat
from reguarantee.premiums.reckoning.charging import bears_premium
from reguarantee.premiums.services.drawing import month
from reguarantee.premiums.services.settling import arrears
from reguarantee.premiums.services.telling import alone, paper, tell

MONTH, QUARTER = "MONTH", "QUARTER"


class PeriodNotOver(Conflict):
    code = "PERIOD_NOT_OVER"
    sentence = gettext_noop("%(period)s is not over yet; it can be billed from the next day on.")


class BadBillingPeriod(Invalid):
    code = "BAD_BILLING_PERIOD"
    sentence = gettext_noop("“%(text)s” is not a period. Write it like 2026-03 or 2026-Q1.")


class MoreThanBilled(Conflict):
    code = "MORE_THAN_BILLED"
    sentence = gettext_noop("Of bill %(number)s only %(left)s yuan can still be credited.")


def billing_period(day: date, *, member_code: str = "") -> str:
    """The billing period that holds a day, by the member's parameter: YYYY-MM or YYYY-Qn."""
    if parameters.value("rg.premium.billing", on=day, member=member_code) == MONTH:
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month + 2) // 3}"


def last_month(period: str) -> str:
    """The last month (YYYY-MM) of a billing period. Raises BadBillingPeriod."""
    year, _, rest = period.partition("-")
    found = f"{year}-{3 * int(rest[1:]):02d}" if rest[:1] == "Q" and rest[1:] in ("1", "2", "3", "4") else period
    try:
        month(found)
    except Invalid:
        raise BadBillingPeriod(field="period", text=period) from None
    return found


@transaction.atomic
def bill(*, actor: Any, today: date, member_code: str, period: str) -> list[Bill]:
    """Bill all that the member agreed to up to the end of a period: one bill for what is free of VAT and one for what
    is not, and a credit note for each bill of which something comes back. What is billed already is not billed again.

    The lists are locked: of two who press at once the second finds nothing left. Needs premiums.bill. Raises
    BadBillingPeriod, PeriodNotOver.
    """
    may_bill(actor)
    end = last_month(period)
    if today <= month(end)[1]:
        raise PeriodNotOver(period=period)
    agreed = PremiumList.objects.select_for_update().filter(
        member_code=member_code, state=PremiumList.State.AGREED, period__lte=end
    )
    lists = {row.pk: row for row in agreed.order_by("id")}
    rows = Item.objects.filter(list__in=lists, bill=None, dropped=False).order_by("id")
    items = _living(list(rows.select_related("filing__treaty_version__treaty", "corrects__bill", "list")))
    taken: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        if item.premium_fen < 0 and item.corrects is not None and item.corrects.bill_id is not None:
            taken[item.corrects.bill_id].append(item)
    # Everywhere in one order: the dues, the member's word, the bills; so nobody waits in a circle.
    for key in Bill.objects.filter(pk__in=taken).order_by("key").values_list("key", flat=True):
        hold(key)
    alone(member_code)
    made = []
    for vat in Vat.values:
        charged = [item for item in items if item.vat == vat and item.premium_fen > 0]
        if charged:
            made.append(_issue(charged, member_code, period, vat, actor, today))
    for bill_id, rows_of in sorted(taken.items()):
        made.append(_credit(bill_id, rows_of, period, actor, today))
    for row in lists.values():
        row.state = PremiumList.State.BILLED
        row.save(update_fields=["state"])
    filings.mark_billed(actor=actor, today=today, filing_ids={item.filing_id for item in items})
    if taken:
        arrears(actor=actor, today=today, member_code=member_code)
    return made


def _living(items: list[Item]) -> list[Item]:
    """Drop what was voided or cancelled after the member had agreed to it: it never was covered and costs nothing."""
    dead = [item for item in items if item.kind != Item.Kind.CORRECTION and not bears_premium(item.filing)]
    for item in dead:
        item.dropped = True
    Part.objects.filter(item__in=dead).delete()
    Item.objects.filter(pk__in=[item.pk for item in dead]).update(dropped=True, premium_fen=0, fund_fen=0)
    return [item for item in items if not item.dropped]


def may_bill(actor: Any) -> None:
    if getattr(actor, "kind", "") != "SYSTEM":
        check(actor, "premiums.bill")


def _issue(items: list[Item], member_code: str, period: str, vat: str, actor: Any, today: date) -> Bill:
    fen = sum(item.premium_fen for item in items)
    rate = parameters.value("tax.vat.rate", on=today) if vat == Vat.TAXABLE else Decimal(0)
    net, tax = tariff.tax(fen, rate)
    number = next_number(kind="BF", today=today)
    row = Bill.objects.create(
        number=number,
        member_code=member_code,
        period=period,
        vat=vat,
        vat_rate=rate,
        premium_fen=fen,
        net_fen=net,
        tax_fen=tax,
        key=f"premium:{member_code}:{number}",
        issued_on=today,
        issued_by=actor.label,
        due_on=today + timedelta(days=parameters.value("rg.premium.due_days", on=today, member=member_code)),
    )
    _put(items, row)
    cash.expect(
        actor=actor,
        today=today,
        key=row.key,
        direction="IN",
        purpose="PREMIUM",
        counterparty=member_code,
        subject=row.subject,
        fen=fen,
        due_on=row.due_on,
        why=f"{number} {period}",
    )
    _publish(row, items, actor, today)
    return row


def _credit(bill_id: int, items: list[Item], period: str, actor: Any, today: date) -> Bill:
    """Take back from a bill: first from what is open of it, and what was paid already is paid back, never more."""
    due = hold(Bill.objects.values_list("key", flat=True).get(pk=bill_id))
    old = Bill.objects.select_for_update().get(pk=bill_id)
    fen = -sum(item.premium_fen for item in items)
    left = old.premium_fen - old.credited_fen
    if fen > left:
        raise MoreThanBilled(number=old.number, left=yuan(left))
    lowered = min(fen, due.open_fen)
    # What stays of the bill is split as a bill is: so net and VAT of all its notes are in the end just the bill's.
    before, after = tariff.tax(left, old.vat_rate), tariff.tax(left - fen, old.vat_rate)
    net, tax = after[0] - before[0], after[1] - before[1]
    number = next_number(kind="BFH", today=today)
    row = Bill.objects.create(
        number=number,
        kind=Bill.Kind.CREDIT,
        member_code=old.member_code,
        period=period,
        vat=old.vat,
        vat_rate=old.vat_rate,
        premium_fen=-fen,
        net_fen=net,
        tax_fen=tax,
        key=f"premium-refund:{old.member_code}:{number}",
        credits=old,
        refund_fen=fen - lowered,
        status=Bill.Status.SETTLED if fen == lowered else Bill.Status.ISSUED,
        settled_on=today if fen == lowered else None,
        issued_on=today,
        issued_by=actor.label,
        due_on=today + timedelta(days=parameters.value("rg.premium.due_days", on=today, member=old.member_code)),
    )
    _put(items, row)
    stood = old.status
    old.credited_fen += fen
    if lowered:
        due = cash.change(actor=actor, today=today, key=old.key, by_fen=-lowered, why=number)
    if due.open_fen == 0:
        old.status = Bill.Status.SETTLED if old.paid_fen else Bill.Status.CREDITED
        old.settled_on = old.settled_on or today
    old.save(update_fields=["credited_fen", "status", "settled_on"])
    if row.refund_fen:
        cash.expect(
            actor=actor,
            today=today,
            key=row.key,
            direction="OUT",
            purpose="PREMIUM_REFUND",
            counterparty=old.member_code,
            subject=row.subject,
            fen=row.refund_fen,
            due_on=row.due_on,
            why=f"{number} {old.number}",
        )
    _publish(row, items, actor, today)
    if old.status != stood:
        tell(old)
    return row


def _put(items: Iterable[Item], row: Bill) -> None:
    Item.objects.filter(pk__in=[item.pk for item in items]).update(bill=row)


def _publish(row: Bill, items: list[Item], actor: Any, today: date) -> None:
    file = io.BytesIO(paper(row, items, today))
    documents.store(actor=actor, today=today, subject=row.subject, name=f"{row.number}.pdf", file=file, kind="PREMIUM_BILL")
    tell(row, lists=sorted({item.list.number for item in items if item.list}))
    facts = {"bill": row.number, "member": row.member_code, "fen": row.premium_fen, "vat": row.vat, "rows": len(items)}
    audit.leave(actor=actor, act="premiums.bill", subject=row.subject, facts=facts)
