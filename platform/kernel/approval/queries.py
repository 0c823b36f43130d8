"""Reads of approvals: lists of tasks, where a case stands, what was said. Each list is one query whatever its length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, Exists, F, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import get_language

from kernel.access import queries as people
from kernel.approval import listeners
from kernel.approval.committee import listeners as committee
from kernel.approval.drawing import paths
from kernel.approval.models import Delegation, FlowCase, FlowDefinition, FlowTask, Opinion
from kernel.approval.services import course, courtesy, rights, signing
from kernel.approval.services.moving import Preview, move_preview

__all__ = ["Preview", "move_preview"]
State = FlowTask.State
_HEAVY = ("case__state", "case__definition__bpmn")


def todo(user: Any, today: date) -> QuerySet[FlowTask]:
    """Tasks that the user may sign today, his own and those he holds as a deputy (待办); oldest first.

    Rows carry `.subject`, `.title`, `.name` (current language), `.flow` (title), `.age` (days).
    """
    return _tasks(_takeable(user, rights.seats(user, today)), today).order_by("opened_on", "id")


def todo_count(user: Any, today: date) -> int:
    """How many tasks `todo` lists. Every page asks: the short question, whether one is addressed to him at all, comes first."""
    seats = rights.seats(user, today)
    if not FlowTask.objects.filter(rights.addressed(seats), state=State.TODO).exists():
        return 0
    return _takeable(user, seats).count()


def _takeable(user: Any, seats: list[rights.Seat]) -> QuerySet[FlowTask]:
    return FlowTask.objects.filter(rights.takeable(user, seats), state=State.TODO)


def done(user: Any, today: date) -> QuerySet[FlowTask]:
    """Tasks that the user has signed or sent back (已办); latest first. Rows as in `todo`."""
    rows = FlowTask.objects.filter(done_by=user.id, state__in=(State.DONE, State.RETURNED))
    return _tasks(rows, today).order_by("-done_at", "-id")


def coming(user: Any, today: date) -> QuerySet[FlowTask]:
    """Tasks that running cases are expected to bring to the user's posts (将来待办). `.age` is that of the case."""
    posts = frozenset().union(*(seat.posts for seat in rights.seats(user, today)))
    wrote = FlowCase.authors.through.objects.filter(flowcase_id=OuterRef("case_id"), user_id=user.id)
    rows = FlowTask.objects.filter(~Exists(wrote), state=State.COMING, post__in=posts)
    return _tasks(rows, today, since="case__opened_on").order_by("case_id", "id")


def started(user: Any, today: date) -> QuerySet[FlowCase]:
    """Cases that the user started (我发起的), latest first, with `.name` (title of the flow) and `.age` (days)."""
    return _cases(FlowCase.objects.filter(started_by=user.id), today).order_by("-id")


def running(today: date) -> QuerySet[FlowCase]:
    """All cases under way, oldest first, with `.open_tasks`, `.late` (a task is past its day), `.name` and `.age`."""
    open_tasks = FlowTask.objects.filter(state=State.TODO).select_related("assignee")
    late = FlowTask.objects.filter(case=OuterRef("pk"), state=State.TODO, due_on__lt=today)
    rows = _cases(FlowCase.objects.filter(status=FlowCase.Status.RUNNING), today)
    return rows.annotate(late=Exists(late)).prefetch_related(Prefetch("tasks", open_tasks, to_attr="open_tasks")).order_by("id")


def copied(user: Any, today: date) -> QuerySet[Opinion]:
    """What was copied to the user (抄送我的), latest first, with `.subject`, `.title`, `.name` (of the flow), `.age`."""
    return (
        Opinion.objects.filter(to=user.id, verdict=Opinion.Verdict.COPY)
        .select_related("case__definition", "by")
        .defer(*_HEAVY)
        .annotate(
            subject=F("case__subject"),
            title=F("case__title"),
            name=_named("case__definition__title"),
            age=_days(today, "on"),
        )
        .order_by("-id")
    )


def mine(user: Any, subject: str, today: date) -> QuerySet[FlowTask]:
    """The open tasks of this subject that the user may sign now: what the buttons of its page are for."""
    return todo(user, today).filter(case__subject=subject)


def timeline(subject: str) -> QuerySet[Opinion]:
    """Everything said about a subject, oldest first, with `.name` of the task (empty where none)."""
    rows = Opinion.objects.filter(case__subject=subject).select_related("task", "by", "behalf", "to")
    return rows.annotate(name=_named("task__name")).order_by("id")


def case_of(subject: str) -> FlowCase | None:
    """The latest case about a subject."""
    return FlowCase.objects.filter(subject=subject).select_related("definition", "started_by").order_by("-id").first()


@dataclass(frozen=True)
class Step:
    """One step of the step bar; `state` is DONE, NOW, COMING, SKIPPED or REJECTED, `by` and `on` say who and when."""

    element: str
    name: str
    state: str
    by: str = ""
    on: date | None = None
    rule: str = ""


def steps(subject: str) -> list[Step]:
    """The steps of the latest case about a subject in the order of its drawing; empty without a case."""
    case = case_of(subject)
    return _steps(case) if case else []


def _steps(case: FlowCase) -> list[Step]:
    latest: dict[str, FlowTask] = {}
    rank = {State.CANCELLED: 0, State.RETURNED: 0, State.SKIPPED: 1, State.DONE: 1, State.COMING: 2, State.TODO: 3}
    for task in FlowTask.objects.filter(case=case).select_related("done_by").order_by("round", "id"):
        former = latest.get(task.element)
        if rank[State(task.state)] and (former is None or rank[State(task.state)] >= rank[State(former.state)]):
            latest[task.element] = task
    rejected = set(Opinion.objects.filter(case=case, verdict=Opinion.Verdict.REJECT).values_list("task__element", flat=True))
    place = paths.order(course.drawing_of(case))
    line = sorted(latest.values(), key=lambda task: place.get(task.element, len(place)))
    return [_step(task, task.element in rejected) for task in line]


def _step(task: FlowTask, rejected: bool) -> Step:
    state = {State.TODO: "NOW", State.DONE: "REJECTED" if rejected else "DONE"}.get(State(task.state), task.state)
    by = task.done_by.label if task.done_by else ""
    return Step(task.element, _said(task.name_zh, task.name_en), state, by, task.done_on, _said(task.rule_zh, task.rule_en))


@dataclass(frozen=True)
class Position:
    """Where a case stands in its drawing, for the viewer: ids of elements, and who holds the open ones."""

    bpmn: str
    done: tuple[str, ...]
    active: tuple[str, ...]
    coming: tuple[str, ...]
    skipped: tuple[str, ...]
    holders: dict[str, str]


def position(case_id: int) -> Position:
    """Where a case stands. Raises NoSuchCase."""
    case = FlowCase.objects.select_related("definition").filter(id=case_id).first()
    if case is None:
        raise course.NoSuchCase()
    found: dict[str, list[str]] = {"DONE": [], "NOW": [], "COMING": [], "SKIPPED": [], "REJECTED": []}
    for step in _steps(case):
        found[step.state].append(step.element)
    return Position(
        bpmn=case.definition.bpmn,
        done=tuple(found["DONE"] + found["REJECTED"]),
        active=tuple(found["NOW"]),
        coming=tuple(found["COMING"]),
        skipped=tuple(found["SKIPPED"]),
        holders=_holders(case),
    )


def _holders(case: FlowCase) -> dict[str, str]:
    """Who has to sign each open element: the people asked, or the name of the post."""
    names = {post.code: post.label for post in people.posts()}
    asked: dict[str, list[str]] = {}
    for task in FlowTask.objects.filter(case=case, state=State.TODO).select_related("assignee"):
        who = task.assignee.label if task.assignee else names.get(task.post, task.post)
        asked.setdefault(task.element, []).append(who)
    separator = ", " if _english() else "、"
    return {element: separator.join(who) for element, who in asked.items()}


def returnable(task_id: int) -> list[tuple[str, str]]:
    """(element id, name) of the tasks that an open task may be sent back to. Raises NoSuchCase."""
    task = FlowTask.objects.select_related("case__definition").filter(id=task_id).first()
    if task is None:
        raise course.NoSuchCase()
    elements = course.drawing_of(task.case).elements
    return [(e, _said(elements[e].name_zh, elements[e].name_en)) for e in signing.targets(task.case, task)]


def definitions() -> QuerySet[FlowDefinition]:
    """All versions of all flows, latest first, without the drawings; `.running` counts the cases on each."""
    rows = FlowDefinition.objects.defer("bpmn").annotate(
        name=_named("title"), running=Count("cases", filter=Q(cases__status=FlowCase.Status.RUNNING))
    )
    return rows.order_by("code", "-version")


def definition(code: str, version: int | None = None) -> FlowDefinition | None:
    """One version of a flow with its drawing; by default the published one."""
    rows = FlowDefinition.objects.filter(code=code)
    if version is None:
        return rows.filter(status=FlowDefinition.Status.PUBLISHED).first()
    return rows.filter(version=version).first()


def deputies(user: Any) -> QuerySet[Delegation]:
    """The delegations that the user gave or holds, latest first."""
    rows = Delegation.objects.filter(Q(from_user=user.id) | Q(to_user=user.id))
    return rows.select_related("from_user", "to_user")


def _tasks(rows: QuerySet[FlowTask], today: date, since: str = "opened_on") -> QuerySet[FlowTask]:
    return (
        rows.select_related("case__definition", "case__started_by", "assignee", "done_by")
        .defer(*_HEAVY)
        .annotate(
            subject=F("case__subject"),
            title=F("case__title"),
            flow=_named("case__definition__title"),
            name=_named("name"),
            age=_days(today, since),
        )
    )


def _cases(rows: QuerySet[FlowCase], today: date) -> QuerySet[FlowCase]:
    annotated = rows.annotate(name=_named("definition__title"), age=_days(today, "opened_on"))
    return annotated.select_related("definition", "started_by").defer("state", "definition__bpmn")


def _days(today: date, since: str) -> Func:
    """Whole days from `since` to `today`: PostgreSQL subtracts dates to an integer."""
    return Func(
        Value(today, output_field=DateField()), F(since), template="(%(expressions)s)", arg_joiner=" - ",
        output_field=IntegerField(),
    )  # fmt: skip


def _named(field: str) -> Any:
    """The name in the current language; Chinese where there is no English one."""
    if not _english():
        return F(f"{field}_zh")
    return Case(When(**{f"{field}_en": ""}, then=F(f"{field}_zh")), default=F(f"{field}_en"))


def _said(zh: str, en: str) -> str:
    return en if en and _english() else zh


def _english() -> bool:
    return (get_language() or "").startswith("en")


def page_of(subject: str) -> str:
    """The address of a subject's page in its house, or an empty text where its room names none."""
    for found in (listeners.find(subject), committee.of(subject)):
        if found is not None and found.page is not None:
            return found.page(subject)
    return ""


def involved(user: Any, case: FlowCase, today: date) -> bool:
    """Whether the user takes part in the case, or manages flows."""
    return rights.manages(user) or courtesy.takes_part(case, user, today)


def one_involved(user: Any, case_id: int, today: date) -> FlowCase:
    """A case that the user takes part in, or any for one who manages flows. Raises NoSuchCase."""
    case = FlowCase.objects.select_related("definition").filter(id=case_id).first()
    if case is None or not involved(user, case, today):
        raise course.NoSuchCase()
    return case
