"""A meeting of a member's committee about one matter, from its summons to its minutes, as the demo and the tests hold it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kernel.approval.committee import services as committee

SEATS = ("chair", "head", "risk", "executive", "operations")
SECRETARY = "legal"


def hold(subject: str, *, staff: Mapping[str, Any], on: date, choice: str = "AGREE", text: str = "同意承保。") -> Any:
    """Let the committee decide `subject`: everybody votes `choice`, the item and the meeting are closed. Returns the decision."""
    secretary = staff[SECRETARY]
    told = {"actor": secretary, "today": on}
    meeting = committee.convene(
        **told,
        on=on,
        chair_id=staff["chair"].id,
        member_ids=[staff[seat].id for seat in SEATS],
        title="审保会项目评审会议",
        place="第一会议室",
    )
    item = committee.put_on_agenda(**told, meeting_id=meeting.pk, subject=subject)
    committee.open_item(**told, item_id=item.pk)
    for seat in SEATS:
        committee.vote(actor=staff[seat], today=on, item_id=item.pk, choice=choice, text=text)
    decision = committee.close_item(**told, item_id=item.pk)
    committee.close_meeting(**told, meeting_id=meeting.pk)
    return decision
