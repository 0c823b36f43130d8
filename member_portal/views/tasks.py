"""Tasks: 待办 已办 将办 我发起 抄送; the decision page; every act on a task or case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from kernel.access.permissions import may, needs
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.errors import NotFound, gettext_noop
from member_portal.forms.approval import DecisionForm, DeputyForm, PersonForm, ReadersForm, ReturnForm
from member_portal.pages import Request, came_from, dialog, form_page, today
from member_portal.tables.tasks import CaseFilter, CaseTable, ComingTable, CopyTable, DoneTable, TaskFilter, TodoTable
from member_portal.views.applications import sheet
from tenants.applications import queries as applications


class NoSuchTask(NotFound):
    code = "NO_SUCH_TASK"
    sentence = gettext_noop("This task is no longer yours to sign: somebody has signed it, or it lies with somebody else.")


def _tabs(user: Any, day: date, active: str) -> list[dict[str, Any]]:
    counted = {"todo": approvals.todo(user, day).count(), "coming": approvals.coming(user, day).count()}
    tabs = (
        ("todo", _("To do"), "portal:tasks"),
        ("done", _("Done"), "portal:tasks_done"),
        ("coming", _("Coming"), "portal:tasks_coming"),
        ("started", _("Started by me"), "portal:tasks_started"),
        ("copied", _("Copied to me"), "portal:tasks_copied"),
    )
    return [
        {
            "label": label,
            "url": reverse(view),
            "active": key == active,
            "count": counted.get(key),
            "tone": "red" if key == "todo" else "grey",
        }
        for key, label, view in tabs
    ]


def _list(request: Request, active: str, table: Any, rows: Any, filterset: Any) -> HttpResponse:
    tabs = _tabs(request.user, today(), active)
    deputy = [{"label": _("My deputy"), "url": reverse("portal:deputies"), "icon": "user-share"}]
    actions = deputy if may(request.user, "approval.delegate") else []
    return list_page(
        request, title=_("Tasks"), table=table, rows=rows, filterset=filterset, actions=actions,
        template="portal/tasks/list.html", context={"tabs": tabs},
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
    """The application beside the decision box; the pressed button is the verdict."""
    if request.method == "POST":
        return _decide(request, pk)
    task = _mine(request, pk)
    return _decision_page(request, task, DecisionForm())


def _decide(request: Request, pk: int) -> HttpResponse:
    form = DecisionForm(request.POST)
    verdict = request.POST.get("verdict", "")
    if form.is_valid():
        amount = form.cleaned_data["amount_fen"]
        facts = {"amount_fen": amount} if amount and verdict == "APPROVE" else None
        task = approvals.todo(request.user, today()).filter(id=pk).first()
        if task is None:
            # Not in his list: the room says why (own entry, signed already, somebody else's), and the page shows it.
            approval.decide(actor=request.user, today=today(), task_id=pk, verdict=verdict, text=form.cleaned_data["text"])
        with form.catching():
            approval.decide(
                actor=request.user, today=today(), task_id=pk, verdict=verdict, text=form.cleaned_data["text"], facts=facts
            )
        if form.is_valid():
            return _signed(request, verdict)
    return _decision_page(request, _mine(request, pk), form)


def _signed(request: Request, verdict: str) -> HttpResponse:
    text = _("Rejected. The applicant has been told.") if verdict == "REJECT" else _("Signed. The case goes on.")
    following = approvals.todo(request.user, today()).first()
    return saved(request, reverse("portal:task", args=[following.pk]) if following else reverse("portal:tasks"), text)


def _decision_page(request: Request, task: Any, form: DecisionForm) -> HttpResponse:
    kind, _colon, number = task.subject.partition(":")
    if kind != "application":
        raise NoSuchTask
    application = applications.one_to_sign(request.user, int(number), today())
    context = {**sheet(request.user, application), "task": task, "form": form, "title": application.customer.name}
    status = 422 if form.is_bound else 200
    return render(request, "portal/tasks/decide.html", context, status=status)


@needs("approval.decide")
def send_back(request: Request, pk: int) -> HttpResponse:
    """退回 to any step signed before."""
    form = ReturnForm(request.POST or None, targets=approvals.returnable(_mine(request, pk).id))
    if request.method == "POST" and form.is_valid():
        with form.catching():
            approval.send_back(actor=request.user, today=today(), task_id=pk, **form.cleaned_data)
        if form.is_valid():
            return saved(request, "portal:tasks", _("Sent back."))
    return dialog(request, form, title=_("Send back"), submit=_("Send back"))


@needs("approval.decide")
def transfer(request: Request, pk: int) -> HttpResponse:
    """转办"""
    _mine(request, pk)
    form = PersonForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            approval.transfer(actor=request.user, today=today(), task_id=pk, **form.cleaned_data)
        if form.is_valid():
            return saved(request, "portal:tasks", _("Handed over."))
    return dialog(request, form, title=_("Hand over to a colleague"), submit=_("Hand over"))


@needs("approval.decide")
def add_signer(request: Request, pk: int) -> HttpResponse:
    """加签"""
    _mine(request, pk)
    form = PersonForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            told = form.cleaned_data
            approval.add_signer(actor=request.user, today=today(), task_id=pk, signer=told["to"], text=told["text"])
        if form.is_valid():
            return saved(request, reverse("portal:task", args=[pk]), _("The signer has been asked."))
    return dialog(request, form, title=_("Ask one more signer"), submit=_("Ask"))


@needs("approval.decide", "approval.start")
def urge(request: Request, pk: int) -> HttpResponse:
    """催办"""
    if request.method != "POST":
        return HttpResponse(status=405)
    approval.urge(actor=request.user, today=today(), task_id=pk)
    return saved(request, came_from(request), _("A reminder has been sent."))


@needs("approval.decide", "approval.start")
def copy(request: Request, pk: int) -> HttpResponse:
    """抄送 of an application's case."""
    known = applications.one_to_sign(request.user, pk, today())
    case = approvals.case_of(known.subject)
    if case is None:
        raise NoSuchTask
    form = ReadersForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            approval.copy(actor=request.user, today=today(), case_id=case.pk, **form.cleaned_data)
        if form.is_valid():
            return saved(request, came_from(request), _("Copied."))
    return dialog(request, form, title=_("Let colleagues read along"), submit=_("Copy"))


@needs("approval.delegate")
def deputies(request: Request) -> HttpResponse:
    """工作托管: who signs for me while I am away."""
    form = DeputyForm(request.POST or None, user=request.user, initial={"from_on": today()})
    if request.method == "POST" and form.is_valid():
        with form.catching():
            approval.delegate(actor=request.user, today=today(), **form.cleaned_data)
        if form.is_valid():
            return saved(request, "portal:deputies", _("Your deputy has been told."))
    rows = approvals.deputies(request.user)
    return form_page(request, "portal/tasks/deputies.html", form, title=_("My deputy"), rows=rows, day=today())


@needs("approval.delegate")
def end_deputy(request: Request, pk: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(status=405)
    approval.end_delegation(actor=request.user, today=today(), delegation_id=pk)
    return saved(request, "portal:deputies", _("Ended."))
