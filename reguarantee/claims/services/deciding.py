"""What the approval's end makes of a claim. Runs inside the transaction of the last signature (kernel.approval).

And the night's work on refused claims: where nobody appealed in time, the refusal is final (domain.md 7.6, 11.23).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from kernel.approval import queries as approvals
from kernel.cash import services as cash
from kernel.errors import DomainError, gettext_noop
from kernel.money import yuan
from kernel.notices import services as notices
from kernel.parameters.queries import value
from reguarantee.claims.calculation import Calculation, deny
from reguarantee.claims.models import Amount, Claim, Denial, Status
from reguarantee.claims.services import checking, fuses, papers, records
from reguarantee.claims.services.outward import settle
from reguarantee.claims.services.paying import net_less, net_nothing, netted
from reguarantee.claims.services.reckoning import keep, reckon
from reguarantee.treaties import positions
from reguarantee.treaties import queries as treaties

on_reckoned: list[Callable[..., int]] = []
"""Called with the approved `claim, recovery_no, fen`: so much of the netted `fen` is not the group's by the final shares."""

NO_APPEAL = gettext_noop("Nobody appealed by the last day; the refusal is final.")
NOTHING_LEFT = gettext_noop("Nothing is left under the cap of the agreement.")


def closed(*, case: Any, outcome: str, actor: Any, today: date) -> None:
    """Listener of the approval: APPROVED or REJECTED. A withdrawn case leaves the claim to whoever withdrew it."""
    if outcome == "WITHDRAWN":
        return
    claim = records.held(int(case.subject.partition(":")[2]))
    if outcome == "APPROVED":
        _approve(claim, actor=actor, today=today)
    else:
        _reject(claim, "NOT_APPROVED", _last_words(claim), actor=actor, today=today)


def returned(*, case: Any, to: str, actor: Any, today: date) -> None:
    """Listener: sent back to the entry, the claim is checked again."""
    if to != "check":
        return
    claim = records.locked(int(case.subject.partition(":")[2]))
    records.move(claim, "send_back", actor=actor, today=today)
    claim.save()
    records.rule(claim, "send_back", actor=actor, today=today, text=_last_words(claim))
    records.tell(claim, today=today)


def resumed(*, case: Any, actor: Any, today: date) -> None:
    """Listener: the officer handed it in again."""
    claim = records.locked(int(case.subject.partition(":")[2]))
    records.move(claim, "resume", actor=actor, today=today)
    claim.save()
    records.rule(claim, "review", actor=actor, today=today)
    records.tell(claim, today=today)


def _last_words(claim: Claim) -> str:
    last = approvals.timeline(claim.subject).last()
    return last.text if last else ""


def _reject(claim: Claim, code: str, reason: str, *, actor: Any, today: date) -> None:
    records.move(claim, "reject", actor=actor, today=today)
    claim.reason_code, claim.reason, claim.decided_on = code, reason, today
    claim.save()
    net_nothing(claim, actor=actor, today=today)
    records.rule(claim, "reject", actor=actor, today=today, text=claim.reason, reason_code=claim.reason_code)
    records.let_go(claim, actor=actor, today=today)
    records.tell(claim, today=today)


def _approve(claim: Claim, *, actor: Any, today: date) -> None:
    """Reckon once more, under the treaty's lock: claims approved meanwhile have used up caps and tiers (domain.md 7.6).

    Never more is approved than was signed. The position is kept with what is really owed, so that a replay of all
    approved claims ends in the same position.
    """
    version = claim.treaty_version
    assert version is not None  # a claim without one never reaches approval
    terms = treaties.terms_of(version)
    with positions.held(version) as row:
        calculation = reckon(claim, row.position, today=today)
        calculation = deny(calculation, terms, checking.denied(claim))
        calculation = _within(claim, calculation, terms, "ABOVE_SIGNED", claim.checked_fen, actor=actor, today=today)
        left = fuses.left_under_cap(claim, today=today)
        if left is not None:
            calculation = _within(claim, calculation, terms, "CAP", left, actor=actor, today=today)
        if not calculation.ceded_fen:
            # Nothing is owed, so nothing is paid and no position moves; the member hears why.
            _reject(claim, "CAP", NOTHING_LEFT, actor=actor, today=today)
            return
        row.save(calculation.position)
        keep(claim, calculation)
        claim.approved_fen = calculation.ceded_fen
        claim.decided_on = today
        records.move(claim, "approve", actor=actor, today=today)
        _give_back(claim, actor=actor, today=today)
        claim.save()
        why = gettext_noop("Approved; by the treaty's position of the day.")
        facts = {"position": json.dumps(calculation.position.to_json()), "released": yuan(calculation.trace["released_base_fen"])}
        records.amount(claim, Amount.Stage.APPROVED, claim.approved_fen, why, actor=actor, today=today, **facts)
    fuses.watch(claim, actor=actor, today=today)
    papers.decision(claim, actor=actor, today=today)
    records.rule(claim, "approve", actor=actor, today=today, approved_fen=claim.approved_fen, netted_fen=claim.netted_fen)
    _due(claim, actor=actor, today=today)


def _give_back(claim: Claim, *, actor: Any, today: date) -> None:
    """What came back before was shared by the claim as it was asked; less may be approved, and then less is the group's.

    share(p) = net x ratio(p) x paid(p) / obligation(p): of a part that is denied the group pays nothing, so it gets nothing
    back for it, and the rest is the member's own (domain.md 5.9). In no case more than is approved; the last recovery
    gives back first.
    """
    why = gettext_noop("Recovery %(recovery)s is more than is owed; the rest stays with the member.")
    for recovery_no, fen in netted(claim).items():
        back = max((hear(claim=claim, recovery_no=recovery_no, fen=fen) for hear in on_reckoned), default=0)
        if back > 0:
            net_less(claim, recovery_no, back, why, actor=actor, today=today)
    over = claim.netted_fen - claim.approved_fen
    for recovery_no, fen in reversed(netted(claim).items()):
        back = min(over, fen)
        if back <= 0:
            break
        net_less(claim, recovery_no, back, why, actor=actor, today=today)
        over -= back


def _within(claim: Claim, calculation: Calculation, terms: Any, code: str, most: int, *, actor: Any, today: date) -> Calculation:
    over = calculation.ceded_fen - most
    if over <= 0:
        return calculation
    text = gettext_noop("Cut by %(cut)s.")
    Denial.objects.create(claim=claim, code=code, fen=over, text="", on=today, by=actor.label)
    records.amount(claim, Amount.Stage.DENIED, over, text, actor=actor, today=today, cut=yuan(over), code=code)
    return deny(calculation, terms, over)


def _due(claim: Claim, *, actor: Any, today: date) -> None:
    """Expect the payment, or, when held recoveries are as much, settle the claim at once (domain.md 5.9)."""
    due_on = records.working_day(today, value("rg.claim.pay_days", on=today))
    cash.expect(
        actor=actor, today=today, key=claim.key, direction="OUT", purpose="CLAIM", counterparty=claim.member_code,
        subject=claim.subject, fen=claim.payable_fen, due_on=due_on, why=gettext_noop("Claim approved"),
    )  # fmt: skip
    if claim.payable_fen:
        notices.tell(
            post="CASHIER", sentence=gettext_noop("Claim %(number)s is approved: prepare its payment."),
            facts={"number": claim.number}, url=f"/claims/{claim.id}/",
        )  # fmt: skip
        records.tell(claim, today=today)
        return
    records.move(claim, "pay", actor=actor, today=today)
    claim.paid_on = today
    claim.save()
    settle(claim, actor=actor, today=today)


@dataclass
class Lapsed:
    """What one night did: how many refusals became final, and what went wrong with others, as sentences."""

    closed: int = 0
    troubles: list[str] = field(default_factory=list)


def lapse(*, actor: Any, today: date) -> Lapsed:
    """Make every refusal final whose last day to appeal is over. Safe to repeat, and two at once.

    One transaction for each claim, so that one in trouble does not keep the others open.
    """
    done = Lapsed()
    waiting = Claim.objects.filter(status=Status.REJECTED, final_on=None, answer_by__lt=today).order_by("id")
    for claim_id, number in list(waiting.values_list("id", "number")):
        try:
            done.closed += _lapse(claim_id, actor=actor, today=today)
        except DomainError as trouble:
            done.troubles.append(f"{number}: {trouble.code} {trouble}")
    return done


@transaction.atomic
def _lapse(claim_id: int, *, actor: Any, today: date) -> bool:
    """False when an appeal, or another round of this, came first: it held the same rows."""
    claim = records.held(claim_id)
    if claim.status != Status.REJECTED or claim.final_on is not None or claim.answer_by is None or claim.answer_by >= today:
        return False
    last_day = claim.answer_by
    records.lapse(claim, actor=actor, today=today)
    claim.save(update_fields=["final_on"])
    records.rule(claim, "lapse", actor=actor, today=today, text=NO_APPEAL, last_day=last_day)
    records.let_go(claim, actor=actor, today=today)
    records.tell(claim, today=today)
    return True


__all__ = ["Lapsed", "closed", "lapse", "resumed", "returned"]
