"""The bank pays the loan out: drawdowns, and the moment when the guarantee is in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.calendar import add_months
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import yuan
from tenants.acts import act
from tenants.guarantees.models import Drawdown, Guarantee
from tenants.guarantees.services.filing import file
from tenants.guarantees.services.funnel import change, dated, hold


class AmountMissing(Invalid):
    code = "AMOUNT_NOT_POSITIVE"
    sentence = gettext_noop("Enter an amount above 0.")


class IouMissing(Invalid):
    code = "IOU_MISSING"
    sentence = gettext_noop("Enter the number of the IOU.")


class IouTaken(Conflict):
    code = "IOU_TAKEN"
    sentence = gettext_noop(
        "The IOU %(iou_no)s is registered with %(amount)s yuan on %(on)s already. Check the number or the amount."
    )


class MoreThanLoan(Invalid):
    code = "MORE_THAN_LOAN"
    sentence = gettext_noop("Only %(left)s yuan of the loan are left to draw. Enter no more than that.")


class BeforeFirstDrawdown(Invalid):
    code = "BEFORE_FIRST_DRAWDOWN"
    sentence = gettext_noop("The first drawdown was registered for %(start_on)s; none can come before it.")


def drawdown(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    iou_no: str,
    amount_fen: int,
    on: date,
    complete: bool = False,
    bank_code: str | None = None,
) -> Drawdown:
    """Register that the bank paid out `amount_fen` on the day `on` against an IOU; `complete`: and will pay no more.

    The first one starts the term; the one that fills the loan brings the guarantee in force and files it. The same
    IOU again with the same amount and day returns the row that stands. Raises IouTaken, MoreThanLoan, FutureDate,
    BeforeApproval, BeforeFirstDrawdown, WrongState, NoSuchGuarantee.
    """
    iou_no = iou_no.strip()
    if not iou_no:
        raise IouMissing(field="iou_no")
    if amount_fen <= 0:
        raise AmountMissing(field="amount_fen")
    with act("guarantees.drawdown", actor=actor):
        guarantee = hold(guarantee_id, bank_code)
        standing = guarantee.drawdowns.filter(iou_no=iou_no).first()
        if standing is not None:
            if (standing.amount_fen, standing.on) != (amount_fen, on):
                raise IouTaken(iou_no=iou_no, amount=yuan(standing.amount_fen), on=standing.on, field="iou_no")
            return standing
        dated(guarantee, on, today)
        left = guarantee.loan_fen - guarantee.drawn_fen
        if guarantee.start_on is None:
            guarantee.start_on, guarantee.due_on = on, add_months(on, guarantee.term_months)
        elif on < guarantee.start_on:
            raise BeforeFirstDrawdown(start_on=guarantee.start_on, field="on")
        event = "draw_all" if complete or amount_fen >= left else "draw"
        if amount_fen > left and guarantee.state in (Guarantee.State.ISSUED, Guarantee.State.PARTLY_DRAWN):
            raise MoreThanLoan(left=yuan(left), field="amount_fen")
        guarantee.drawn_fen += amount_fen
        facts = {"iou_no": iou_no, "amount_fen": amount_fen, "on": on, "complete": complete}
        change(guarantee, event, actor=actor, today=today, on=on, facts=facts)
        row = Drawdown.objects.create(guarantee=guarantee, iou_no=iou_no, on=on, amount_fen=amount_fen)
        if guarantee.state == Guarantee.State.IN_FORCE:
            file(guarantee, today=today)
    return row


def complete(*, actor: Any, today: date, guarantee_id: int, bank_code: str | None = None) -> Guarantee:
    """The bank will pay out no more of a partly drawn loan: in force at what was drawn (domain.md 7.4, 11.34)."""
    with act("guarantees.complete", actor=actor):
        guarantee = hold(guarantee_id, bank_code)
        change(guarantee, "complete", actor=actor, today=today, facts={"drawn_fen": guarantee.drawn_fen})
        file(guarantee, today=today)
    return guarantee
