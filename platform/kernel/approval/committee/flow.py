"""States of a meeting and of an item on its agenda."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.approval.committee.models import AgendaItem, Meeting
from kernel.flow import Flow, Move

M, I = Meeting.State, AgendaItem.State  # noqa: E741 - M and I stand in tables below

MEETING = Flow(
    "meeting",
    _("meeting"),
    dict(M.choices),
    M.DRAFT,
    [
        Move("summon", (M.DRAFT,), M.CONVENED, "", "members and observers are told"),
        Move("open", (M.CONVENED,), M.OPEN, "its day has come", "the first item is called"),
        Move("close", (M.OPEN,), M.CLOSED, "every item is decided or taken off", "the minutes are written"),
        Move("cancel", (M.DRAFT, M.CONVENED), M.CANCELLED, "", "its items wait for another meeting"),
    ],
    final=(M.CLOSED, M.CANCELLED),
    events={"summon": _("convene"), "open": _("open"), "close": _("close"), "cancel": _("call off")},
)
ITEM = Flow(
    "agenda_item",
    _("agenda item"),
    dict(I.choices),
    I.WAITING,
    [
        Move("call", (I.WAITING,), I.OPEN, "the meeting is in session or its day has come", "members may vote"),
        Move("close", (I.OPEN,), I.DECIDED, "everybody present has voted", "the ballots are counted and the room is told"),
        Move("take_off", (I.WAITING,), I.OFF),
    ],
    final=(I.DECIDED, I.OFF),
    events={"call": _("call"), "close": _("close"), "take_off": _("take off the agenda")},
)
