"""Tasks: 待办 已办 将办 我发起 抄送; the decision page; every act on a task or case."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import Request, acted, came_from, dialog, form_page, handed, here, posted, sent, today
from desks.tasks.forms import DecisionForm, DeputyForm, PersonForm, ReadersForm, ReturnForm
from desks.tasks.sheets import Sheet, sheet
from desks.tasks.tables import CaseFilter, CaseTable, ComingTable, CopyTable, DoneTable, TaskFilter, TodoTable
from kernel.access.permissions import may, needs
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.errors import NotFound, gettext_noop


class NoSuchTask(NotFound):
    code = "NO_SUCH_TASK"
    sentence = gettext_noop("This task is no longer yours to sign: somebody has signed it, or it lies with somebody else.")


def _tabs(request: Request, day: date, active: str) -> list[dict[str, Any]]:
    user = request.user
    counted = {"todo": approvals.todo_count(user, day), "coming": approvals.coming(user, day).count()}
    tabs = (
        ("todo", _("To do"), "tasks"),
        ("done", _("Done"), "tasks_done"),
        ("coming", _("Coming"), "tasks_coming"),
        ("started", _("Started by me"), "tasks_started"),
        ("copied", _("Copied to me"), "tasks_copied"),
    )
    return [
        {
            "label": label,
            "url": here(request, view),
            "active": key == active,
            "count": counted.get(key),
            "tone": "red" if key == "todo" else "grey",
        }
        for key, label, view in tabs
    ]


def _list(request: Request, active: str, table: Any, rows: Any, filterset: Any) -> HttpResponse:
    tabs = _tabs(request, today(), active)
    deputy = [{"label": _("My deputy"), "url": here(request, "deputies"), "icon": "user-share"}]
    actions = deputy if may(request.user, "approval.delegate") else []
    return list_page(
        request, title=_("Tasks"), table=table, rows=rows, filterset=filterset, actions=actions,
        template="desks/tasks/list.html", context={"tabs": tabs},
    )  # fmt: skip


@needs("approval.decide")
def todo(request: Request) -> HttpResponse:
    return _list(request, "todo", TodoTable, approvals.todo(request.user, today()), TaskFilter)


@needs("approval.decide")
def done(request: Request) -> HttpResponse:
    return _list(request, "done", DoneTable, approvals.done(request.user, today()), TaskFilter)


@needs("approval.decide")
def coming(request: Request) -> HttpResponse:
    return _list(request, "coming", ComingTable, approvals.coming(request.user, today()), TaskFilter)


@needs("approval.decide")
def started(request: Request) -> HttpResponse:
    return _list(request, "started", CaseTable, approvals.started(request.user, today()), CaseFilter)


@needs("approval.decide")
def copied(request: Request) -> HttpResponse:
    return _list(request, "copied", CopyTable, approvals.copied(request.user, today()), TaskFilter)


def _mine(request: Request, pk: int) -> Any:
    """An open task that the person may sign today. Raises NoSuchTask."""
    found = approvals.todo(request.user, today()).filter(id=pk).first()
    if found is None:
        raise NoSuchTask
    return found


@needs("approval.decide")
def decide(request: Request, pk: int) -> HttpResponse:
    """What is to be signed beside the decision box; the pressed button is the verdict."""
    if request.method == "POST":
        return _decide(request, pk)
    task = _mine(request, pk)
    found = sheet(request, task)
    return _decision_page(request, task, found, found.form())


def _decide(request: Request, pk: int) -> HttpResponse:
    verdict = request.POST.get("verdict", "")
    task = approvals.todo(request.user, today()).filter(id=pk).first()
    if task is None:
        # Not in his list: the room says why (own entry, signed already, a meeting decides), and the page shows it.
        approval.decide(actor=request.user, today=today(), task_id=pk, verdict=verdict, text=request.POST.get("text", ""))
        raise NoSuchTask
    found = sheet(request, task)
    form = found.form(request.POST)
    if form.is_valid():
        facts = found.facts(form.cleaned_data) if found.facts and verdict == "APPROVE" else None
        with form.catching():
            approval.decide(
                actor=request.user, today=today(), task_id=pk, verdict=verdict, text=form.cleaned_data["text"], facts=facts
            )
        if form.is_valid():
            return _signed(request, verdict)
    return _decision_page(request, _mine(request, pk), found, form)


def _signed(request: Request, verdict: str) -> HttpResponse:
    text = _("Rejected. The applicant has been told.") if verdict == "REJECT" else _("Signed. The case goes on.")
    following = approvals.todo(request.user, today()).first()
    return saved(request, here(request, "task", following.pk) if following else here(request, "tasks"), text)


def _decision_page(request: Request, task: Any, found: Sheet, form: DecisionForm) -> HttpResponse:
    context = {"title": task.title, **found.context, "task": task, "form": form, "sheet": found.template, **_face(request)}
    return render(request, "desks/tasks/decide.html", context, status=422 if form.is_bound else 200)


def _face(request: Request) -> dict[str, Any]:
    return {"face": request.resolver_match.namespace}


@needs("approval.decide")
def position(request: Request, pk: int) -> HttpResponse:
    """Where the case of a task stands in its drawing, for the viewer."""
    task = _mine(request, pk)
    found = approvals.position(task.case_id)
    failed = [step.element for step in approvals.steps(task.subject) if step.state == "REJECTED"]
    done = [element for element in found.done if element not in failed]
    now = [{"id": element, "label": found.holders.get(element, "")} for element in found.active]
    return JsonResponse({"xml": found.bpmn, "done": done, "now": now, "failed": failed})


@needs("documents.view")
def paper(request: Request, pk: int, paper: UUID) -> HttpResponseBase:
    """A file of what the person has to sign."""
    return handed(_mine(request, pk).subject, paper)


@needs("approval.decide")
def send_back(request: Request, pk: int) -> HttpResponse:
    """退回 to any step signed before."""
    form = ReturnForm(sent(request), targets=approvals.returnable(_mine(request, pk).id))
    if acted(request, form, approval.send_back, task_id=pk):
        return saved(request, here(request, "tasks"), _("Sent back."))
    return dialog(request, form, title=_("Send back"), submit=_("Send back"))


@needs("approval.decide")
def transfer(request: Request, pk: int) -> HttpResponse:
    """转办"""
    _mine(request, pk)
    form = PersonForm(sent(request), user=request.user)
    if acted(request, form, approval.transfer, task_id=pk):
        return saved(request, here(request, "tasks"), _("Handed over."))
    return dialog(request, form, title=_("Hand over to a colleague"), submit=_("Hand over"))


@needs("approval.decide")
def add_signer(request: Request, pk: int) -> HttpResponse:
    """加签"""
    _mine(request, pk)
    form = PersonForm(sent(request), user=request.user)
    if acted(request, form, lambda *, to, **told: approval.add_signer(signer=to, **told), task_id=pk):
        return saved(request, here(request, "task", pk), _("The signer has been asked."))
    return dialog(request, form, title=_("Ask one more signer"), submit=_("Ask"))


@needs("approval.decide", "approval.start")
@posted
def urge(request: Request, pk: int) -> HttpResponse:
    """催办"""
    approval.urge(actor=request.user, today=today(), task_id=pk)
    return saved(request, came_from(request), _("A reminder has been sent."))


@needs("approval.decide", "approval.start")
def copy(request: Request, pk: int) -> HttpResponse:
    """抄送 of a case, by whoever takes part in it."""
    case = approvals.one_involved(request.user, pk, today())
    form = ReadersForm(sent(request), user=request.user)
    if acted(request, form, approval.copy, case_id=case.pk):
        return saved(request, came_from(request), _("Copied."))
    return dialog(request, form, title=_("Let colleagues read along"), submit=_("Copy"))


@needs("approval.delegate")
def deputies(request: Request) -> HttpResponse:
    """工作托管: who signs for me while I am away."""
    form = DeputyForm(sent(request), user=request.user, initial={"from_on": today()})
    if acted(request, form, approval.delegate):
        return saved(request, here(request, "deputies"), _("Your deputy has been told."))
    rows = approvals.deputies(request.user)
    return form_page(request, "desks/tasks/deputies.html", form, title=_("My deputy"), rows=rows, day=today(), **_face(request))


@needs("approval.delegate")
@posted
def end_deputy(request: Request, pk: int) -> HttpResponse:
    approval.end_delegation(actor=request.user, today=today(), delegation_id=pk)
    return saved(request, here(request, "deputies"), _("Ended."))
