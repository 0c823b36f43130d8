"""Recusal (回避): whoever entered or prepared a matter, or is related to it, leaves M for it (domain.md 7.2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.approval.committee.models import AgendaItem, Recusal, Seat
from kernel.approval.committee.services import access
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, gettext_noop

_AUTHOR = gettext_noop("entered or prepared it")


class Decided(Conflict):
    code = "AGENDA_ITEM_DECIDED"
    sentence = gettext_noop("This item is decided or taken off the agenda.")


class NoReason(Invalid):
    code = "RECUSAL_REASON"
    sentence = gettext_noop("Say why the member stays out: a relation to the applicant, an interest, an earlier part in it.")


def recuse_authors(item: AgendaItem, actor: Any, today: date) -> None:
    """Everybody at the meeting who entered or prepared the matter stays out of it. Idempotent."""
    seats = Seat.objects.filter(meeting_id=item.meeting_id, person_id__in=item.authors, kind=Seat.Kind.MEMBER)
    for seat in seats.exclude(person_id__in=Recusal.objects.filter(item=item).values("person_id")):
        Recusal.objects.create(item=item, person_id=seat.person_id, name=seat.name, reason=_AUTHOR, by=actor.label, on=today)


@transaction.atomic
def recuse(*, actor: Any, today: date, item_id: int, reason: str, person_id: int | None = None) -> Recusal:
    """Leave an item (the actor himself), or have a member leave it (secretary or chair). A ballot of his no longer counts.

    Raises NoSeat, NoReason, Decided. Again: the first stands.
    """
    item = access.lock_item(item_id)
    if person_id in (None, actor.id):
        person_id = actor.id
        check(actor, access.VOTE)
    else:
        access.check_runs(actor, item.meeting)
    if item.state not in (AgendaItem.State.WAITING, AgendaItem.State.OPEN):
        raise Decided
    if not reason.strip():
        raise NoReason(field="reason")
    seat = access.seat_of(item.meeting_id, person_id, actor.label)
    row, made = Recusal.objects.get_or_create(
        item=item,
        person_id=seat.person_id,
        defaults={"name": seat.name, "reason": reason.strip()[:300], "by": actor.label, "on": today},
    )
    if made:
        facts = {"item": item.pk, "subject": item.subject, "person": seat.name, "reason": row.reason}
        audit.leave(actor=actor, act="committee.recuse", subject=item.meeting.subject, facts=facts)
    return row
