"""The claim goes on to the funds behind the group: opened when the member is paid, submitted, received (domain.md 5.1).

A recovery lowers what we claim of a fund that has not paid: its part of it stays with us or the member (domain.md 5.9).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.cash import services as cash
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.money import yuan
from kernel.parameters.queries import value
from reguarantee.claims.models import Claim, OutwardClaim, Status
from reguarantee.claims.services import records

BEHIND = ("FUND", "GOVERNMENT")
State = OutwardClaim.State

on_opened: list[Callable[..., None]] = []
"""Called with `claim, actor, today` when claims on funds are opened: recoveries takes off what came back before."""


class NoSuchOutward(NotFound):
    code = "NO_SUCH_OUTWARD_CLAIM"
    sentence = gettext_noop("There is no such claim on a fund.")


class NotOpen(Conflict):
    code = "OUTWARD_NOT_OPEN"
    sentence = gettext_noop("Claim %(number)s on %(party)s is not in a state for this. Look at it again.")


class NotPaidToMember(Conflict):
    code = "CLAIM_NOT_PAID"
    sentence = gettext_noop("The member's claim is not paid yet; a fund is claimed on afterwards.")


class LoweredTooMuch(Invalid):
    code = "LOWERED_TOO_MUCH"
    sentence = gettext_noop("Only %(most)s yuan of the claim on %(party)s are open, so no more can be taken off.")


def settle(claim: Claim, *, actor: Any, today: date) -> None:
    """After the member has all: open the claims on the funds, if set, or close the claim."""
    if value("rg.claim.outward_automatic", on=today):
        _open(claim, actor=actor, today=today)
    if not _close(claim, actor=actor, today=today):
        records.tell(claim, today=today)


@transaction.atomic
def open_outward(*, actor: Any, today: date, claim_id: int) -> list[OutwardClaim]:
    """Open the claims on the funds of a paid claim by hand. Needs reguarantee_claims.outward. Raises NotPaidToMember."""
    check(actor, "reguarantee_claims.outward")
    claim = records.held(claim_id)
    if claim.status not in (Status.PAID, Status.CLOSED):
        raise NotPaidToMember
    return _open(claim, actor=actor, today=today)


def _open(claim: Claim, *, actor: Any, today: date) -> list[OutwardClaim]:
    known = {row.party: row for row in claim.outward.all()}
    shares, roles, before = claim.shares, claim.roles, len(known)
    for party, fen in shares.items():
        if roles[party] not in BEHIND or not fen or party in known:
            continue
        number = next_number(kind="FB", today=today)
        known[party] = OutwardClaim.objects.create(
            claim=claim, number=number, party=party, role=roles[party], fen=fen, opened_on=today
        )
        records.rule(claim, "outward", actor=actor, today=today, party=party, fen=fen)
    if len(known) == before:
        return list(claim.outward.all())
    for hear in on_opened:
        hear(claim=claim, actor=actor, today=today)
    return list(claim.outward.all())


def _close(claim: Claim, *, actor: Any, today: date) -> bool:
    behind = any(claim.roles[party] in BEHIND and fen for party, fen in claim.shares.items())
    rows = list(claim.outward.all())
    automatic = value("rg.claim.outward_automatic", on=today)
    if claim.status != Status.PAID or any(row.state != State.PAID for row in rows) or (behind and automatic and not rows):
        return False
    records.move(claim, "close", actor=actor, today=today)
    claim.save()
    records.rule(claim, "close", actor=actor, today=today)
    records.tell(claim, today=today)
    return True


def _locked(outward_id: int, *, money: bool = False) -> OutwardClaim:
    """A claim on a fund after its claim; for a verb that reaches `money`, after the dues (records.held)."""
    claim_id = OutwardClaim.objects.filter(id=outward_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NoSuchOutward
    claim = records.held(claim_id) if money else records.locked(claim_id)
    row = OutwardClaim.objects.select_for_update(of=("self",)).get(id=outward_id)
    row.claim = claim
    return row


@transaction.atomic
def submit(*, actor: Any, today: date, outward_id: int) -> OutwardClaim:
    """Say that the claim package went to the fund: its money is expected from now on. Needs reguarantee_claims.outward."""
    check(actor, "reguarantee_claims.outward")
    row = _locked(outward_id, money=True)
    if row.state != State.OPEN:
        raise NotOpen(number=row.number, party=row.party)
    row.state, row.submitted_on, row.submitted_by = State.SUBMITTED, today, actor.label
    row.save()
    due_on = today + timedelta(days=value("rg.claim.outward_due_days", on=today))
    cash.expect(
        actor=actor, today=today, key=row.key, direction="IN", purpose="FUND_CLAIM", counterparty=row.counterparty,
        subject=row.claim.subject, fen=row.fen, due_on=due_on, why=gettext_noop("Claim on a fund"),
    )  # fmt: skip
    records.rule(row.claim, "outward_submit", actor=actor, today=today, party=row.party, fen=row.fen)
    return row


@transaction.atomic
def receive(*, actor: Any, today: date, outward_id: int, fen: int, on: date, voucher_no: str) -> OutwardClaim:
    """Register what the fund paid; all of it pays the claim, and the last one closes ours. Needs cash.receive.

    Raises NotOpen, VoucherUsed, BadAmount.
    """
    row = OutwardClaim.objects.filter(id=outward_id).first()
    if row is None:
        raise NoSuchOutward
    if row.state != State.SUBMITTED:
        raise NotOpen(number=row.number, party=row.party)
    if not 0 < fen <= row.fen - row.paid_fen:
        raise cash.BadAmount(field="fen", most=yuan(row.fen - row.paid_fen))
    cash.receive(
        actor=actor, today=today, counterparty=row.counterparty, fen=fen, on=on, voucher_no=voucher_no, key=row.key,
        text=row.number,
    )  # fmt: skip
    row.refresh_from_db()
    return row


def moved(*, due: Any, movement: Any, allocation: Any, actor: Any, today: date) -> None:
    """Listener: a fund paid (a part of) our claim, or, negative, its receipt was undone. Inside the transaction of the money."""
    number = OutwardClaim.objects.filter(number=due.key.rpartition(":")[2]).values_list("id", flat=True).first()
    if number is None:
        return
    row = _locked(number)
    row.paid_fen += allocation.fen
    _stand(row, movement.on)
    records.rule(row.claim, "outward_paid", actor=actor, today=today, party=row.party, fen=allocation.fen)
    if not _reopen(row, actor=actor, today=today):
        _close(row.claim, actor=actor, today=today)


def _stand(row: OutwardClaim, on: date) -> None:
    """Its state by its figures: received when nothing of it is open, and before it was submitted still to be submitted."""
    if row.paid_fen == row.fen:
        row.state, row.paid_on = State.PAID, row.paid_on or on
    else:
        row.state, row.paid_on = (State.SUBMITTED if row.submitted_on else State.OPEN), None
    row.save()


def _reopen(row: OutwardClaim, *, actor: Any, today: date) -> bool:
    """A closed claim of which something is expected of a fund again, as a receipt or a recovery was undone, is not closed."""
    claim = row.claim
    if claim.status != Status.CLOSED or row.state == State.PAID:
        return False
    records.move(claim, "reopen", actor=actor, today=today)
    claim.save()
    records.rule(claim, "reopen", actor=actor, today=today, party=row.party)
    records.tell(claim, today=today)
    return True


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
    _stand(row, today)
    records.rule(claim, "outward_lower", actor=actor, today=today, party=row.party, fen=fen, recovery_no=recovery_no)
    if not _reopen(row, actor=actor, today=today) and close:
        _close(claim, actor=actor, today=today)
    return row
