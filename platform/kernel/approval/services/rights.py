"""Who may do what to a task. `takeable` says for a whole list what `seat_for` says for one task."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q

from kernel.access.permissions import may
from kernel.approval.models import Delegation, FlowCase, FlowTask, Opinion
from kernel.errors import NotAllowed, NotFound, gettext_noop

MANAGE = "approval.manage_flows"
# The verdicts that count as a signature of a reviewer.
SIGNATURES = (Opinion.Verdict.APPROVE, Opinion.Verdict.REJECT, Opinion.Verdict.RETURN)


class NotHolder(NotAllowed):
    """The actor neither holds the task's post nor is its assignee nor deputises for one who is."""

    code = "NOT_HOLDER"
    sentence = gettext_noop("“%(task)s” is not yours to sign.")


class OwnEntry(NotAllowed):
    """Nobody approves his own entry (BPM-18)."""

    code = "OWN_ENTRY"
    sentence = gettext_noop("Whoever entered or submitted it may not review it.")


class MeetingDecides(NotAllowed):
    """The task is closed by the decision of a committee, not by a signature."""

    code = "MEETING_DECIDES"
    sentence = gettext_noop("“%(task)s” is decided by a meeting of the committee: put it on an agenda.")


class SameSigner(NotAllowed):
    """One person may not sign two reviewing tasks of a case (domain.md 7.1, step 5), nor vote twice on one."""

    code = "SAME_SIGNER"
    sentence = gettext_noop("%(person)s has already signed in this case; another person has to sign “%(task)s”.")


class NotInvolved(NotAllowed):
    """The verb is for those who have to do with the case."""

    code = "NOT_INVOLVED"
    sentence = gettext_noop("Only those who take part in this case may do this.")


class NoSuchPerson(NotFound):
    """No active user has this id."""

    code = "NO_SUCH_PERSON"
    sentence = gettext_noop("There is no such active person.")


@dataclass(frozen=True)
class Seat:
    """A person in whose place the actor may act: himself, or one who made him his deputy for today."""

    id: int | None
    label: str
    posts: frozenset[str]


def seats(actor: Any, today: date) -> list[Seat]:
    """Return the actor's own seat, then those he holds as a deputy on `today`. One query where there are none, else three."""
    own = Seat(actor.id, actor.label, frozenset(actor.post_codes))
    if actor.id is None:
        return [own]
    given = Delegation.objects.filter(to_user_id=actor.id, from_on__lte=today, to_on__gte=today, ended_on=None)
    givers = list(given.values_list("from_user_id", flat=True))
    if not givers:
        return [own]
    others = get_user_model().objects.filter(id__in=givers, is_active=True)
    lent = [
        Seat(user.id, user.label, frozenset(post.code for post in user.posts.all()))
        for user in others.prefetch_related("posts").order_by("id")
    ]
    return [own, *lent]


def fitting(task: FlowTask, actor: Any, today: date) -> list[Seat]:
    """Return the seats of the actor that this task is addressed to. Raises NotHolder, MeetingDecides."""
    check_person(task)
    found = [
        seat for seat in seats(actor, today) if (task.assignee_id == seat.id if task.assignee_id else task.post in seat.posts)
    ]
    if not found:
        raise NotHolder(task=task.name_zh)
    return found


def check_person(task: FlowTask) -> None:
    """Raise MeetingDecides for a task that no person can sign."""
    if task.meeting:
        raise MeetingDecides(task=task.name_zh)


def seat_for(task: FlowTask, actor: Any, today: date) -> Seat:
    """Return the seat in which the actor may sign `task`. Raises NotHolder, OwnEntry, SameSigner."""
    refusal: NotAllowed | None = None
    for seat in fitting(task, actor, today):
        try:
            check_free(task, {actor.id, seat.id}, actor.label)
        except NotAllowed as fault:
            refusal = refusal or fault
        else:
            return seat
    assert refusal is not None
    raise refusal


def check_free(task: FlowTask, people: Iterable[int | None], label: str) -> None:
    """Raise OwnEntry or SameSigner if one of `people` may not review `task`; the applicant's own task is free."""
    ids = [person for person in people if person is not None]
    if not ids or task.entry:
        return
    if FlowCase.authors.through.objects.filter(flowcase_id=task.case_id, user_id__in=ids).exists():
        raise OwnEntry()
    others = Opinion.objects.filter(_signed_by(ids), case_id=task.case_id, task__entry=False)
    elsewhere = task.distinct and others.exclude(task__element=task.element).exists()
    if elsewhere or others.filter(task__element=task.element, task__round=task.round, task__state="DONE").exists():
        raise SameSigner(person=label, task=task.name_zh)


def takeable(actor: Any, of: Iterable[Seat]) -> Q:
    """Return the condition on open tasks that the actor may sign in one of these seats: `seat_for` as one query."""
    return reduce(or_, (_takeable_from(seat, actor) for seat in of))


def addressed(of: Iterable[Seat]) -> Q:
    """Return the condition on tasks that are addressed to one of these seats, whether or not he may sign them."""
    return reduce(or_, (_to(seat) for seat in of))


def _to(seat: Seat) -> Q:
    return Q(meeting="") & (Q(assignee_id=seat.id) | Q(assignee=None, post__in=seat.posts))


def _takeable_from(seat: Seat, actor: Any) -> Q:
    ids = list({actor.id, seat.id})
    wrote = FlowCase.authors.through.objects.filter(flowcase_id=OuterRef("case_id"), user_id__in=ids)
    said = Opinion.objects.filter(_signed_by(ids), case_id=OuterRef("case_id"), task__entry=False)
    elsewhere = said.exclude(task__element=OuterRef("element"))
    here = said.filter(task__element=OuterRef("element"), task__round=OuterRef("round"), task__state="DONE")
    free = ~Exists(wrote) & ~Exists(here) & (Q(distinct=False) | ~Exists(elsewhere))
    return _to(seat) & (Q(entry=True) | free)


def _signed_by(ids: list[int]) -> Q:
    return Q(verdict__in=SIGNATURES) & (Q(by__in=ids) | Q(behalf__in=ids))


def free_holders(task: FlowTask, holders: Iterable[Any]) -> list[Any]:
    """Return those of `holders` who may review `task`. Two queries."""
    authors = set(FlowCase.authors.through.objects.filter(flowcase_id=task.case_id).values_list("user_id", flat=True))
    said = Opinion.objects.filter(case_id=task.case_id, verdict__in=SIGNATURES, task__entry=False)
    signers = {person for pair in said.exclude(task__element=task.element).values_list("by", "behalf") for person in pair}
    barred = authors | (signers if task.distinct else set())
    return [person for person in holders if person.id not in barred]


def manages(actor: Any) -> bool:
    """Return whether the actor may reassign tasks and move cases."""
    return may(actor, MANAGE)


def applicant_seat(case: FlowCase, actor: Any, today: date) -> Seat:
    """Return the seat in which the actor entered or started the case, his own or a lent one. Raises NotInvolved."""
    if actor.id is None:
        if case.started_by_id is None and case.started_by_label == actor.label:
            return Seat(None, actor.label, frozenset())
        raise NotInvolved()
    authors = set(case.authors.values_list("id", flat=True))
    for seat in seats(actor, today):
        if seat.id in authors:
            return seat
    raise NotInvolved()


def person(user_id: int) -> Any:
    """Return an active user. Raises NoSuchPerson."""
    user = get_user_model().objects.filter(id=user_id, is_active=True).first()
    if user is None:
        raise NoSuchPerson()
    return user
