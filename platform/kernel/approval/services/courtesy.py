"""Acts that move nothing: urge a holder (催办), let others read along (抄送)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kernel.access.models import User
from kernel.approval.models import FlowCase, FlowTask, Opinion
from kernel.approval.services import course, rights
from kernel.audit import services as audit
from kernel.errors import gettext_noop
from kernel.notices import services as notices

_URGED = gettext_noop("%(by)s asks you to sign “%(task)s” soon: %(title)s")
_COPIED = gettext_noop("%(by)s lets you read: %(title)s")


@transaction.atomic
def urge(*, actor: User, today: date, task_id: int, text: str = "") -> FlowTask:
    """Remind whoever an open task lies with: by the applicant or one who manages flows. Raises NotOpen, NotInvolved."""
    case, task = course.take(task_id)
    seat = None if rights.manages(actor) else rights.applicant_seat(case, actor, today)
    task.urged_at = timezone.now()
    task.save(update_fields=["urged_at"])
    course.say(case, actor, today, Opinion.Verdict.URGE, task=task, seat=seat, text=text)
    audit.leave(actor=actor, act="approval.urge", subject=case.subject, facts={"case": case.id, "task": task.element})
    course.tell(task, _URGED, by=actor.label)
    return task


@transaction.atomic
def copy(*, actor: User, today: date, case_id: int, to: Iterable[int], text: str = "") -> list[Opinion]:
    """Let users read along; also after the case has ended. By those who take part in it.

    Raises NoSuchCase, NotInvolved, NoSuchPerson.
    """
    case = FlowCase.objects.select_for_update(of=("self",)).select_related("definition").filter(id=case_id).first()
    if case is None:
        raise course.NoSuchCase()
    if not (rights.manages(actor) or takes_part(case, actor, today)):
        raise rights.NotInvolved()
    readers = [rights.person(user_id) for user_id in dict.fromkeys(to)]
    copies = [course.say(case, actor, today, Opinion.Verdict.COPY, to=reader, text=text) for reader in readers]
    facts = {"case": case.id, "to": [reader.id for reader in readers]}
    audit.leave(actor=actor, act="approval.copy", subject=case.subject, facts=facts)
    notices.tell(
        sentence=_COPIED,
        facts={"by": actor.label, "title": case.title or case.subject},
        url=course.page(case),
        user_ids=facts["to"],
    )
    return copies


def takes_part(case: FlowCase, actor: User, today: date) -> bool:
    """Return whether the actor entered the case, said something in it or is asked to sign it today."""
    if case.authors.filter(id=actor.id).exists() or case.opinions.filter(Q(by=actor.id) | Q(behalf=actor.id)).exists():
        return True
    return FlowTask.objects.filter(
        rights.takeable(actor, rights.seats(actor, today)), case=case, state=FlowTask.State.TODO
    ).exists()
