"""A member wrote its receivable off; the debtor is still pursued and what comes is shared as before (domain.md 5.9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.errors import Conflict, gettext_noop
from kernel.letters import WriteOffReported
from reguarantee.recoveries.models import WriteOff
from reguarantee.recoveries.services.standing import find


class WriteOffDiffers(Conflict):
    code = "WRITE_OFF_DIFFERS"
    sentence = gettext_noop("The write-off of this guarantee was reported before with other figures.")


@transaction.atomic
def open_write_off(letter: WriteOffReported, *, sender: str, actor: Any, today: date) -> WriteOff:
    """Reader of WRITE_OFF_REPORTED. The same letter again returns the row that stands. Raises WriteOffDiffers."""
    row, fresh = WriteOff.objects.get_or_create(
        member_code=sender,
        guarantee_id=letter.guarantee_id,
        defaults={
            "filing": find(sender, letter.guarantee_id),
            "on": letter.on,
            "written_off_fen": letter.written_off_fen,
            "resolution_no": letter.resolution_no,
            "reason": letter.reason,
        },
    )
    if (row.on, row.written_off_fen, row.resolution_no) != (letter.on, letter.written_off_fen, letter.resolution_no):
        raise WriteOffDiffers
    if fresh:
        facts = {"member": sender, "fen": row.written_off_fen, "resolution": row.resolution_no}
        subject = f"guarantee:{sender}:{row.guarantee_id}"
        audit.leave(actor=actor, act="reguarantee_recoveries.write_off", subject=subject, facts=facts)
    return row
