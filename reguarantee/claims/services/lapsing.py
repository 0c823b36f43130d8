"""The night's work on refused claims: where nobody appealed in time, the refusal is final (domain.md 7.6, 11.23)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from kernel.errors import DomainError, gettext_noop
from reguarantee.claims.models import Claim, Status
from reguarantee.claims.services import records

NO_APPEAL = gettext_noop("Nobody appealed by the last day; the refusal is final.")


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
