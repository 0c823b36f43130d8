"""Convene a meeting, change it, call it off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, time
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from kernel.access.permissions import check
from kernel.approval.committee import rules
from kernel.approval.committee.flow import ITEM, MEETING
from kernel.approval.committee.models import AgendaItem, Meeting, Seat
from kernel.approval.committee.services import access
from kernel.approval.committee.services.recusals import recuse_authors
from kernel.audit import services as audit
from kernel.documents.numbering import next_number
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.notices import services as notices

_SUMMONED = gettext_noop("You are summoned to %(committee)s %(number)s on %(on)s.")
_CHANGED = gettext_noop("Meeting %(number)s has changed: it is on %(on)s, %(place)s.")
_CANCELLED = gettext_noop("Meeting %(number)s is called off: %(reason)s")
_FIELDS = ("title", "on", "at", "place", "remote")
_NUMBERS = {"REVIEW": "SBH"}


class NotEnoughMembers(Invalid):
    code = "NO_MEMBERS"
    sentence = gettext_noop(
        "A meeting has a chair, who is one of its members, and a secretary, who is another person than the chair."
    )


class StrangersInvited(Invalid):
    code = "NO_SUCH_PEOPLE"
    sentence = gettext_noop("Some of these people do not work here any more. Choose again.")


class HasVoted(Conflict):
    code = "MEMBER_HAS_VOTED"
    sentence = gettext_noop("The members cannot change any more: an item of this meeting has been called.")


class ReasonMissing(Invalid):
    code = "REASON_MISSING"
    sentence = gettext_noop("Please give a reason.")


@transaction.atomic
def convene(
    *,
    actor: Any,
    today: date,
    on: date,
    chair_id: int,
    member_ids: Collection[int],
    secretary_id: int | None = None,
    observer_ids: Collection[int] = (),
    rule: str = "",
    title: str = "",
    at: time | None = None,
    place: str = "",
    remote: bool = False,
    summon: bool = True,
) -> Meeting:
    """Convene a meeting of the committee `rule` (the house's only one when left empty) and tell those who sit.

    The chair is a member; the secretary (the actor, if none is named) is not the chair. With `summon=False` it stays a draft.
    Needs committee.manage. Raises NoRule, NotEnoughMembers, StrangersInvited.
    """
    check(actor, access.MANAGE)
    found = rules.rule_of(rule, on)
    secretary = actor.id if secretary_id is None else secretary_id
    if chair_id not in member_ids or secretary in (None, chair_id):
        raise NotEnoughMembers(field="member_ids")
    meeting = Meeting.objects.create(
        number=next_number(kind=_NUMBERS.get(found.code, "PSH"), today=today),
        rule=found,
        title=title,
        on=on,
        at=at,
        place=place,
        remote=remote,
        chair_id=chair_id,
        secretary_id=secretary,
    )
    _seat(meeting, member_ids, observer_ids)
    _leave(actor, "committee.convene", meeting, on=on, members=sorted(member_ids))
    if summon:
        _summon(meeting)
    return meeting


def _seat(meeting: Meeting, member_ids: Collection[int], observer_ids: Collection[int]) -> None:
    """One seat a person: whoever is named twice is a member."""
    wanted = {**dict.fromkeys(observer_ids, Seat.Kind.OBSERVER), **dict.fromkeys(member_ids, Seat.Kind.MEMBER)}
    people = {person.id: person for person in _people(wanted)}
    if set(wanted) - set(people):
        raise StrangersInvited(field="member_ids")
    Seat.objects.filter(meeting=meeting).exclude(person_id__in=wanted).delete()
    standing = dict(Seat.objects.filter(meeting=meeting).values_list("person_id", "id"))
    for person_id, kind in wanted.items():
        if person_id in standing:
            Seat.objects.filter(id=standing[person_id]).update(kind=kind)
            continue
        posts = sorted(post.label for post in people[person_id].posts.all())
        Seat.objects.create(
            meeting=meeting, person_id=person_id, name=people[person_id].label, post="、".join(posts)[:40], kind=kind
        )


def _people(ids: Iterable[int]) -> Any:
    return get_user_model().objects.filter(id__in=list(ids), is_active=True).prefetch_related("posts")


@transaction.atomic
def summon(*, actor: Any, today: date, meeting_id: int) -> Meeting:
    """Convene a meeting that was being prepared: everybody who sits is told. Raises WrongState."""
    meeting = access.lock_meeting(meeting_id)
    access.check_runs(actor, meeting)
    _summon(meeting)
    _leave(actor, "committee.summon", meeting, on=meeting.on)
    return meeting


def _summon(meeting: Meeting) -> None:
    MEETING.move(meeting, "summon")
    meeting.save(update_fields=["state"])
    _tell(meeting, _SUMMONED, committee=meeting.rule.title_zh)


@transaction.atomic
def change(
    *,
    actor: Any,
    today: date,
    meeting_id: int,
    chair_id: int | None = None,
    secretary_id: int | None = None,
    member_ids: Collection[int] | None = None,
    observer_ids: Collection[int] | None = None,
    **fields: Any,
) -> Meeting:
    """Change day, hour, place or people of a meeting that has not begun; fields as in `convene`, only those given.

    Raises HasVoted once the meeting is in session, NotEnoughMembers, StrangersInvited.
    """
    meeting = access.lock_meeting(meeting_id)
    access.check_runs(actor, meeting)
    if meeting.state not in (Meeting.State.DRAFT, Meeting.State.CONVENED):
        raise HasVoted
    for name in set(fields) & set(_FIELDS):
        setattr(meeting, name, fields[name])
    meeting.chair_id = chair_id or meeting.chair_id
    meeting.secretary_id = secretary_id or meeting.secretary_id
    seats = Seat.objects.filter(meeting=meeting)
    held = {kind: set(seats.filter(kind=kind).values_list("person_id", flat=True)) for kind in Seat.Kind.values}
    members = held["MEMBER"] if member_ids is None else set(member_ids)
    observers = held["OBSERVER"] if observer_ids is None else set(observer_ids)
    if meeting.chair_id not in members or meeting.secretary_id == meeting.chair_id:
        raise NotEnoughMembers(field="member_ids")
    meeting.save()
    _seat(meeting, members, observers)
    for item in meeting.items.filter(state=AgendaItem.State.WAITING):
        recuse_authors(item, actor, today)
    _leave(actor, "committee.change", meeting, on=meeting.on, members=sorted(members))
    if meeting.state == Meeting.State.CONVENED:
        _tell(meeting, _CHANGED, place=meeting.place or "-")
    return meeting


@transaction.atomic
def cancel(*, actor: Any, today: date, meeting_id: int, reason: str) -> Meeting:
    """Call a meeting off before it began; what stood on its agenda waits for another. Raises WrongState, ReasonMissing."""
    meeting = access.lock_meeting(meeting_id)
    access.check_runs(actor, meeting)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    told = meeting.state == Meeting.State.CONVENED
    MEETING.move(meeting, "cancel")
    meeting.reason = reason.strip()[:500]
    meeting.save(update_fields=["state", "reason"])
    for item in meeting.items.filter(state=AgendaItem.State.WAITING):
        ITEM.move(item, "take_off")
        item.save(update_fields=["state"])
    _leave(actor, "committee.cancel", meeting, reason=meeting.reason)
    if told:
        _tell(meeting, _CANCELLED, reason=meeting.reason)
    return meeting


def _tell(meeting: Meeting, sentence: str, **facts: Any) -> None:
    whom = list(Seat.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    told = {"number": meeting.number, "on": meeting.on.isoformat(), **facts}
    notices.tell(user_ids=whom, sentence=sentence, facts=told, url=f"/meetings/{meeting.pk}/")


def _leave(actor: Any, act: str, meeting: Meeting, **facts: Any) -> None:
    audit.leave(actor=actor, act=act, subject=meeting.subject, facts={"number": meeting.number, **facts})
