"""Close a meeting: nothing may be left undecided; the minutes are written once and kept as PDF."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from django.db import transaction

from kernel.approval.committee import minutes
from kernel.approval.committee.flow import MEETING
from kernel.approval.committee.models import AgendaItem, Minutes
from kernel.approval.committee.services import access
from kernel.audit import services as audit
from kernel.documents import services as documents
from kernel.errors import Conflict, gettext_noop


class Undecided(Conflict):
    code = "ITEMS_UNDECIDED"
    sentence = gettext_noop("%(titles)s: decide it or take it off the agenda first.")


class NothingDecided(Conflict):
    code = "NOTHING_DECIDED"
    sentence = gettext_noop("Nothing stands on this agenda. Call the meeting off instead.")


@transaction.atomic
def close_meeting(*, actor: Any, today: date, meeting_id: int, remarks: str = "", house: str = "") -> Minutes:
    """Close the meeting and write its minutes; `house` is the institution's name over them. Two at once: one hears WrongState.

    Raises Undecided, NothingDecided, WrongState.
    """
    meeting = access.lock_meeting(meeting_id)
    access.check_runs(actor, meeting)
    MEETING.move(meeting, "close")
    left = meeting.items.filter(state__in=(AgendaItem.State.WAITING, AgendaItem.State.OPEN))
    if left.exists():
        raise Undecided(titles="、".join(left.values_list("title", flat=True)))
    if not meeting.items.filter(state=AgendaItem.State.DECIDED).exists():
        raise NothingDecided
    meeting.closed_on = today
    meeting.save(update_fields=["state", "closed_on"])
    paper = minutes.paper(meeting, remarks=remarks.strip(), house=house)
    stored = documents.store(
        actor=actor,
        today=today,
        subject=meeting.subject,
        name=f"{meeting.rule.title_zh}会议纪要 {meeting.number}.pdf",
        file=io.BytesIO(paper),
        kind="MINUTES",
    )
    row = Minutes.objects.create(
        meeting=meeting,
        number=meeting.number,
        document_id=stored.id,
        sha256=stored.sha256,
        remarks=remarks.strip(),
        on=today,
    )
    audit.leave(
        actor=actor,
        act="committee.close_meeting",
        subject=meeting.subject,
        facts={"number": meeting.number, "minutes": stored.sha256},
    )
    return row
