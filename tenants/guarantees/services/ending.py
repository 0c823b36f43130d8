"""A guarantee ends without a claim: released, lapsed or cancelled."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.money import yuan
from tenants.acts import act
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services.filing import tell_end
from tenants.guarantees.services.funnel import FutureDate, change, hold


class StillOutstanding(Conflict):
    code = "STILL_OUTSTANDING"
    sentence = gettext_noop(
        "%(outstanding)s yuan of principal are still outstanding."
        " Register the repayments first; then the guarantee can be released."
    )


class CertificateMissing(Invalid):
    code = "CERTIFICATE_MISSING"
    sentence = gettext_noop("Enter the number of the bank's settlement certificate.")


class EndReasonMissing(Invalid):
    code = "REASON_MISSING"
    sentence = gettext_noop("Give the reason why the guarantee ends.")


class NotYetDue(Conflict):
    code = "NOT_YET_DUE"
    sentence = gettext_noop("The guarantee runs until %(due_on)s. It can lapse only after that day.")


class BeforeLastMovement(Invalid):
    code = "BEFORE_LAST_MOVEMENT"
    sentence = gettext_noop("The loan still moved on %(last)s. The guarantee cannot end before that day.")


def release(*, actor: Any, today: date, guarantee_id: int, certificate: str, on: date) -> Guarantee:
    """Release (解保): nothing is outstanding and the bank certified the settlement (domain.md 7.1 step 20).

    Raises StillOutstanding, CertificateMissing, FutureDate, BeforeLastMovement, WrongState.
    """
    if not certificate.strip():
        raise CertificateMissing(field="certificate")
    if on > today:
        raise FutureDate(on=on, field="on")
    with act("guarantees.release", actor=actor):
        guarantee = hold(guarantee_id)
        if guarantee.state in (Guarantee.State.IN_FORCE, Guarantee.State.OVERDUE) and guarantee.outstanding_fen:
            raise StillOutstanding(outstanding=yuan(guarantee.outstanding_fen))
        last = guarantee.movements.order_by("-on").values_list("on", flat=True).first() or guarantee.start_on
        if last is not None and on < last:
            raise BeforeLastMovement(last=last, field="on")
        guarantee.release_certificate = certificate.strip()
        change(guarantee, "release", actor=actor, today=today, on=on, facts={"certificate": certificate.strip()})
        tell_end(guarantee)
    return guarantee


def lapse(*, actor: Any, today: date, guarantee_id: int, reason: str) -> Guarantee:
    """Time ran out: never drawn, or the bank claimed nothing while it could (domain.md 7.3, Art 692-693).

    Raises NotYetDue, EndReasonMissing, WrongState.
    """
    if not reason.strip():
        raise EndReasonMissing(field="reason")
    with act("guarantees.lapse", actor=actor):
        guarantee = hold(guarantee_id)
        if guarantee.ended_on is None and guarantee.due_on is not None and today <= guarantee.due_on:
            raise NotYetDue(due_on=guarantee.due_on)
        guarantee.end_reason = reason.strip()[:300]
        change(guarantee, "lapse", actor=actor, today=today, facts={"reason": guarantee.end_reason})
        tell_end(guarantee)
    return guarantee


def cancel(*, actor: Any, today: date, guarantee_id: int, reason: str) -> Guarantee:
    """The parties gave it up before anything was drawn. Raises EndReasonMissing, WrongState."""
    if not reason.strip():
        raise EndReasonMissing(field="reason")
    with act("guarantees.cancel", actor=actor):
        guarantee = hold(guarantee_id)
        guarantee.end_reason = reason.strip()[:300]
        change(guarantee, "cancel", actor=actor, today=today, facts={"reason": guarantee.end_reason})
        tell_end(guarantee)
    return guarantee
