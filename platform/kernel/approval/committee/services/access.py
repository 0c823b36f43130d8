"""Who may do what at a meeting, and the rows a verb works on, locked."""

from __future__ import annotations

from typing import Any

from kernel.access.permissions import MissingPermission, may
from kernel.approval.committee.models import AgendaItem, Meeting, Recusal, Seat
from kernel.errors import NotAllowed, NotFound, gettext_noop

MANAGE, VOTE = "committee.manage", "committee.vote"


class NoSuchMeeting(NotFound):
    code = "NO_SUCH_MEETING"
    sentence = gettext_noop("There is no such meeting.")


class NoSuchItem(NotFound):
    code = "NO_SUCH_AGENDA_ITEM"
    sentence = gettext_noop("There is no such item on an agenda.")


class NoSeat(NotAllowed):
    """The person was not appointed to this meeting, or only observes."""

    code = "NO_VOTE"
    sentence = gettext_noop("%(person)s is not a member of this meeting. Observers may speak and do not vote.")


class IsRecused(NotAllowed):
    code = "RECUSED"
    sentence = gettext_noop("%(person)s has to stay out of this item: %(reason)s")


def check_runs(actor: Any, meeting: Meeting) -> None:
    """The secretary of the meeting, its chair, or one who manages the committee. Raises MissingPermission."""
    if actor.id is None or actor.id in (meeting.chair_id, meeting.secretary_id) or may(actor, MANAGE):
        return
    raise MissingPermission(permission=MANAGE)


def lock_meeting(meeting_id: int) -> Meeting:
    """A meeting, locked. Raises NoSuchMeeting."""
    found = Meeting.objects.select_for_update(of=("self",)).select_related("rule", "chair", "secretary").filter(id=meeting_id)
    meeting = found.first()
    if meeting is None:
        raise NoSuchMeeting
    return meeting


def lock_item(item_id: int) -> AgendaItem:
    """An item and its meeting, both locked, the meeting first: two who close hear of each other. Raises NoSuchItem."""
    meeting_id = AgendaItem.objects.filter(id=item_id).values_list("meeting_id", flat=True).first()
    if meeting_id is None:
        raise NoSuchItem
    meeting = lock_meeting(meeting_id)
    item = AgendaItem.objects.select_for_update().get(id=item_id)
    item.meeting = meeting
    return item


def seat_of(meeting_id: int, person_id: int | None, name: str) -> Seat:
    """The member's seat. Raises NoSeat."""
    seat = Seat.objects.filter(meeting_id=meeting_id, person_id=person_id, kind=Seat.Kind.MEMBER).first()
    if seat is None:
        raise NoSeat(person=name)
    return seat


def check_free(item: AgendaItem, person_id: int | None, name: str) -> None:
    """Raises IsRecused."""
    recusal = Recusal.objects.filter(item=item, person_id=person_id).first()
    if recusal is not None:
        raise IsRecused(person=name, reason=recusal.reason)
