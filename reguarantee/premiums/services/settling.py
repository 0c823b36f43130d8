"""Money that came or went for a bill, arrears, and the stop of new cessions that ends with the payment (domain.md 5.4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.errors import gettext_noop
from kernel.parameters import queries as parameters
from reguarantee.partners import services as partners
from reguarantee.premiums.models import Bill
from reguarantee.premiums.services.telling import alone, tell

ARREARS = "PREMIUM_ARREARS"
SENTENCE = gettext_noop("Premium bill %(bill)s has been unpaid since %(due_on)s.")


def on_moved(*, due: Any, movement: Any, allocation: Any, actor: Any, today: date) -> None:
    """Heard inside the transaction of every receipt, refund and reversal of a bill (kernel.cash.listeners)."""
    alone(due.counterparty)
    row = Bill.objects.select_for_update(of=("self",)).select_related("credits").filter(key=due.key).first()
    if row is None:
        return
    before = row.status
    row.paid_fen = due.moved_fen
    if due.open_fen == 0:
        row.status, row.settled_on = Bill.Status.SETTLED, movement.on
    elif row.status in (Bill.Status.SETTLED, Bill.Status.CREDITED):
        row.status, row.settled_on = Bill.Status.ISSUED, None
    row.save(update_fields=["paid_fen", "status", "settled_on"])
    if row.status != before:
        tell(row)
    if row.kind == Bill.Kind.BILL:
        arrears(actor=actor, today=today, member_code=row.member_code)


@transaction.atomic
def arrears(*, actor: Any, today: date, member_code: str) -> list[Bill]:
    """Mark what is past its day, stop the member's new cessions while something is in arrears longer than the parameter
    says, and lift that stop when nothing is. Returns the bills that stop. What is covered stays covered."""
    alone(member_code)
    late = Bill.objects.select_for_update(of=("self",)).filter(
        member_code=member_code, kind=Bill.Kind.BILL, status__in=[Bill.Status.ISSUED, Bill.Status.OVERDUE], due_on__lt=today
    )
    days = parameters.value("rg.premium.arrears_days", on=today, member=member_code)
    stopping = []
    for row in late.order_by("id"):
        stops = row.due_on + timedelta(days=days) < today
        if stops:
            stopping.append(row)
        # Told once when it becomes overdue, and when it begins, or by another parameter ceases, to stop new cessions.
        if row.status == Bill.Status.ISSUED or stops == (row.stopped_on is None):
            row.status = Bill.Status.OVERDUE
            row.stopped_on = today if stops else None
            row.save(update_fields=["status", "stopped_on"])
            tell(row, stops=stops)
            facts = {"bill": row.number, "due_on": row.due_on, "stops": stops}
            audit.leave(actor=actor, act="premiums.overdue", subject=row.subject, facts=facts)
    if stopping:
        first = stopping[0]
        facts = {"bill": first.number, "due_on": first.due_on.isoformat()}
        partners.stop(
            actor=actor, today=today, member_code=member_code, reason_code=ARREARS, sentence=SENTENCE, facts=facts
        )  # fmt: skip
    else:
        partners.lift(actor=actor, today=today, member_code=member_code, reason_code=ARREARS)
    return stopping
