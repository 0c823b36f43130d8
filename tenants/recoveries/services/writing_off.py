"""The receivable leaves the books by a resolution; the debtor is still pursued (账销案存, domain.md 5.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.letters import WriteOffReported
from kernel.money import yuan
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import current
from tenants.acts import act
from tenants.recoveries.models import Case, WriteOff
from tenants.recoveries.services import cases


class WrittenOffAlready(Conflict):
    code = "WRITTEN_OFF_ALREADY"
    sentence = gettext_noop("The case was written off already, by resolution %(resolution_no)s.")


class TooMuchWrittenOff(Invalid):
    code = "TOO_MUCH_WRITTEN_OFF"
    sentence = gettext_noop("Write off more than nothing and at most %(owed)s yuan, what the debtor still owes.")


class ResolutionNeeded(Invalid):
    code = "RESOLUTION_NEEDED"
    sentence = gettext_noop("Enter the number of the resolution and why nothing more can be expected.")


def write_off(
    *, actor: Any, today: date, guarantee_id: int, on: date, written_off_fen: int, resolution_no: str, reason: str
) -> WriteOff:
    """Write the receivable off by a resolution and tell the group. Recoveries that come later are recorded as before.

    Needs recoveries.write_off. Raises ResolutionNeeded, TooMuchWrittenOff, WrittenOffAlready, NotInTheFuture.
    """
    check(actor, "recoveries.write_off")
    if not resolution_no.strip() or not reason.strip():
        raise ResolutionNeeded(field="reason" if resolution_no.strip() else "resolution_no")
    if on > today:
        raise cases.NotInTheFuture(field="on", on=on)
    with act("recoveries.write_off", actor=actor):
        case = cases.hold(guarantee_id, actor=actor, today=today)
        standing = WriteOff.objects.filter(case=case).first()
        if standing is not None:
            raise WrittenOffAlready(resolution_no=standing.resolution_no)
        owed = cases.still_owed(case)
        if not 0 < written_off_fen <= owed:
            raise TooMuchWrittenOff(field="written_off_fen", owed=yuan(max(owed, 0)))
        told = {"resolution_no": resolution_no.strip(), "reason": reason.strip()[:500]}
        row = WriteOff.objects.create(case=case, on=on, written_off_fen=written_off_fen, by=actor.label, **told)
        case.state = Case.State.WRITTEN_OFF
        case.save(update_fields=["state"])
        letter = WriteOffReported(guarantee_id=case.guarantee_id, on=on, written_off_fen=written_off_fen, **told)
        outbox.post(letter, sender=current().code, to=registry.group().code, subject=case.guarantee.subject)
        facts = {"case": case.number, "fen": written_off_fen, "on": on, "resolution": told["resolution_no"]}
        audit.leave(actor=actor, act="recoveries.write_off", subject=case.guarantee.subject, facts=facts)
    return row
