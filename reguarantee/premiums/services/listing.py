"""The list goes to the member and comes back agreed or disputed; an officer answers each dispute (domain.md 5.4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.letters import PremiumListAnswered, PremiumListIssued
from kernel.outbox import services as outbox
from kernel.parameters import queries as parameters
from registry.tenancy import current
from reguarantee.premiums.models import Item, PremiumList
from reguarantee.premiums.services.drawing import check_list, draw_list, month, waive

RECKONED_ANEW, EXPLAINED, DROPPED = "RECKONED_ANEW", "EXPLAINED", "DROPPED"


class NoSuchList(NotFound):
    code = "NO_SUCH_PREMIUM_LIST"
    sentence = gettext_noop("There is no such premium list.")


class MonthNotOver(Conflict):
    code = "MONTH_NOT_OVER"
    sentence = gettext_noop("%(period)s is not over yet; its list can be sent from the next day on.")


class ListFixed(Conflict):
    code = "PREMIUM_LIST_FIXED"
    sentence = gettext_noop("List %(number)s is agreed or billed already. What is wrong is put right on the next list.")


class ListEmpty(Conflict):
    code = "PREMIUM_LIST_EMPTY"
    sentence = gettext_noop("There is nothing on the list.")


class DisputesOpen(Conflict):
    code = "DISPUTES_OPEN"
    sentence = gettext_noop("%(count)s disputed rows have no answer yet. Answer them, then send the list again.")


class NoDispute(Conflict):
    code = "NO_DISPUTE"
    sentence = gettext_noop("This row is not disputed, or is answered already.")


class AnswerNeeded(Invalid):
    code = "ANSWER_NEEDED"
    sentence = gettext_noop("Write the answer; the member reads it.")


@transaction.atomic
def issue_list(*, actor: Any, today: date, list_id: int) -> PremiumList:
    """Draw the list up once more and send it to the member to be confirmed. Needs premiums.list.

    Sending an issued list again posts the same letter; the member changes nothing when nothing changed. Raises
    NoSuchList, MonthNotOver, ListFixed, ListEmpty, DisputesOpen.
    """
    check_list(actor)
    row = _locked(list_id)
    if today <= month(row.period)[1]:
        raise MonthNotOver(period=row.period)
    if row.state in (PremiumList.State.AGREED, PremiumList.State.BILLED):
        raise ListFixed(number=row.number)
    if waiting := row.items.filter(dispute=Item.Dispute.OPEN).count():
        raise DisputesOpen(count=waiting)
    drawn = draw_list(actor=actor, today=today, member_code=row.member_code, period=row.period)
    # One that the member has already goes out empty too, or it would wait for an answer to what is gone.
    if drawn is None or not (drawn.round or drawn.items.exists()):
        raise ListEmpty
    return _send(drawn, actor, today)


def _send(row: PremiumList, actor: Any, today: date) -> PremiumList:
    row.round += 1
    row.state, row.issued_on = PremiumList.State.ISSUED, today
    days = parameters.value("rg.premium.confirm_days", on=today)
    row.confirm_by = today + timedelta(days=days)
    row.save()
    letter = PremiumListIssued(list_no=row.number, period=row.period, confirm_by=row.confirm_by, items=_rows(row))
    outbox.post(letter, sender=current().code, to=row.member_code, subject=f"premium-list:{row.number}")
    facts = {"member": row.member_code, "period": row.period, "round": row.round, "rows": len(letter.items)}
    audit.leave(actor=actor, act="premiums.issue", subject=f"premium-list:{row.pk}", facts=facts)
    return row


def _rows(row: PremiumList) -> tuple[dict[str, Any], ...]:
    items = row.items.filter(dropped=False).select_related("filing__treaty_version__treaty").order_by("id")
    return tuple(
        {
            "item": item.pk,
            "kind": item.kind,
            "guarantee_id": item.filing.guarantee_id,
            "number": item.filing.number,
            "treaty": str(item.filing.treaty_version),
            "base_fen": item.base_fen,
            "ceded_fen": item.ceded_fen,
            "from": item.first.isoformat(),
            "to": item.last.isoformat(),
            "days": item.days,
            "rate": str(item.rate.normalize()),
            "premium_fen": item.premium_fen,
            "vat": item.vat,
            "answer": item.answer,
        }
        for item in items
    )


@transaction.atomic
def open_list_answered(letter: PremiumListAnswered, *, sender: str, actor: Any, today: date) -> None:
    """Read a member's answer: agreed, or these rows are not. A list that is agreed already stays so (11.2 of the terms), and
    a yes to other figures than were sent last is none.

    Raises NoSuchList for a list that the sender never got.
    """
    row = PremiumList.objects.select_for_update().filter(number=letter.list_no, member_code=sender).first()
    if row is None:
        raise NoSuchList
    if row.state != PremiumList.State.ISSUED or (letter.agreed and letter.premium_fen not in (None, _total(row))):
        return
    facts: dict[str, Any] = {"list": row.number, "agreed": letter.agreed, "disputes": len(letter.disputes)}
    if letter.agreed:
        _agree(row, on=letter.answered_on, tacit=False)
    else:
        row.state = PremiumList.State.DISPUTED
        row.save(update_fields=["state"])
        for said in letter.disputes:
            rows = row.items.filter(filing__guarantee_id=said["guarantee_id"], dropped=False)
            if said.get("item"):
                rows = rows.filter(pk=said["item"])
            rows.update(dispute=Item.Dispute.OPEN, dispute_text=str(said.get("text", ""))[:500], answer="")
    audit.leave(actor=actor, act="premiums.answered", subject=f"premium-list:{row.pk}", facts=facts)


def _total(row: PremiumList) -> int:
    return row.items.filter(dropped=False).aggregate(fen=Coalesce(Sum("premium_fen"), 0))["fen"]


def _agree(row: PremiumList, *, on: date, tacit: bool) -> None:
    row.state, row.agreed_on, row.tacit = PremiumList.State.AGREED, on, tacit
    row.save(update_fields=["state", "agreed_on", "tacit"])


@transaction.atomic
def resolve(*, actor: Any, today: date, item_id: int, outcome: str, answer: str) -> Item:
    """Answer a dispute: EXPLAINED (the row stands), RECKONED_ANEW (from what is known now, for example after the filing
    was corrected or a deviation approved) or DROPPED (it costs nothing). The member reads `answer` with the next letter.

    Needs premiums.list. Raises NoDispute, AnswerNeeded, ListFixed.
    """
    check(actor, "premiums.list")
    found = Item.objects.filter(pk=item_id).select_related("list").first()
    if found is None or found.list is None:
        raise NoDispute
    row = _locked(found.list.pk)
    if row.state != PremiumList.State.DISPUTED:
        raise ListFixed(number=row.number)
    item = Item.objects.select_for_update().get(pk=item_id)
    if item.dispute != Item.Dispute.OPEN:
        raise NoDispute
    if not answer.strip():
        raise AnswerNeeded(field="answer")
    if outcome not in (RECKONED_ANEW, EXPLAINED, DROPPED):
        raise AnswerNeeded(field="outcome")
    before = item.premium_fen
    item.dispute = Item.Dispute.EXPLAINED if outcome == EXPLAINED else Item.Dispute.CHANGED
    item.answer = answer.strip()[:500]
    if outcome == DROPPED:
        waive(item)
    item.save()
    if outcome == RECKONED_ANEW:
        draw_list(actor=actor, today=today, member_code=row.member_code, period=row.period)
        item = Item.objects.filter(pk=item_id).first() or item
    facts = {"item": item_id, "outcome": outcome, "before_fen": before, "after_fen": item.premium_fen, "answer": answer}
    audit.leave(actor=actor, act="premiums.resolve", subject=f"premium-list:{row.pk}", facts=facts)
    return item


@transaction.atomic
def agree_by_silence(*, actor: Any, today: date, list_id: int) -> bool:
    """Count a list as agreed that was not answered by its day, if the parameter says so. Returns whether it did."""
    row = _locked(list_id)
    late = row.state == PremiumList.State.ISSUED and row.confirm_by is not None and row.confirm_by < today
    if not late or not parameters.value("rg.premium.tacit", on=today):
        return False
    _agree(row, on=today, tacit=True)
    audit.leave(actor=actor, act="premiums.agreed_by_silence", subject=f"premium-list:{row.pk}", facts={"list": row.number})
    return True


def _locked(list_id: int) -> PremiumList:
    row = PremiumList.objects.select_for_update().filter(pk=list_id).first()
    if row is None:
        raise NoSuchList
    return row
