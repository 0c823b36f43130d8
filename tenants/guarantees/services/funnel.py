"""The one place where a guarantee changes: state by the flow's table, balance from principal, one movement a day.

Nothing else writes state, principal, balance or movements, so the invariants have one author:
drawn = repaid + compensated principal + outstanding, and balance = own share of outstanding (domain.md 7.4, 11.27).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.audit import services as audit
from kernel.errors import Invalid, NotFound, gettext_noop
from kernel.money import half_up, yuan
from tenants.guarantees.flow import GUARANTEE
from tenants.guarantees.models import ENDED, Guarantee, Movement


class NoSuchGuarantee(NotFound):
    code = "NO_SUCH_GUARANTEE"
    sentence = gettext_noop("There is no such guarantee, or none that you may see.")


class FutureDate(Invalid):
    code = "FUTURE_DATE"
    sentence = gettext_noop("%(on)s lies in the future. Register it when it has happened.")


class BeforeApproval(Invalid):
    code = "BEFORE_APPROVAL"
    sentence = gettext_noop("%(on)s lies before the approval of %(approved_on)s. Check the date.")


class BelowNothing(Invalid):
    code = "MORE_THAN_OUTSTANDING"
    sentence = gettext_noop("On %(on)s only %(outstanding)s yuan of principal were outstanding. Check the amount and the date.")


def own_share(guarantee: Guarantee, principal_fen: int) -> int:
    """The member's part (fen) of a principal of the loan; the share was fixed at issue as guaranteed / loan."""
    return half_up(principal_fen * guarantee.guaranteed_fen, guarantee.loan_fen)


def hold(guarantee_id: int, bank_code: str | None = None) -> Guarantee:
    """Return a guarantee with its row locked until the transaction ends.

    With `bank_code` it must be a loan of that bank: for another bank it does not exist (fetch as permission).
    Raises NoSuchGuarantee.
    """
    rows = Guarantee.objects.select_for_update(of=("self",)).select_related("customer", "product")
    rows = rows.filter(pk=guarantee_id)
    if bank_code is not None:
        rows = rows.filter(bank_code=bank_code)
    guarantee = rows.first()
    if guarantee is None:
        raise NoSuchGuarantee
    return guarantee


def dated(guarantee: Guarantee, on: date, today: date) -> None:
    """Raise FutureDate or BeforeApproval for a day on which nothing can have happened to the guarantee."""
    if on > today:
        raise FutureDate(on=on, field="on")
    if on < guarantee.approved_on:
        raise BeforeApproval(on=on, approved_on=guarantee.approved_on, field="on")


def change(guarantee: Guarantee, event: str, *, actor: Any, today: date, facts: dict[str, Any], on: date | None = None) -> None:
    """Apply one event to a locked guarantee, whose principal figures the verb has already moved.

    Moves the state, derives outstanding and balance, keeps the day's movement (`on`, default today), saves and
    leaves the audit line. Raises WrongState, BelowNothing.
    """
    day = on or today
    was_outstanding, was_balance, was_state = guarantee.outstanding_fen, guarantee.balance_fen, guarantee.state
    GUARANTEE.move(guarantee, event)
    outstanding = guarantee.drawn_fen - guarantee.repaid_fen - guarantee.compensated_principal_fen
    if outstanding < 0:
        raise BelowNothing(on=day, outstanding=yuan(was_outstanding))
    guarantee.outstanding_fen = outstanding
    if guarantee.state in ENDED:
        guarantee.ended_on = day
    if guarantee.state == Guarantee.State.LAPSED:
        guarantee.balance_fen = 0
    elif guarantee.amortisation == Guarantee.Amortisation.STRAIGHT_LINE and outstanding == was_outstanding:
        pass  # still nobody has told what was repaid: the balance goes on by the calendar
    else:
        if guarantee.amortisation == Guarantee.Amortisation.STRAIGHT_LINE:
            _open_history(guarantee, was_outstanding)
        guarantee.balance_fen = own_share(guarantee, outstanding)
    if guarantee.balance_fen != was_balance or outstanding != was_outstanding:
        _note(guarantee, day, outstanding - was_outstanding)
    guarantee.save()
    audit.leave(
        actor=actor,
        act=f"guarantees.{event}",
        subject=guarantee.subject,
        facts={
            "number": guarantee.number,
            "from": was_state,
            "to": guarantee.state,
            "balance_fen": guarantee.balance_fen,
            **facts,
        },
    )


def _open_history(guarantee: Guarantee, outstanding_fen: int) -> None:
    """The first real movement of an imported guarantee ends the straight-line assumption about it."""
    guarantee.amortisation = Guarantee.Amortisation.MOVEMENTS
    balance = own_share(guarantee, outstanding_fen)
    Movement.objects.create(
        guarantee=guarantee,
        on=guarantee.start_on,
        outstanding_fen=outstanding_fen,
        balance_fen=balance,
        change_fen=balance,
    )


def _note(guarantee: Guarantee, on: date, delta_fen: int) -> None:
    """Keep one row for the day, and carry an event reported late through the days after it.

    Rows of a guarantee are few (drawdowns and repayments), so later ones are computed anew one by one. Raises
    BelowNothing when principal would have been negative on any of those days.
    """
    rows = list(guarantee.movements.order_by("on"))
    before = [row for row in rows if row.on < on]
    later = [row for row in rows if row.on >= on]
    opening = before[-1] if before else None
    if not later or later[0].on != on:
        standing = opening.outstanding_fen if opening else 0
        later.insert(0, Movement(guarantee=guarantee, on=on, outstanding_fen=standing))
    last_balance = opening.balance_fen if opening else 0
    lapsed = guarantee.state == Guarantee.State.LAPSED
    for row in later:
        if row.outstanding_fen + delta_fen < 0:
            raise BelowNothing(on=row.on, outstanding=yuan(row.outstanding_fen))
        row.outstanding_fen += delta_fen
        row.balance_fen = 0 if lapsed else own_share(guarantee, row.outstanding_fen)
        row.change_fen = row.balance_fen - last_balance
        last_balance = row.balance_fen
    Movement.objects.bulk_create(
        later,
        update_conflicts=True,
        unique_fields=["guarantee", "on"],
        update_fields=["outstanding_fen", "balance_fen", "change_fen"],
    )
