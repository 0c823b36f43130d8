"""States of a meeting and of an item on its agenda."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.approval.committee.models import AgendaItem, Meeting
from kernel.flow import Flow, Move

MEET, POINT = Meeting.State, AgendaItem.State

MEETING = Flow(
    "meeting",
    _("meeting"),
    dict(MEET.choices),
    MEET.DRAFT,
    [
        Move("summon", (MEET.DRAFT,), MEET.CONVENED, "", "members and observers are told"),
        Move("open", (MEET.CONVENED,), MEET.OPEN, "its day has come", "the first item is called"),
        Move("close", (MEET.OPEN,), MEET.CLOSED, "every item is decided or taken off", "the minutes are written"),
        Move("cancel", (MEET.DRAFT, MEET.CONVENED), MEET.CANCELLED, "", "its items wait for another meeting"),
    ],
    final=(MEET.CLOSED, MEET.CANCELLED),
    events={"summon": _("convene"), "open": _("open"), "close": _("close"), "cancel": _("call off")},
)
ITEM = Flow(
    "agenda_item",
    _("agenda item"),
    dict(POINT.choices),
    POINT.WAITING,
    [
        Move("call", (POINT.WAITING,), POINT.OPEN, "the meeting is in session or its day has come", "members may vote"),
        Move("close", (POINT.OPEN,), POINT.DECIDED, "everybody present has voted", "the ballots are counted, the room is told"),
        Move("take_off", (POINT.WAITING,), POINT.OFF),
    ],
    final=(POINT.DECIDED, POINT.OFF),
    events={"call": _("call"), "close": _("close"), "take_off": _("take off the agenda")},
)
