"""Start a case, sign its tasks, send it back, withdraw it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from kernel.approval import engine, listeners
from kernel.approval.drawing.conditions import checked
from kernel.approval.drawing.paths import downstream
from kernel.approval.drawing.reading import TASK
from kernel.approval.models import FlowCase, FlowDefinition, FlowTask, Opinion
from kernel.approval.services import course, rights
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from kernel.parameters.queries import value


class NoFlow(NotFound):
    """No version of this flow is published."""

    code = "NO_FLOW"
    sentence = gettext_noop("The approval flow “%(flow)s” has not been published.")


class CaseRunning(Conflict):
    """The subject is under approval already."""

    code = "CASE_RUNNING"
    sentence = gettext_noop("This is already under approval.")


class BadVerdict(Invalid):
    """Not a verdict that this task can take."""

    code = "BAD_VERDICT"
    sentence = gettext_noop("This task cannot be decided in that way.")


class BadReturn(Invalid):
    """The case cannot go back to this task from here."""

    code = "BAD_RETURN"
    sentence = gettext_noop("The case cannot be sent back to there: only to a task signed before this one.")


@transaction.atomic
def start(
    *,
    actor: Any,
    today: date,
    subject: str,
    facts: Mapping[str, Any],
    code: str = "guarantee_review",
    title: str = "",
    authors: Iterable[int] = (),
) -> FlowCase:
    """Put `subject` ("application:12") under approval by the published version of flow `code`.

    `facts` are primitives (money in fen) that the conditions ask for; `title` is how people call the subject;
    `authors` are the ids of those who entered it, who may not review it, nor may the actor. The entry task, where the
    drawing has one, is signed by starting. Raises NoFlow, CaseRunning, BadFact, NoAnswer.
    """
    listeners.of(subject)
    definition = FlowDefinition.objects.filter(code=code, status=FlowDefinition.Status.PUBLISHED).first()
    if definition is None:
        raise NoFlow(flow=code)
    if FlowCase.objects.filter(subject=subject, status=FlowCase.Status.RUNNING).exists():
        raise CaseRunning()
    case = FlowCase(
        definition=definition,
        subject=subject,
        title=title,
        facts={"committee_from_fen": value("proc.committee.from_fen", on=today), **checked(facts)},
        started_by_id=actor.id,
        started_by_label=actor.label,
        opened_on=today,
    )
    drawing = course.drawing_of(case)
    step = engine.begin(drawing, case.facts)
    case.state = step.state
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as clash:  # somebody started it between our look and this row
        raise CaseRunning() from clash
    case.authors.set({*authors, *([actor.id] if actor.id else [])})
    course.follow(case, step, today, actor, left=())
    audit.leave(
        actor=actor, act="approval.start", subject=subject, facts={"case": case.id, "flow": code, "version": definition.version}
    )
    entry = drawing.entry()
    if entry is None:
        course.say(case, actor, today, Opinion.Verdict.SUBMIT)
    else:
        task = FlowTask.objects.select_related("case__definition").get(case=case, element=entry.id, state=FlowTask.State.TODO)
        task.case = case
        _sign(task, rights.Seat(actor.id, actor.label, frozenset()), actor, today, Opinion.Verdict.SUBMIT, "")
    return case


@transaction.atomic
def decide(
    *,
    actor: Any,
    today: date,
    task_id: int,
    verdict: str = "APPROVE",
    text: str = "",
    facts: Mapping[str, Any] | None = None,
) -> FlowCase:
    """Sign an open task: APPROVE carries the case on, REJECT ends it (and needs a reason). `facts` join the case's.

    Raises NotOpen, CaseClosed, NotHolder, OwnEntry, SameSigner, BadVerdict, TextRequired, BadFact, NoAnswer.
    """
    case, task = course.take(task_id)
    seat = rights.seat_for(task, actor, today)
    if verdict not in (Opinion.Verdict.APPROVE, Opinion.Verdict.REJECT) or (task.entry and verdict == "REJECT"):
        raise BadVerdict(field="verdict")
    if verdict == Opinion.Verdict.REJECT and not text.strip():
        raise course.TextRequired(field="text")
    if facts:
        case.facts = {**case.facts, **checked(facts)}
    audit.leave(
        actor=actor,
        act="approval.decide",
        subject=case.subject,
        facts={"case": case.id, "task": task.element, "verdict": verdict, "behalf": seat.label if seat.id != actor.id else ""},
    )
    if verdict == Opinion.Verdict.REJECT:
        course.finish(task, FlowTask.State.DONE, actor, today)
        course.say(case, actor, today, verdict, task=task, seat=seat, text=text)
        course.close(case, FlowCase.Status.REJECTED, actor, today)
        return case
    _sign(task, seat, actor, today, Opinion.Verdict.SUBMIT if task.entry else Opinion.Verdict.APPROVE, text)
    return case


def _sign(task: FlowTask, seat: rights.Seat, actor: Any, today: date, verdict: str, text: str) -> None:
    """Agree to a task, and carry the case on when its element is signed as demanded."""
    case = task.case
    course.finish(task, FlowTask.State.DONE, actor, today)
    course.say(case, actor, today, verdict, task=task, seat=seat, text=text)
    if task.entry and actor.id is not None:
        case.authors.add(*{actor.id, seat.id})
    on_resumed = listeners.of(case.subject).on_resumed
    if on_resumed and task.entry and task.round > 1:
        on_resumed(case=case, actor=actor, today=today)
    carry_on(task, actor, today)


def carry_on(task: FlowTask, actor: Any, today: date) -> None:
    """Let the engine run on if the element of `task` is signed as demanded; otherwise the case waits for the others."""
    case = task.case
    if not course.is_voted(task):
        case.save(update_fields=["facts"])
        return
    step = engine.complete(course.drawing_of(case), case.state, task.element, case.facts)
    course.follow(case, step, today, actor, left=(task.element,))


@transaction.atomic
def conclude(*, actor: Any, today: date, task_id: int, verdict: str, text: str = "") -> FlowCase:
    """Close a task in the name of the committee whose meeting decided: APPROVE carries the case on, REJECT ends it.

    Called by the committee alone; `actor` is the meeting, no person. Raises NotOpen, CaseClosed, BadVerdict.
    """
    case, task = course.take(task_id)
    if not task.meeting or verdict not in (Opinion.Verdict.APPROVE, Opinion.Verdict.REJECT):
        raise BadVerdict(field="verdict")
    audit.leave(
        actor=actor,
        act="approval.conclude",
        subject=case.subject,
        facts={"case": case.id, "task": task.element, "verdict": verdict},
    )
    course.finish(task, FlowTask.State.DONE, actor, today)
    course.say(case, actor, today, verdict, task=task, text=text)
    if verdict == Opinion.Verdict.REJECT:
        course.close(case, FlowCase.Status.REJECTED, actor, today)
    else:
        carry_on(task, actor, today)
    return case


@transaction.atomic
def send_back(*, actor: Any, today: date, task_id: int, to: str, text: str) -> FlowCase:
    """Send the case back (退回) from an open task to the earlier task `to` (element id): what followed is undone.

    Raises NotOpen, CaseClosed, NotHolder, OwnEntry, SameSigner, BadReturn, TextRequired.
    """
    case, task = course.take(task_id)
    seat = rights.seat_for(task, actor, today)
    drawing = course.drawing_of(case)
    if task.entry or to not in targets(case, task):
        raise BadReturn(field="to")
    if not text.strip():
        raise course.TextRequired(field="text")
    course.finish(task, FlowTask.State.RETURNED, actor, today)
    course.say(case, actor, today, Opinion.Verdict.RETURN, task=task, seat=seat, text=text)
    step = engine.send_back(drawing, case.state, task.element, to, case.facts)
    course.follow(case, step, today, actor, left=downstream(drawing, to) | {to})
    audit.leave(
        actor=actor,
        act="approval.send_back",
        subject=case.subject,
        facts={"case": case.id, "task": task.element, "to": to, "reason": text},
    )
    on_returned = listeners.of(case.subject).on_returned
    if on_returned:
        on_returned(case=case, to=to, actor=actor, today=today)
    return case


def targets(case: FlowCase, task: FlowTask) -> list[str]:
    """Return the elements that `task` may be sent back to: signed on the way to it, in the order of the drawing."""
    drawing = course.drawing_of(case)
    signed = engine.signed(drawing, case.state)
    return [
        element.id
        for element in drawing.of_kind(TASK)
        if element.id in signed and element.id != task.element and task.element in downstream(drawing, element.id)
    ]


@transaction.atomic
def withdraw(*, actor: Any, today: date, case_id: int, text: str = "") -> FlowCase:
    """Take the case back (撤回): whoever entered or started it may, as long as it runs. Raises CaseClosed, NotInvolved."""
    case = course.lock(case_id)
    seat = rights.applicant_seat(case, actor, today)
    course.say(case, actor, today, Opinion.Verdict.WITHDRAW, seat=seat, text=text)
    audit.leave(actor=actor, act="approval.withdraw", subject=case.subject, facts={"case": case.id, "reason": text})
    course.close(case, FlowCase.Status.WITHDRAWN, actor, today)
    return case
