"""A recovery lowers what we claim of a fund that has not paid: its part of it stays with us or the member (domain.md 5.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.cash import services as cash
from kernel.errors import Invalid, gettext_noop
from kernel.money import yuan
from reguarantee.claims.models import OutwardClaim
from reguarantee.claims.services import records
from reguarantee.claims.services.outward import State, _close


class LoweredTooMuch(Invalid):
    code = "LOWERED_TOO_MUCH"
    sentence = gettext_noop("Only %(most)s yuan of the claim on %(party)s are open, so no more can be taken off.")


@transaction.atomic
def lower_outward(*, actor: Any, today: date, outward_id: int, fen: int, recovery_no: str, close: bool = True) -> OutwardClaim:
    """Take the fund's part of a recovery off our open claim on it, or (negative) put back what was undone.

    The caller keeps that each recovery is taken off once, and says `close=False` where it closes the claim itself.
    Raises LoweredTooMuch.
    """
    claim = records.held(OutwardClaim.objects.values_list("claim_id", flat=True).get(id=outward_id))
    row = OutwardClaim.objects.select_for_update(of=("self",)).get(id=outward_id)
    row.claim = claim
    if fen > row.fen - row.paid_fen:
        raise LoweredTooMuch(field="fen", most=yuan(row.fen - row.paid_fen), party=row.party)
    row.fen -= fen
    if row.submitted_on is not None:
        cash.change(actor=actor, today=today, key=row.key, by_fen=-fen, why=recovery_no)
    if row.paid_fen == row.fen:
        row.state, row.paid_on = State.PAID, row.paid_on or today
    elif row.state == State.PAID:
        row.state, row.paid_on = State.SUBMITTED, None
    row.save()
    records.rule(claim, "outward_lower", actor=actor, today=today, party=row.party, fen=fen, recovery_no=recovery_no)
    if close:
        _close(claim, actor=actor, today=today)
    return row
