"""A member reports a recovery: it is shared by the treaty that the guarantee attached to (domain.md 5.9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.calendar import UnknownYear, WorkingDays
from kernel.cash import services as cash
from kernel.errors import Conflict, gettext_noop
from kernel.letters import RecoveryReported, RecoveryShared
from kernel.money import yuan
from kernel.outbox import services as outbox
from kernel.parameters.queries import value
from registry.tenancy import current
from reguarantee.claims.models.claim import CEDED
from reguarantee.filings.models import Filing
from reguarantee.recoveries.models import Recovery, Share
from reguarantee.recoveries.services import funds, holding, undoing
from reguarantee.recoveries.services.standing import Standing, covered, find, group_side, standing
from reguarantee.recoveries.words import said
from reguarantee.treaties.engine import Terms, recovery

_NOT_COVERED = gettext_noop("The group does not cover this guarantee, so nothing of the recovery is due to it.")
_HELD = gettext_noop("The claim is not paid yet: keep the group's part of %(held)s yuan; it is taken off the claim.")
_SHARED = gettext_noop("Net %(net)s yuan, shared as the loss is borne: %(remit)s yuan are to be passed on.")


class RecoveryDiffers(Conflict):
    code = "RECOVERY_DIFFERS"
    sentence = gettext_noop("%(number)s was reported before with other figures. Report its reversal and then a new one.")


@transaction.atomic
def open_recovery(letter: RecoveryReported, *, sender: str, actor: Any, today: date) -> Recovery:
    """Reader of RECOVERY_REPORTED: share the net, say what is passed on, and what the member keeps until we have paid.

    The same letter again returns the row that stands. Raises RecoveryDiffers, and UndoesNothing of a reversal.
    """
    kept = Recovery.objects.filter(member_code=sender, recovery_no=letter.recovery_no).first()
    if kept is not None:
        told = (letter.guarantee_id, letter.on, letter.gross_fen, letter.cost_fen)
        if (kept.guarantee_id, kept.on, kept.gross_fen, kept.cost_fen) != told:
            raise RecoveryDiffers(number=letter.recovery_no)
        return kept
    if letter.reverses:
        return undoing.undo(letter, sender=sender, actor=actor, today=today)
    filing = find(sender, letter.guarantee_id)
    if filing is None or not covered(filing):
        row = _write(letter, sender, filing, today, answer=Recovery.Answer.NOT_COVERED, why=said(_NOT_COVERED))
        tell(row, shares={}, roles={})
    else:
        row = _share(letter, sender, filing, actor, today)
    facts = {"member": sender, "recovery_no": row.recovery_no, "net_fen": row.net_fen, "remit_fen": row.remit_fen}
    facts |= {"held_fen": row.held_fen, "answer": row.answer}
    audit.leave(actor=actor, act="reguarantee_recoveries.share", subject=f"guarantee:{sender}:{row.guarantee_id}", facts=facts)
    return row


def _share(letter: RecoveryReported, sender: str, filing: Filing, actor: Any, today: date) -> Recovery:
    loss = standing(filing, principal_fen=letter.principal_fen)
    before = _before(filing, loss)
    shared = recovery.share(
        loss.terms,
        loss.bears,
        loss.settled,
        gross_fen=letter.gross_fen,
        cost_fen=letter.cost_fen,
        order=_order(loss.terms, letter.on),
        before=before,
    )
    ceded = [party for party in shared.shares if loss.terms.parties[party] in CEDED]
    now, kept = _within(loss, shared, ceded, before)
    parts = {party: now[party] + kept[party] for party in now}
    remit, held = sum(now[party] for party in ceded), sum(kept[party] for party in ceded)
    due_on = pass_on_by(letter.on, loss.terms, member_code=sender) if remit else None
    facts = {"net": yuan(letter.gross_fen - letter.cost_fen), "remit": yuan(remit), "held": yuan(held)}
    row = _write(
        letter,
        sender,
        filing,
        today,
        answer=Recovery.Answer.SHARED,
        why=said(_HELD if held and not remit else _SHARED, **facts),
        claim_no=loss.claim.claim_no if loss.claim else "",
        remit_fen=remit,
        held_fen=held,
        due_on=due_on,
    )
    Share.objects.bulk_create(_rows(row, loss, parts, kept, ceded))
    if remit:
        cash.expect(
            actor=actor,
            today=today,
            key=row.key,
            direction="IN",
            purpose="RECOVERY",
            counterparty=sender,
            subject=f"recovery:{row.pk}",
            fen=remit,
            due_on=due_on,
            why=row.why,
        )
    tell(row, shares=parts, roles={party: loss.terms.parties[party] for party in parts})
    holding.settle_held(actor=actor, today=today, filing_id=filing.pk)
    funds.settle_funds(actor=actor, today=today, filing_id=filing.pk)
    return row


def _within(
    loss: Standing, shared: recovery.Shared, ceded: list[str], before: dict[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    """The group and those behind it get back at most what they bear; what comes beyond the loss base is interest that
    the member bore (domain.md 5.8.1). Returns (now, held) by party, with the same sum."""
    now, kept = dict(shared.shares), dict(shared.held)
    for party in ceded:
        over = now[party] + kept[party] + before.get(party, 0) - loss.bears.get(party, 0)
        if over <= 0:
            continue
        over = min(over, now[party] + kept[party])
        off = min(kept[party], over)
        kept[party] -= off
        now[party] -= over - off
        now[loss.terms.residual] += over
    return now, kept


def _rows(row: Recovery, loss: Standing, parts: dict[str, int], held: dict[str, int], ceded: list[str]) -> list[Share]:
    return [
        Share(
            recovery=row,
            party=party,
            role=loss.terms.parties[party],
            obligation_fen=loss.bears.get(party, 0),
            paid_fen=min(loss.settled.get(party, 0), loss.bears.get(party, 0)),
            fen=fen,
            held_fen=held[party] if party in ceded else 0,
        )
        for party, fen in parts.items()
    ]


def _write(letter: RecoveryReported, sender: str, filing: Filing | None, today: date, **more: Any) -> Recovery:
    told = {"remit_fen": 0, "held_fen": 0, "due_on": None, "claim_no": ""} | more
    return Recovery.objects.create(
        member_code=sender,
        recovery_no=letter.recovery_no,
        guarantee_id=letter.guarantee_id,
        filing=filing,
        on=letter.on,
        gross_fen=letter.gross_fen,
        cost_fen=letter.cost_fen,
        net_fen=letter.gross_fen - letter.cost_fen,
        method=letter.method,
        after_write_off=letter.after_write_off,
        key=f"recovery:{sender}:{letter.recovery_no}",
        opened_on=today,
        **told,
    )


def _before(filing: Filing, loss: Standing) -> dict[str, int]:
    """What earlier recoveries of the same loss gave or hold, by party; what is held no more is the member's own."""
    totals: dict[str, int] = {}
    rows = Recovery.objects.filter(filing=filing, reverses=None, reversed_by=None).prefetch_related("shares")
    for row in rows.order_by("id"):
        held = group_side(row.shares.all(), loss.bears)
        for part in row.shares.all():
            freed = part.held_fen - held[part.party]
            totals[part.party] = totals.get(part.party, 0) + part.fen - freed
            totals[loss.terms.residual] = totals.get(loss.terms.residual, 0) + freed
    return totals


def _order(terms: Terms, on: date) -> str:
    return (terms.document.get("recoveries") or {}).get("order") or value("rg.recovery.order", on=on)


def pass_on_by(day: date, terms: Terms, *, member_code: str) -> date:
    """The last day to pass a recovery of `day` on: working days by the treaty, else the parameter (domain.md 5.9)."""
    days = (terms.document.get("recoveries") or {}).get("pass_on_days")
    if days is None:
        days = value("rg.recovery.pass_on_days", on=day, member=member_code)
    try:
        return WorkingDays().add(day, days)
    except UnknownYear:  # its notice of holidays is not published yet: Monday to Friday count
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < 5
        return day


def tell(row: Recovery, *, shares: dict[str, int], roles: dict[str, str], refund_fen: int = 0) -> None:
    """Answer the member; letters about one guarantee arrive in their order."""
    letter = RecoveryShared(
        recovery_no=row.recovery_no,
        claim_no=row.claim_no,
        shares=shares,
        roles=roles,
        remit_fen=row.remit_fen,
        held_fen=row.held_fen,
        key=row.key,
        due_on=row.due_on,
        why=row.why,
        refund_fen=refund_fen,
    )
    outbox.post(letter, sender=current().code, to=row.member_code, subject=f"guarantee:{row.guarantee_id}")
