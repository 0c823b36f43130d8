"""The group's premium lists and bills as they reach this house, and our answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from kernel.access.actors import Actor
from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.cash.services.dues import hold
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.letters import MoneyReported, PremiumBilled, PremiumListAnswered, PremiumListIssued
from kernel.outbox import services as outbox
from registry.tenancy import current
from tenants.acts import act
from tenants.cessions.models import Bill, PremiumList, PremiumRow

GROUP = "GROUP"


class NoSuchPremiumList(NotFound):
    code = "NO_SUCH_PREMIUM_LIST"
    sentence = gettext_noop("There is no such premium list.")


class AnsweredAlready(Conflict):
    code = "PREMIUM_LIST_ANSWERED"
    sentence = gettext_noop("List %(number)s is answered already. If the group sends it again, you can answer again.")


class DisputeEmpty(Invalid):
    code = "DISPUTE_EMPTY"
    sentence = gettext_noop("Say of each disputed row what is wrong with it.")


def open_money_reported(letter: MoneyReported, *, sender: str, actor: Any, today: date) -> None:
    """Keep what the group says moved; it changes no balance of ours (kernel.cash.queries.board compares)."""
    cash.report(counterparty=sender, **vars(letter))


def open_premium_list(letter: PremiumListIssued, *, sender: str, actor: Any, today: date) -> None:
    """Keep a list to be confirmed. Sent again with other rows or answers it can be answered anew; the same: nothing."""
    with act("cessions.premium_list", actor=actor):
        rows = [_row(told) for told in letter.items]
        standing = PremiumList.objects.select_for_update().filter(number=letter.list_no).first()
        if standing is not None:
            same = standing.confirm_by == letter.confirm_by and [_told(row) for row in standing.rows.all()] == rows
            if same:
                if standing.state == PremiumList.State.AGREED:
                    # Drawn up anew as it was, while our yes was on its way: the group waits for one.
                    _answer(standing, (), today)
                return
            standing.rows.all().delete()
            standing.round += 1
            standing.state, standing.answered_on, standing.answered_by = PremiumList.State.ISSUED, None, ""
            standing.confirm_by, standing.told_on = letter.confirm_by, today
            standing.save()
        else:
            standing = PremiumList.objects.create(
                number=letter.list_no, period=letter.period, confirm_by=letter.confirm_by, told_on=today
            )
        PremiumRow.objects.bulk_create(PremiumRow(list=standing, **row) for row in rows)
        facts = {"list": letter.list_no, "rows": len(rows), "round": standing.round}
        audit.leave(actor=actor, act="cessions.premium_list", subject=f"premium-list:{standing.pk}", facts=facts)


def _row(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "item": told.get("item", 0),
        "guarantee_id": told["guarantee_id"],
        "number": told["number"],
        "treaty": told.get("treaty", ""),
        "kind": told.get("kind", ""),
        "base_fen": told["base_fen"],
        "ceded_fen": told["ceded_fen"],
        "first": date.fromisoformat(told["from"]),
        "last": date.fromisoformat(told["to"]),
        "days": told["days"],
        "rate": Decimal(told["rate"]),
        "premium_fen": told["premium_fen"],
        "vat": told["vat"],
        "answer": told.get("answer", ""),
    }


def _told(row: PremiumRow) -> dict[str, Any]:
    names = [field.name for field in PremiumRow._meta.concrete_fields if field.name not in ("id", "list", "dispute")]
    return {name: getattr(row, name) for name in names}


def dispute(rows: QuerySet[Any], disputes: Mapping[int, str] | None) -> list[Any]:
    """Write to these rows (row id → what is wrong) what is wrong with them, and return them. Raises DisputeEmpty."""
    said = {key: text.strip()[:500] for key, text in (disputes or {}).items()}
    if not all(said.values()):
        raise DisputeEmpty(field="disputes")
    disputed = list(rows.filter(pk__in=said))
    for row in disputed:
        row.dispute = said[row.pk]
    rows.model.objects.bulk_update(disputed, ["dispute"])
    return disputed


def answer_list(*, actor: Any, today: date, list_id: int, disputes: Mapping[int, str] | None = None) -> PremiumList:
    """Tell the group that a list is right, or (row id → what is wrong) that these rows are not.

    Needs cessions.answer. The second of two people hears that it is answered. Raises NoSuchPremiumList, AnsweredAlready,
    DisputeEmpty.
    """
    check(actor, "cessions.answer")
    with act("cessions.answer_list", actor=actor):
        row = PremiumList.objects.select_for_update().filter(pk=list_id).first()
        if row is None:
            raise NoSuchPremiumList
        if row.state != PremiumList.State.ISSUED:
            raise AnsweredAlready(number=row.number)
        disputed = dispute(row.rows.all(), disputes)
        row.state = PremiumList.State.DISPUTED if disputed else PremiumList.State.AGREED
        row.answered_on, row.answered_by = today, actor.label
        row.save(update_fields=["state", "answered_on", "answered_by"])
        _answer(row, disputed, today)
        facts = {"list": row.number, "agreed": not disputed, "disputes": len(disputed)}
        audit.leave(actor=actor, act="cessions.answer_list", subject=f"premium-list:{row.pk}", facts=facts)
        return row


def _answer(row: PremiumList, disputed: Sequence[PremiumRow], today: date) -> None:
    letter = PremiumListAnswered(
        list_no=row.number,
        agreed=not disputed,
        disputes=tuple({"guarantee_id": one.guarantee_id, "item": one.item, "text": one.dispute} for one in disputed),
        answered_on=row.answered_on or today,
        premium_fen=sum(row.rows.values_list("premium_fen", flat=True)),
    )
    outbox.post(letter, sender=current().code, to=GROUP, subject=f"premium-list:{row.number}")


def open_bill(letter: PremiumBilled, *, sender: str, actor: Any, today: date) -> None:
    """Keep a bill and expect its payment; a credit note lowers what is open and lets a refund be expected."""
    with act("cessions.bill", actor=actor):
        bill = Bill.objects.select_for_update().filter(number=letter.bill_no).first()
        if bill is None:
            bill = _first(letter, actor, today)
        elif (bill.status, bill.stops) == (letter.status, letter.stops):
            return
        bill.status, bill.stops = letter.status, letter.stops
        bill.save(update_fields=["status", "stops"])
        # A list that nobody answered was agreed by silence when its bill comes.
        PremiumList.objects.filter(number__in=letter.lists).exclude(state=PremiumList.State.AGREED).update(
            state=PremiumList.State.AGREED
        )
        facts = {"bill": letter.bill_no, "fen": letter.premium_fen, "status": letter.status, "stops": letter.stops}
        audit.leave(actor=actor, act="cessions.bill", subject=bill.subject, facts=facts)


def _first(letter: PremiumBilled, actor: Any, today: date) -> Bill:
    credited = Bill.objects.filter(number=letter.credits).first() if letter.credits else None
    bill = Bill.objects.create(
        number=letter.bill_no,
        period=letter.period,
        vat=letter.vat,
        premium_fen=letter.premium_fen,
        net_fen=letter.net_fen,
        tax_fen=letter.tax_fen,
        refund_fen=letter.refund_fen,
        credits=credited,
        due_on=letter.due_on,
        key=letter.key,
        status=letter.status,
        lists=list(letter.lists),
        told_on=today,
    )
    expected = {"actor": actor, "today": today, "counterparty": GROUP, "subject": bill.subject, "due_on": letter.due_on}
    if letter.premium_fen > 0:
        cash.expect(
            **expected, key=letter.key, direction="OUT", purpose="PREMIUM", fen=letter.premium_fen, why=letter.bill_no
        )  # fmt: skip
        return bill
    refund = letter.refund_fen
    if credited is not None:
        # What we paid while the note was on its way cannot be lowered any more: it comes back too.
        less = -letter.premium_fen - refund
        lowered = min(less, hold(credited.key).open_fen)
        refund += less - lowered
        if lowered:
            _withdraw_order(credited.key, letter.bill_no, today)
            cash.change(actor=actor, today=today, key=credited.key, by_fen=-lowered, why=letter.bill_no)
    if refund:
        cash.expect(**expected, key=letter.key, direction="IN", purpose="PREMIUM_REFUND", fen=refund, why=letter.bill_no)
    return bill


class _CreditNote(Actor):
    """Stands where a person may stand who cancels a payment that was prepared for a sum no longer due."""

    @property
    def permission_codes(self) -> frozenset[str]:
        return frozenset({"cash.prepare"})


def _withdraw_order(key: str, note: str, today: date) -> None:
    order = money.orders().filter(due__key=key).first()
    if order is not None:
        cash.cancel(actor=_CreditNote("LETTER", GROUP), today=today, order_id=order.pk, reason=note)
