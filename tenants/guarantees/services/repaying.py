"""The borrower repays, falls behind, catches up."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import yuan
from tenants.acts import act
from tenants.guarantees.models import Guarantee, Repayment
from tenants.guarantees.services.drawing import AmountMissing
from tenants.guarantees.services.filing import tell_overdue
from tenants.guarantees.services.funnel import change, dated, hold


class ReferenceMissing(Invalid):
    code = "REFERENCE_MISSING"
    sentence = gettext_noop("Enter the reference of the repayment.")


class ReferenceTaken(Conflict):
    code = "REPAYMENT_REFERENCE_TAKEN"
    sentence = gettext_noop(
        "The repayment %(reference)s is registered with %(amount)s yuan on %(on)s already. Check the reference or the amount."
    )


class MoreThanOutstanding(Invalid):
    code = "MORE_THAN_OUTSTANDING"
    sentence = gettext_noop("Only %(outstanding)s yuan of principal are outstanding. Enter no more than that.")


def repay(
    *,
    actor: Any,
    today: date,
    guarantee_id: int,
    reference: str,
    principal_fen: int,
    on: date,
    bank_code: str | None = None,
) -> Repayment:
    """Register repaid principal; the balance falls by the member's share of it.

    A repayment reported late is put into its own day. The same reference again with the same amount and day
    returns the row that stands. Raises ReferenceTaken, MoreThanOutstanding, BelowNothing, FutureDate, WrongState,
    NoSuchGuarantee.
    """
    reference = reference.strip()
    if not reference:
        raise ReferenceMissing(field="reference")
    if principal_fen <= 0:
        raise AmountMissing(field="principal_fen")
    with act("guarantees.repay", actor=actor):
        guarantee = hold(guarantee_id, bank_code)
        standing = guarantee.repayments.filter(reference=reference).first()
        if standing is not None:
            if (standing.principal_fen, standing.on) != (principal_fen, on):
                raise ReferenceTaken(reference=reference, amount=yuan(standing.principal_fen), on=standing.on, field="reference")
            return standing
        dated(guarantee, on, today)
        open_states = (Guarantee.State.PARTLY_DRAWN, Guarantee.State.IN_FORCE, Guarantee.State.OVERDUE)
        if guarantee.state in open_states and principal_fen > guarantee.outstanding_fen:
            raise MoreThanOutstanding(outstanding=yuan(guarantee.outstanding_fen), field="principal_fen")
        guarantee.repaid_fen += principal_fen
        facts = {"reference": reference, "principal_fen": principal_fen, "on": on}
        change(guarantee, "repay", actor=actor, today=today, on=on, facts=facts)
        return Repayment.objects.create(guarantee=guarantee, reference=reference, on=on, principal_fen=principal_fen)


def mark_overdue(*, actor: Any, today: date, guarantee_id: int, on: date, bank_code: str | None = None) -> Guarantee:
    """The bank reported arrears since the day `on`. Raises WrongState, FutureDate, BeforeApproval."""
    with act("guarantees.mark_overdue", actor=actor):
        guarantee = hold(guarantee_id, bank_code)
        dated(guarantee, on, today)
        guarantee.overdue_on = on
        change(guarantee, "mark_overdue", actor=actor, today=today, facts={"on": on})
        tell_overdue(guarantee, on=on)
    return guarantee


def cure(*, actor: Any, today: date, guarantee_id: int, bank_code: str | None = None) -> Guarantee:
    """The arrears are paid. Raises WrongState."""
    with act("guarantees.cure", actor=actor):
        guarantee = hold(guarantee_id, bank_code)
        guarantee.overdue_on = None
        change(guarantee, "cure", actor=actor, today=today, facts={})
        tell_overdue(guarantee, on=today, cured=True)
    return guarantee
