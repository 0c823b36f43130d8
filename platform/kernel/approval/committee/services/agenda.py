"""The agenda: what comes before a meeting, who is there, which item is called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, BinaryIO

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone

from kernel.approval.committee import listeners
from kernel.approval.committee.counting import REJECTED, VETOED
from kernel.approval.committee.flow import ITEM, MEETING
from kernel.approval.committee.models import AgendaItem, Decision, Meeting, Seat
from kernel.approval.committee.services import access, hand_over
from kernel.approval.committee.services.recusals import recuse_authors
from kernel.audit import services as audit
from kernel.documents import services as documents
from kernel.documents.models import Document
from kernel.errors import Conflict, NotFound, gettext_noop
from kernel.notices import services as notices
from kernel.parameters.queries import value

_CALLED = gettext_noop("Please vote: %(title)s")


class AlreadyOnAgenda(Conflict):
    code = "ALREADY_ON_AGENDA"
    sentence = gettext_noop("%(title)s stands on the agenda of meeting %(number)s already.")


class RejectedTooOften(Conflict):
    """The matter was rejected and came back as often as the parameter allows (domain.md 7.2)."""

    code = "REJECTED_TOO_OFTEN"
    sentence = gettext_noop("The committee has rejected this %(times)s times. It may come back %(limit)s times and no more.")


class NotForThisCommittee(Conflict):
    code = "OTHER_COMMITTEE"
    sentence = gettext_noop("This matter waits for another committee.")


class MeetingOver(Conflict):
    code = "MEETING_OVER"
    sentence = gettext_noop("This meeting is closed or called off.")


class NotYet(Conflict):
    code = "MEETING_NOT_YET"
    sentence = gettext_noop("This meeting is on %(on)s. Change its day if it takes place earlier.")


class Voted(Conflict):
    """What was not before the members when they voted must not look as if it had been."""

    code = "AGENDA_ITEM_VOTED"
    sentence = gettext_noop("This item is voted already; its papers stay as the members had them.")


class NoSuchPersonThere(NotFound):
    code = "NOT_AT_MEETING"
    sentence = gettext_noop("This person neither sits at this meeting nor observes it.")


@transaction.atomic
def put_on_agenda(
    *, actor: Any, today: date, meeting_id: int, subject: str, title: str = "", authors: Iterable[int] = (), summary: str = ""
) -> AgendaItem:
    """Put a matter before a meeting. `authors` are the ids of those who entered or prepared it: they are recused.

    `actor` runs the meeting, or is no person (a room acting for itself). A running approval that waits for this
    committee gives its own title and authors. A matter that was deferred, or whose meeting was not valid, may stand on a next
    agenda; one that was rejected only as often as proc.committee.resubmissions says.
    Raises AlreadyOnAgenda, RejectedTooOften, NotForThisCommittee, MeetingOver.
    """
    meeting = access.lock_meeting(meeting_id)
    access.check_runs(actor, meeting)
    if meeting.state in (Meeting.State.CLOSED, Meeting.State.CANCELLED):
        raise MeetingOver
    title, everybody = _known(meeting, subject, title, set(authors))
    _check_resubmission(subject, today)
    standing = AgendaItem.objects.select_related("meeting").filter(subject=subject, state__in=("WAITING", "OPEN")).first()
    if standing is not None:
        raise AlreadyOnAgenda(title=title, number=standing.meeting.number)
    item = AgendaItem(
        meeting=meeting,
        place=meeting.items.count() + 1,
        subject=subject,
        title=title[:200],
        summary=summary,
        authors=sorted(everybody),
    )
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as clash:  # somebody put it before another meeting at this moment
        raise AlreadyOnAgenda(title=title, number="") from clash
    recuse_authors(item, actor, today)
    _leave(actor, "committee.put_on_agenda", item, authors=item.authors)
    return item


def _known(meeting: Meeting, subject: str, title: str, authors: set[int]) -> tuple[str, set[int]]:
    task = hand_over.open_task(subject)
    if task is None:
        listener = listeners.of(subject)
        if listener is None:
            raise ImproperlyConfigured(f"No room listens to the committee about {subject}, and no approval of it waits for one")
        if listener.rule not in ("", meeting.rule.code):
            raise NotForThisCommittee
        told = next((m for m in (listener.waiting() if listener.waiting else ()) if m.subject == subject), None)
        return title or (told.title if told else subject), authors | set(told.authors if told else ())
    if task.meeting != meeting.rule.code:
        raise NotForThisCommittee
    case = task.case
    return title or case.title or subject, authors | set(case.authors.values_list("id", flat=True))


def _check_resubmission(subject: str, today: date) -> None:
    limit = value("proc.committee.resubmissions", on=today)
    times = Decision.objects.filter(item__subject=subject, outcome__in=(REJECTED, VETOED)).count()
    if times > limit:
        raise RejectedTooOften(times=times, limit=limit)


@transaction.atomic
def take_off(*, actor: Any, today: date, item_id: int) -> AgendaItem:
    """Take an item off the agenda before it is called; it waits for another meeting. Raises WrongState."""
    item = access.lock_item(item_id)
    access.check_runs(actor, item.meeting)
    ITEM.move(item, "take_off")
    item.save(update_fields=["state"])
    _leave(actor, "committee.take_off", item)
    return item


@transaction.atomic
def add_paper(*, actor: Any, today: date, item_id: int, name: str, file: BinaryIO) -> Document:
    """Keep a paper for the members with an item that is not voted yet. By whoever runs the meeting.

    Raises Voted, TooLarge, WrongType.
    """
    item = access.lock_item(item_id)
    access.check_runs(actor, item.meeting)
    if item.state not in (AgendaItem.State.WAITING, AgendaItem.State.OPEN):
        raise Voted
    return documents.store(actor=actor, today=today, subject=item.papers, name=name, file=file)


@transaction.atomic
def attend(*, actor: Any, today: date, meeting_id: int, person_id: int | None = None, remote: bool = False) -> Seat:
    """Note that the actor (or `person_id`, by the secretary or chair) is there, in the room or remotely.

    Again: the first note stands. Raises NoSuchPersonThere, MeetingOver.
    """
    meeting = access.lock_meeting(meeting_id)
    if person_id not in (None, actor.id):
        access.check_runs(actor, meeting)
    if meeting.state not in (Meeting.State.CONVENED, Meeting.State.OPEN):
        raise MeetingOver
    seat = Seat.objects.filter(meeting=meeting, person_id=person_id or actor.id).first()
    if seat is None:
        raise NoSuchPersonThere
    if seat.attended_at is None:
        seat.attended_at, seat.remote = timezone.now(), remote
        seat.save(update_fields=["attended_at", "remote"])
        facts = {"person": seat.name, "remote": remote}
        audit.leave(actor=actor, act="committee.attend", subject=meeting.subject, facts=facts)
    return seat


@transaction.atomic
def open_item(*, actor: Any, today: date, item_id: int) -> AgendaItem:
    """Call an item: from now on members vote, for as many minutes as the rule gives. The first one opens the meeting.

    Raises NotYet before the meeting's day, WrongState.
    """
    item = access.lock_item(item_id)
    meeting = item.meeting
    access.check_runs(actor, meeting)
    if today < meeting.on:
        raise NotYet(on=meeting.on)
    if meeting.state != Meeting.State.OPEN:
        MEETING.move(meeting, "open")
        meeting.opened_at = timezone.now()
        meeting.save(update_fields=["state", "opened_at"])
    ITEM.move(item, "call")
    item.opened_at = timezone.now()
    if meeting.rule.ballot_minutes:
        item.closes_at = item.opened_at + timedelta(minutes=meeting.rule.ballot_minutes)
    item.save(update_fields=["state", "opened_at", "closes_at"])
    recuse_authors(item, actor, today)
    _leave(actor, "committee.open_item", item)
    barred = item.recusals.values("person_id")
    voters = Seat.objects.filter(meeting=meeting, kind=Seat.Kind.MEMBER).exclude(person_id__in=barred)
    notices.tell(
        user_ids=list(voters.values_list("person_id", flat=True)),
        sentence=_CALLED,
        facts={"title": item.title},
        url=f"/meetings/agenda/{item.pk}/",
    )
    return item


def _leave(actor: Any, act: str, item: AgendaItem, **facts: Any) -> None:
    told = {"item": item.pk, "subject": item.subject, "title": item.title, **facts}
    audit.leave(actor=actor, act=act, subject=item.meeting.subject, facts=told)
