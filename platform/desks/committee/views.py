"""Meetings: convene, keep the agenda, see who is there, close, read the minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.committee.forms import AgendaForm, ChangeForm, CloseMeetingForm, MeetingForm, ReasonForm
from desks.committee.tables import MeetingFilter, MeetingTable
from desks.pages import Request, acted, dialog, form_page, handed, here, posted, sent, today
from kernel.access.permissions import may, needs
from kernel.approval import queries as approvals
from kernel.approval.committee import queries, services
from kernel.errors import NotFound, gettext_noop


class NoMinutes(NotFound):
    code = "NO_MINUTES"
    sentence = gettext_noop("The minutes are written when the meeting is closed.")


@needs("committee.view")
def listing(request: Request) -> HttpResponse:
    """Meetings, what waits for one, and what waits for the person's own vote."""
    manages = may(request.user, "committee.manage")
    actions = []
    if manages:
        url = here(request, "meeting_new")
        actions = [{"label": _("Convene a meeting"), "url": url, "icon": "calendar-plus", "primary": True}]
    context = {
        "to_vote": [(row, here(request, "agenda", row.pk)) for row in queries.to_vote(request.user)],
        "waiting": [(matter, approvals.page_of(matter.subject)) for matter in queries.waiting()] if manages else [],
        "rules": queries.rules_in_force(today()),
        "rules_url": here(request, "meeting_rules"),
        "asked": queries.proposals() if may(request.user, "committee.approve_rules") else 0,
    }
    return list_page(
        request, title=_("Committee"), table=MeetingTable, rows=queries.meetings(request.user), filterset=MeetingFilter,
        actions=actions, template="desks/committee/list.html", context=context,
    )  # fmt: skip


@needs("committee.manage")
def new(request: Request) -> HttpResponse:
    electors = queries.electors()
    held = {person.pk: {post.code for post in person.posts.all()} for person in electors}
    chair = next((pk for pk, posts in held.items() if "COMMITTEE_CHAIR" in posts), None)
    members = [pk for pk, posts in held.items() if posts & {"COMMITTEE_CHAIR", "COMMITTEE_MEMBER"}]
    initial = {"on": today(), "secretary_id": request.user.pk, "chair_id": chair, "member_ids": members}
    form = MeetingForm(sent(request), user=request.user, day=today(), initial=initial)
    if acted(request, form, services.convene):
        return saved(request, here(request, "meeting", form.made.pk), _("Convened. Everybody who sits has been told."))
    return form_page(
        request, "desks/committee/form.html", form, title=_("Convene a meeting"), submit=_("Convene"),
        cancel_url=here(request, "meetings"),
    )  # fmt: skip


@needs("committee.view")
def edit(request: Request, pk: int) -> HttpResponse:
    meeting = queries.one(request.user, pk)
    sitting = queries.seats(meeting)
    initial = {
        **{name: getattr(meeting, name) for name in ("title", "on", "at", "place", "remote", "chair_id", "secretary_id")},
        "member_ids": [seat.person_id for seat in sitting if seat.kind == "MEMBER"],
        "observer_ids": [seat.person_id for seat in sitting if seat.kind == "OBSERVER"],
    }
    form = ChangeForm(sent(request), user=request.user, day=today(), initial=initial)
    if acted(request, form, services.change, meeting_id=pk):
        return saved(request, here(request, "meeting", pk), _("Changed. Everybody who sits has been told."))
    return form_page(
        request, "desks/committee/form.html", form, title=meeting.number, submit=_("Save"),
        cancel_url=here(request, "meeting", pk),
    )  # fmt: skip


@needs("committee.view")
def detail(request: Request, pk: int) -> HttpResponse:
    meeting = queries.one(request.user, pk)
    sitting = queries.seats(meeting)
    runs = queries.runs(request.user, meeting)
    items = list(queries.items(meeting))
    mine = next((seat for seat in sitting if seat.person_id == request.user.id), None)
    context = {
        "title": meeting.title or meeting.rule.title,
        "face": request.resolver_match.namespace,
        "meeting": meeting,
        "seats": sitting,
        "items": items,
        "quorum": queries.quorum(meeting, sitting),
        "runs": runs,
        "mine": mine,
        "next": _next(meeting, items, runs, mine),
        "before": meeting.state in ("DRAFT", "CONVENED"),
        "going": meeting.state in ("DRAFT", "CONVENED", "OPEN"),
        "meets": meeting.state in ("CONVENED", "OPEN"),
    }
    return render(request, "desks/committee/meeting.html", context)


def _next(meeting: Any, items: list[Any], runs: bool, mine: Any) -> str:
    """One sentence that says what the person does next."""
    if meeting.state == "CLOSED":
        return _("This meeting is closed; its minutes can be downloaded.")
    if meeting.state == "CANCELLED":
        return _("This meeting was called off: %(reason)s") % {"reason": meeting.reason}
    if meeting.state == "DRAFT":
        return _("Not convened yet: nobody has been told.")
    if runs and not items:
        return _("Put the first matter on the agenda.")
    if runs and any(item.state == "OPEN" for item in items):
        return _("An item is being voted. Close it when everybody who is there has voted.")
    if runs and any(item.state == "WAITING" for item in items):
        return _("Call the next item when the members are there.")
    if runs:
        return _("Everything is decided. Close the meeting: the minutes are then written.")
    if mine and mine.attended_at is None:
        return _("Say that you are there, then vote on the items that are called.")
    return _("Vote on the items that are called.")


@needs("committee.view")
@posted
def summon(request: Request, pk: int) -> HttpResponse:
    queries.one(request.user, pk)
    services.summon(actor=request.user, today=today(), meeting_id=pk)
    return saved(request, here(request, "meeting", pk), _("Convened. Everybody who sits has been told."))


@needs("committee.view")
def cancel(request: Request, pk: int) -> HttpResponse:
    meeting = queries.one(request.user, pk)
    form = ReasonForm(sent(request))
    if acted(request, form, services.cancel, meeting_id=pk):
        return saved(request, here(request, "meeting", pk), _("Called off."))
    return dialog(request, form, title=_("Call off %(number)s") % {"number": meeting.number}, submit=_("Call off"))


@needs("committee.view")
@posted
def attend(request: Request, pk: int) -> HttpResponse:
    """The person himself, or the member whom the secretary names."""
    queries.one(request.user, pk)
    named = request.POST.get("person", "")
    person = int(named) if named.isdecimal() and len(named) < 10 else None
    services.attend(actor=request.user, today=today(), meeting_id=pk, person_id=person, remote=request.POST.get("remote") == "1")
    return saved(request, here(request, "meeting", pk), _("Noted as present."))


@needs("committee.view")
def agenda(request: Request, pk: int) -> HttpResponse:
    """Put what waits on the agenda."""
    meeting = queries.one(request.user, pk)
    matters = queries.waiting(meeting.rule.code)
    form = AgendaForm(sent(request), matters=matters)
    if acted(request, form, services.put_on_agenda, meeting_id=pk):
        return saved(request, here(request, "meeting", pk), _("On the agenda. Whoever entered it is recused."))
    title = _("Put on the agenda") if matters else _("Nothing waits for a meeting now")
    return dialog(request, form, title=title, submit=_("Put on the agenda"))


@needs("committee.view")
def close(request: Request, pk: int) -> HttpResponse:
    queries.one(request.user, pk)
    form = CloseMeetingForm(sent(request))
    if acted(request, form, services.close_meeting, meeting_id=pk, house=request.institution.name):
        return saved(request, here(request, "meeting", pk), _("Closed. The minutes are written."))
    return dialog(request, form, title=_("Close the meeting"), submit=_("Close and write the minutes"))


@needs("committee.view")
def minutes(request: Request, pk: int) -> HttpResponseBase:
    """The minutes as PDF."""
    meeting = queries.one(request.user, pk)
    if not hasattr(meeting, "minutes"):
        raise NoMinutes
    return handed(meeting.subject, meeting.minutes.document_id)
