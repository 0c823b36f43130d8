"""The course of a case: take it under lock, write what the engine says as rows, close it.

Every step locks the row of the case first: without it 1 of 9 simultaneous votes was kept (ui.md 2.1).
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from kernel.access import queries as people
from kernel.approval import engine, listeners
from kernel.approval.drawing import paths
from kernel.approval.drawing.reading import Drawing, read
from kernel.approval.models import FlowCase, FlowTask, Opinion
from kernel.approval.services import rights
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.notices import services as notices

_WAITING = gettext_noop("“%(task)s” waits for you: %(title)s")
_FOR_MEETING = gettext_noop("%(title)s waits for a meeting of the committee.")
_STANDING = (FlowTask.State.TODO, FlowTask.State.DONE)


class NoSuchCase(NotFound):
    """No case, or no task, has this id."""

    code = "NO_SUCH_CASE"
    sentence = gettext_noop("There is no such case or task.")


class CaseClosed(Conflict):
    """The case has ended."""

    code = "CASE_CLOSED"
    sentence = gettext_noop("This case has already ended.")


class TextRequired(Invalid):
    """The act needs a reason."""

    code = "TEXT_REQUIRED"
    sentence = gettext_noop("Please give a reason.")


def drawing_of(case: FlowCase) -> Drawing:
    """Return the drawing of the version that the case runs on."""
    return read(case.definition.bpmn)


def lock(case_id: int) -> FlowCase:
    """Return a running case, its row locked until the transaction ends. Raises NoSuchCase, CaseClosed."""
    case = FlowCase.objects.select_for_update(of=("self",)).select_related("definition").filter(id=case_id).first()
    if case is None:
        raise NoSuchCase()
    if case.status != FlowCase.Status.RUNNING:
        raise CaseClosed()
    return case


def take(task_id: int) -> tuple[FlowCase, FlowTask]:
    """Return an open task and its locked case. Raises NoSuchCase, CaseClosed, NotOpen."""
    case_id = FlowTask.objects.filter(id=task_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NoSuchCase()
    case = lock(case_id)
    task = FlowTask.objects.get(id=task_id)  # read again: it may have been signed while we waited for the lock
    if task.state != FlowTask.State.TODO:
        raise engine.NotOpen()
    task.case = case
    return case, task


def say(
    case: FlowCase,
    actor: Any,
    today: date,
    verdict: str,
    *,
    task: FlowTask | None = None,
    seat: rights.Seat | None = None,
    to: Any = None,
    text: str = "",
) -> Opinion:
    """Write one opinion; a seat other than the actor's own makes it a deputy's."""
    deputy = seat is not None and seat.id != actor.id
    return Opinion.objects.create(
        case=case,
        task=task,
        by_id=actor.id,
        by_label=actor.label,
        behalf_id=seat.id if deputy and seat else None,
        behalf_label=seat.label if deputy and seat else "",
        to=to,
        to_label=to.label if to else "",
        verdict=verdict,
        text=text.strip(),
        on=today,
    )


def finish(task: FlowTask, state: str, actor: Any, today: date) -> None:
    """Put a task behind its holder."""
    task.state, task.done_on, task.done_at, task.done_by_id = state, today, timezone.now(), actor.id
    task.save(update_fields=["state", "done_on", "done_at", "done_by"])


def is_voted(task: FlowTask) -> bool:
    """Return whether the element of `task` is signed as its drawing demands.

    ALL: everyone asked has agreed; ANY: one of them has. A signer who was added (加签) must always agree.
    """
    vote = drawing_of(task.case).elements[task.element].vote
    asked = FlowTask.objects.filter(case_id=task.case_id, element=task.element, round=task.round, state__in=_STANDING)
    own: list[bool] = []
    added: list[bool] = []
    for added_by, state in asked.values_list("added_by", "state"):
        (added if added_by else own).append(state == FlowTask.State.DONE)
    return all(added) and (all(own) if vote == "ALL" else any(own))


def follow(case: FlowCase, step: engine.Step, today: date, actor: Any, left: Collection[str]) -> None:
    """Write what the engine says: close tasks no longer open, open new ones, note skipped ones, forecast, end.

    `left` are the elements whose present visit is over, even if the engine has opened them again.
    """
    drawing = drawing_of(case)
    now = timezone.now()
    waiting = FlowTask.objects.filter(case=case, state=FlowTask.State.TODO)
    over = [task.id for task in waiting if task.element in left or task.element not in step.open]
    FlowTask.objects.filter(id__in=over).update(state=FlowTask.State.CANCELLED, done_at=now)
    standing = {task.element for task in waiting if task.id not in over}
    rounds = dict(FlowTask.objects.filter(case=case).values("element").annotate(last=Max("round")).values_list("element", "last"))
    skipped = [
        _row(case, drawing, element, rounds, FlowTask.State.SKIPPED, rule=drawing.arrows[arrow], done_on=today)
        for _, arrow in step.choices
        for element in paths.passed_over(drawing, drawing.arrows[arrow])
    ]
    opened = [row for element in step.open if element not in standing for row in _asked(case, drawing, element, rounds, today)]
    FlowTask.objects.bulk_create(skipped + opened)
    case.state = step.state
    if step.finished:
        close(case, FlowCase.Status.APPROVED, actor, today)
        return
    case.save(update_fields=["state", "facts"])
    forecast(case, step.open)
    for row in opened:
        if not (row.entry and row.round == 1):  # the applicant signs the first one by starting
            tell(row, _FOR_MEETING if row.meeting else _WAITING)


def _row(
    case: FlowCase, drawing: Drawing, element: str, rounds: dict[str, int], state: str, rule: Any = None, **more: Any
) -> FlowTask:
    node = drawing.elements[element]
    row = FlowTask(
        case=case,
        element=element,
        round=rounds.get(element, 0) + 1,
        name_zh=node.name_zh,
        name_en=node.name_en,
        post=node.post,
        entry=node.entry,
        distinct=node.distinct,
        meeting=node.meeting,
        state=state,
        **more,
    )
    if rule is not None:
        fallback = rule.condition or rule.id
        row.rule_zh, row.rule_en = rule.name_zh or fallback, rule.name_en or rule.name_zh or fallback
    return row


def _asked(case: FlowCase, drawing: Drawing, element: str, rounds: dict[str, int], today: date) -> Iterable[FlowTask]:
    """Return the rows that open an element: for its post, for every holder of it (ALL), or for the applicant."""
    node = drawing.elements[element]
    due = today + timedelta(days=node.days) if node.days else None

    def row(assignee_id: int | None) -> FlowTask:
        dates = {"opened_on": today, "opened_at": timezone.now(), "due_on": due}
        return _row(case, drawing, element, rounds, FlowTask.State.TODO, assignee_id=assignee_id, **dates)

    if node.entry:
        return [row(case.started_by_id)]
    if node.vote == "ALL":
        signers = rights.free_holders(row(None), people.holders(node.post))
        # Without anyone who may sign, the task still has to lie somewhere: with the post.
        return [row(person.id) for person in signers] or [row(None)]
    return [row(None)]


def forecast(case: FlowCase, now: Iterable[str]) -> None:
    """Write anew which tasks are coming (将来待办), as the facts stand."""
    drawing = drawing_of(case)
    FlowTask.objects.filter(case=case, state=FlowTask.State.COMING).delete()
    FlowTask.objects.bulk_create(
        _row(case, drawing, element, {element: -1}, FlowTask.State.COMING) for element in paths.ahead(drawing, now, case.facts)
    )


def close(case: FlowCase, outcome: str, actor: Any, today: date) -> None:
    """End the case and tell the room whose subject it is, in this transaction."""
    FlowTask.objects.filter(case=case, state=FlowTask.State.COMING).delete()
    FlowTask.objects.filter(case=case, state=FlowTask.State.TODO).update(state=FlowTask.State.CANCELLED, done_at=timezone.now())
    case.status, case.closed_on, case.closed_at = outcome, today, timezone.now()
    case.save(update_fields=["state", "facts", "status", "closed_on", "closed_at"])
    listeners.of(case.subject).on_closed(case=case, outcome=outcome, actor=actor, today=today)


def tell(task: FlowTask, sentence: str, **facts: Any) -> None:
    """Leave a message for whoever has to sign `task`."""
    case = task.case
    whom: dict[str, Any] = {"user_ids": [task.assignee_id]} if task.assignee_id else {"post": task.post}
    facts = {"task": task.name_zh, "title": case.title or case.subject, **facts}
    notices.tell(sentence=sentence, facts=facts, url=page(case), **whom)


def page(case: FlowCase) -> str:
    """Return the address of the subject's page, or an empty text."""
    find = listeners.of(case.subject).page
    return find(case.subject) if find else ""
