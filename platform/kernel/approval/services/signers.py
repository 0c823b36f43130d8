"""Change who is asked: hand a task over (转办), add a signer (加签), remove one (减签)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from kernel.access.models import User
from kernel.approval.models import FlowCase, FlowTask, Opinion
from kernel.approval.services import course, rights
from kernel.approval.services.signing import carry_on
from kernel.audit import services as audit
from kernel.errors import Conflict, gettext_noop

_HANDED = gettext_noop("%(by)s handed you “%(task)s”: %(title)s")
_ADDED = gettext_noop("%(by)s asks for your signature on “%(task)s”: %(title)s")


class AlreadyAsked(Conflict):
    """The person already has this task."""

    code = "ALREADY_ASKED"
    sentence = gettext_noop("%(person)s is asked to sign “%(task)s” already.")


class LastSigner(Conflict):
    """A task needs somebody to sign it."""

    code = "LAST_SIGNER"
    sentence = gettext_noop("“%(task)s” would have nobody left to sign it.")


@transaction.atomic
def transfer(*, actor: User, today: date, task_id: int, to: int, text: str = "") -> FlowTask:
    """Hand an open task over to the user `to`, who then signs it in his own name; he need not hold the post.

    By whoever the task lies with, or by one who manages flows. Raises NotOpen, NotHolder, NoSuchPerson, AlreadyAsked,
    OwnEntry, SameSigner.
    """
    case, task = course.take(task_id)
    rights.check_person(task)
    seat = None if rights.manages(actor) else rights.fitting(task, actor, today)[0]
    person = _askable(task, to)
    task.assignee = person
    task.save(update_fields=["assignee"])
    course.say(case, actor, today, Opinion.Verdict.TRANSFER, task=task, seat=seat, to=person, text=text)
    _leave(actor, "approval.transfer", case, task, person)
    course.tell(task, _HANDED, by=actor.label)
    return task


@transaction.atomic
def add_signer(*, actor: User, today: date, task_id: int, signer: int, text: str = "") -> FlowTask:
    """Ask one more person to sign beside the holder of an open task: the case goes on only when he has agreed too.

    Raises NotOpen, NotHolder, OwnEntry, SameSigner, NoSuchPerson, AlreadyAsked.
    """
    case, task = course.take(task_id)
    seat = rights.seat_for(task, actor, today)
    person = _askable(task, signer)
    row = FlowTask.objects.create(
        case=case,
        element=task.element,
        round=task.round,
        name_zh=task.name_zh,
        name_en=task.name_en,
        post=task.post,
        entry=task.entry,
        distinct=task.distinct,
        assignee=person,
        added_by=actor,
        state=FlowTask.State.TODO,
        opened_on=today,
        opened_at=timezone.now(),
        due_on=task.due_on,
    )
    course.say(case, actor, today, Opinion.Verdict.ADD, task=row, seat=seat, to=person, text=text)
    _leave(actor, "approval.add_signer", case, row, person)
    course.tell(row, _ADDED, by=actor.label)
    return row


@transaction.atomic
def remove_signer(*, actor: User, today: date, task_id: int, text: str = "") -> FlowCase:
    """Stop asking a signer who has not signed yet: by whoever added him, or by one who manages flows.

    The case goes on if everybody else has signed. Raises NotOpen, NotHolder, LastSigner.
    """
    case, task = course.take(task_id)
    if task.added_by_id != actor.id and not rights.manages(actor):
        raise rights.NotHolder(task=task.name_zh)
    asked = FlowTask.objects.filter(case=case, element=task.element, round=task.round, state__in=("TODO", "DONE"))
    if not asked.exclude(id=task.id).filter(added_by=None).exists():
        raise LastSigner(task=task.name_zh)
    task.state, task.done_at = FlowTask.State.CANCELLED, timezone.now()
    task.save(update_fields=["state", "done_at"])
    course.say(case, actor, today, Opinion.Verdict.REMOVE, task=task, to=task.assignee, text=text)
    _leave(actor, "approval.remove_signer", case, task, task.assignee)
    carry_on(task, actor, today)
    return case


def _askable(task: FlowTask, user_id: int) -> User:
    person = rights.person(user_id)
    asked = FlowTask.objects.filter(case_id=task.case_id, element=task.element, round=task.round, state__in=("TODO", "DONE"))
    if asked.filter(assignee=person).exists():
        raise AlreadyAsked(person=person.label, task=task.name_zh)
    rights.check_free(task, {person.id}, person.label)
    return person


def _leave(actor: User, act: str, case: FlowCase, task: FlowTask, person: User | None) -> None:
    facts = {"case": case.id, "task": task.element, "person": person.id if person else None}
    audit.leave(actor=actor, act=act, subject=case.subject, facts=facts)
