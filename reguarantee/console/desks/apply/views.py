"""An institution applies, sends its papers, sees where it stands and answers. Its private link is its only key.

The link is opened once; from then on a signed cookie that is good for these pages only stands for it, so that the key
does not stay in addresses, histories and logs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import say
from design.lists.export import TYPE
from desks.pages import posted, sent, today
from kernel.access.actors import Actor
from kernel.access.permissions import anyone
from kernel.errors import DomainError, gettext_noop
from reguarantee.admission import queries, services
from reguarantee.console.desks.admission import figures
from reguarantee.console.desks.admission.application import ApplicationForm
from reguarantee.console.desks.admission.words import named
from reguarantee.console.desks.apply.limits import allow
from reguarantee.partners import queries as partners

COOKIE = "application"
_HOURS = 12
_STRANGER = Actor("APPLICANT", "public")
_OPEN = ("APPLIED", "RETURNED", "DOCUMENTS")
_WITHDRAW = (*_OPEN, "ANALYSIS", "REVIEW", "COMMITTEE", "AGREEMENT")
_STEPS = ("APPLIED", "DOCUMENTS", "ANALYSIS", "REVIEW", "COMMITTEE", "AGREEMENT", "ACTIVE")


def calm(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Public, never cached; a refusal becomes a plain page in words with its status."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer = view(request, *args, **kwargs)
        except DomainError as refusal:
            answer = _page(request, "refused", status=refusal.status, title=_("This is not possible"), sentence=say(refusal))
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return anyone(run)


def _page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"console/institutions/apply/{name}.html", context, status=status)


@calm
def home(request: HttpRequest) -> HttpResponse:
    """What is asked of each kind of institution, before anything has to be written."""
    kinds = []
    for code, label in partners.KINDS:
        standard = queries.standard_of(code, on=today())
        if standard is not None:
            papers = [named(row["name"]) for row in standard.document["documents"] if row.get("required")]
            kinds.append({"code": code.lower(), "label": label, "papers": papers, "is_member": code == "MEMBER"})
    return _page(request, "home", title=_("Apply for cooperation"), kinds=kinds)


@calm
def new(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The application. Taken, it answers with the private link, shown this once."""
    wanted = kind.upper()
    if wanted not in dict(partners.KINDS):
        return _page(request, "refused", status=404, title=_("There is no such page"), sentence="")
    form = ApplicationForm(sent(request), kind=wanted)
    form.table = request.POST.get("table", "")
    if "fill" in request.POST:
        allow(request, "file")
        form = figures.filled(request, wanted)
    elif request.method == "POST":
        allow(request, "apply")
        if form.is_valid():
            with form.catching():
                made, token = services.apply(
                    actor=_STRANGER, today=today(), kind=wanted, table=figures.kept(request), **form.given()
                )
            if form.is_valid():
                link = request.build_absolute_uri(f"{reverse('apply:case')}?key={token}")
                return _keep(_page(request, "done", title=_("Your application is here"), case=made, link=link), token)
    title = _("Application of a guarantee company") if wanted == "MEMBER" else _("Application of a bank")
    return _form(request, form, title=title, submit=_("Apply"), cancel=reverse("apply:home"))


def _form(request: HttpRequest, form: ApplicationForm, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    table_url = reverse("apply:table", args=[form.kind.lower()])
    return _page(request, "form", status=status, form=form, table_url=table_url, **more)


@calm
def table(request: HttpRequest, kind: str) -> HttpResponse:
    """The template of the table of figures (PAR-22)."""
    wanted = kind.upper()
    if wanted not in dict(partners.KINDS):
        return _page(request, "refused", status=404, title=_("There is no such page"), sentence="")
    response = HttpResponse(figures.template(wanted), content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="figures-{kind.lower()}.xlsx"'
    return response


def _keep(response: HttpResponse, token: str) -> HttpResponse:
    response.set_signed_cookie(
        COOKIE, token, max_age=_HOURS * 3600, path=reverse("apply:home"), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _mine(request: HttpRequest) -> Any:
    """The case whose link this browser has opened. Raises NoSuchLink; guesses are counted."""
    token = request.get_signed_cookie(COOKIE, default="", max_age=_HOURS * 3600)
    if not token:
        raise services.NoSuchLink
    return queries.by_token(str(token), on=today())


@calm
def case(request: HttpRequest) -> HttpResponse:
    """Where the application stands, what is asked for, what was sent."""
    if key := request.GET.get("key", ""):
        allow(request, "key")
        queries.by_token(key, on=today())
        return _keep(HttpResponseRedirect(reverse("apply:case")), key)
    return _status(request, _mine(request))


def _status(request: HttpRequest, found: Any, *, error: str = "", status: int = 200) -> HttpResponse:
    papers = [{**row, "label": named(row["name"])} for row in queries.papers(found) if row["name"]]
    asks = queries.open_asks(found)
    asked = {one.slot for one in asks if one.slot}
    labels = {row["code"]: row["label"] for row in papers}
    return _page(
        request, "case", status=status, title=found.name, case=found, steps=_steps(found), papers=papers,
        asks=[{"ask": one, "label": labels.get(one.slot, "")} for one in asks], error=error,
        may_send=found.state in _OPEN, slots=[row for row in papers if found.state in _OPEN or row["code"] in asked],
        may_edit=found.state == "RETURNED", may_withdraw=found.state in _WITHDRAW, returned=_returned(found),
        house=f"{request.scheme}://{found.host}{_port(request)}/" if found.state == "ACTIVE" and found.host else "",
    )  # fmt: skip


def _port(request: HttpRequest) -> str:
    port = request.get_host().partition(":")[2]
    return f":{port}" if port else ""


def _returned(found: Any) -> str:
    """Why it was returned or refused: the words that are meant for the applicant, and no other step's."""
    if found.state in ("REFUSED", "WITHDRAWN"):
        return found.closing_reason if found.outcome == "" else ""
    if found.state != "RETURNED":
        return ""
    step = next((one for one in reversed(queries.steps(found)) if one.event == "send_back"), None)
    return step.text if step else ""


def _steps(found: Any) -> list[dict[str, Any]]:
    """The applicant's bar: steps without names, opinions or scores of the group's people."""
    labels = {**dict(queries.STATES), "ACTIVE": _("Cooperation")}
    now = {"RETURNED": "APPLIED", "ACTIVATING": "AGREEMENT"}.get(found.state, found.state)
    ended = found.state in ("REFUSED", "WITHDRAWN")
    passed = {step.state: step for step in queries.steps(found)}
    reached = [state for state in _STEPS if state in passed]
    at = _STEPS.index(reached[-1] if ended and reached else now if now in _STEPS else "APPLIED")
    rows = []
    for place, state in enumerate(_STEPS):
        kind = (
            "done"
            if place < at or found.state == "ACTIVE"
            else "failed"
            if ended and place == at
            else "now"
            if place == at
            else "todo"
        )
        step = passed.get(state)
        note = f"{step.ended_on:%Y-%m-%d}" if step and step.ended_on and kind == "done" else ""
        rows.append({"label": labels[state], "state": kind, "note": note})
    return rows


@calm
def edit(request: HttpRequest) -> HttpResponseBase:
    """Correct a returned application and apply again."""
    found = _mine(request)
    initial = {"name": found.name, "region_code": found.region_code}
    form = ApplicationForm(sent(request), kind=found.kind, told=found.told, fixed=True, initial=initial)
    form.table = request.POST.get("table", "")
    if "fill" in request.POST:
        allow(request, "file")
        form = figures.filled(request, found.kind, told=found.told, fixed=True, initial=initial)
    elif request.method == "POST":
        allow(request, "write")
        if form.is_valid():
            with form.catching():
                services.reapply(actor=services.applicant(found), today=today(), case_id=found.pk,
                                 table=figures.kept(request), **form.given())  # fmt: skip
            if form.is_valid():
                return HttpResponseRedirect(reverse("apply:case"))
    return _form(request, form, title=_("Correct the application"), submit=_("Apply again"), cancel=reverse("apply:case"))


@calm
@posted
def paper(request: HttpRequest) -> HttpResponse:
    """Take the files of one kind of paper; each is looked at by what it holds, not by its name."""
    found = _mine(request)
    files = request.FILES.getlist("file")
    for _file in files or [None]:
        allow(request, "file")
    try:
        if not files:
            raise NoFile
        for file in files:
            services.attach(
                actor=services.applicant(found), today=today(), case_id=found.pk, slot=request.POST.get("slot", ""),
                name=file.name or "file", file=file,
            )  # fmt: skip
    except DomainError as refusal:
        return _status(request, queries.case(found.pk), error=say(refusal), status=refusal.status)
    return HttpResponseRedirect(reverse("apply:case"))


class NoFile(DomainError):
    code = "NO_FILE"
    sentence = gettext_noop("Choose a file first.")


@calm
@posted
def remove(request: HttpRequest, document: Any) -> HttpResponse:
    found = _mine(request)
    services.detach(actor=services.applicant(found), today=today(), case_id=found.pk, document_id=document)
    return HttpResponseRedirect(reverse("apply:case"))


@calm
@posted
def answer(request: HttpRequest, ask: int) -> HttpResponse:
    """Answer a question of the group in words."""
    found = _mine(request)
    allow(request, "write")
    try:
        services.answer(
            actor=services.applicant(found), today=today(), case_id=found.pk, ask_id=ask, text=request.POST.get("text", "")
        )
    except DomainError as refusal:
        return _status(request, found, error=say(refusal), status=refusal.status)
    return HttpResponseRedirect(reverse("apply:case"))


@calm
@posted
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the application back."""
    found = _mine(request)
    reason = request.POST.get("reason", "").strip() or _("Withdrawn by the applicant")
    services.withdraw(actor=services.applicant(found), today=today(), case_id=found.pk, reason=reason)
    return HttpResponseRedirect(reverse("apply:case"))


@calm
@posted
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the link on this computer."""
    response = HttpResponseRedirect(reverse("apply:home"))
    response.delete_cookie(COOKIE, path=reverse("apply:home"))
    return response
