"""The guarantee's side of a compensation; the payment itself belongs to tenants.claims."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.errors import Invalid, gettext_noop
from kernel.money import half_up, yuan
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services.filing import tell_end
from tenants.guarantees.services.funnel import change


class MoreThanLiability(Invalid):
    code = "MORE_THAN_LIABILITY"
    sentence = gettext_noop("The guarantee answers for at most %(liability)s yuan of this claim. Enter no more than that.")


class ClaimTooLarge(Invalid):
    code = "CLAIM_TOO_LARGE"
    sentence = gettext_noop("Only %(outstanding)s yuan of principal are outstanding; the bank cannot claim more.")


def liability(guarantee: Guarantee, principal_fen: int, interest_fen: int) -> int:
    """The most (fen) that the member owes on a claim: its share of principal and interest (domain.md 12)."""
    return half_up((principal_fen + interest_fen) * guarantee.guaranteed_fen, guarantee.loan_fen)


def settle(
    guarantee: Guarantee,
    *,
    actor: Any,
    today: date,
    on: date,
    principal_fen: int,
    interest_fen: int,
    paid_fen: int,
    facts: dict[str, Any],
) -> None:
    """Let compensated principal leave the balance, exactly once (domain.md 11.27); the caller holds the row.

    All of the outstanding principal → COMPENSATED; a part of it leaves the guarantee overdue. Raises ClaimTooLarge,
    MoreThanLiability, WrongState.
    """
    whole = principal_fen == guarantee.outstanding_fen
    if guarantee.state == Guarantee.State.OVERDUE:
        if principal_fen > guarantee.outstanding_fen:
            raise ClaimTooLarge(outstanding=yuan(guarantee.outstanding_fen), field="principal_fen")
        most = liability(guarantee, principal_fen, interest_fen)
        if paid_fen > most:
            raise MoreThanLiability(liability=yuan(most), field="paid_fen")
    guarantee.compensated_principal_fen += principal_fen
    guarantee.compensation_fen += paid_fen
    guarantee.compensated_on = on
    event = "compensate" if whole else "compensate_part"
    change(guarantee, event, actor=actor, today=today, on=on, facts=facts)
    tell_end(guarantee)
