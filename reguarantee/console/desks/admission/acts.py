"""The verbs of a case, each in a dialog or at the press of a button."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import saved
from desks.pages import acted, dialog, posted, sent, today
from kernel.access.permissions import needs
from kernel.approval.committee import queries as committee
from registry import queries as registry
from reguarantee.admission import queries, services
from reguarantee.console.desks.admission.forms import (
    AcceptForm,
    AgendaForm,
    AgreeForm,
    AskForm,
    LineForm,
    PaperForm,
    ReasonForm,
    ReviewForm,
    SignForm,
    TextForm,
    VisitForm,
)
from reguarantee.console.desks.admission.words import named

# event → (form, verb, title, what is said when it is done)
_DIALOGS: dict[str, tuple[Any, Callable[..., Any], Any, Any]] = {
    "accept": (AcceptForm, services.accept, gettext_lazy("Accept"), gettext_lazy("Accepted. Collect the papers now.")),
    "send_back": (ReasonForm, services.send_back, gettext_lazy("Return to the applicant"), gettext_lazy("Returned.")),
    "complete": (TextForm, services.complete, gettext_lazy("Papers complete"), gettext_lazy("Complete. Analyse now.")),
    "conclude": (TextForm, services.conclude, gettext_lazy("Conclude the analysis"), gettext_lazy("The reviewer has it now.")),
    "review": (ReviewForm, services.review, gettext_lazy("Conclude the review"), gettext_lazy("The committee has it now.")),
    "give_back": (ReasonForm, services.give_back, gettext_lazy("Return to the papers"), gettext_lazy("Returned.")),
    "reopen": (ReasonForm, services.reopen, gettext_lazy("Return to the analysis"), gettext_lazy("Returned.")),
    "refuse": (ReasonForm, services.refuse, gettext_lazy("Refuse"), gettext_lazy("Refused.")),
    "withdraw": (ReasonForm, services.withdraw, gettext_lazy("Withdrawn by the applicant"), gettext_lazy("Withdrawn.")),
}
_PEOPLE = ("admission.handle", "admission.review", "admission.sign")


def with_reason(form: Any) -> Any:
    """The form with a last field that asks why."""
    form.fields["reason"] = forms.CharField(
        label=_("Why it changes"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    form.fields["reason"].col = 12
    return form


@needs(*_PEOPLE)
def act(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """One verb of the case's table; the room checks who may and whether it is its step."""
    case = queries.case(pk)
    if event == "sign":
        return _sign(request, case)
    if event == "activate":
        return _activate(request, case)
    if event not in _DIALOGS:
        raise Http404
    kind, verb, title, done = _DIALOGS[event]
    form = kind(sent(request), initial={"code": case.code} if event == "accept" else None)
    if acted(request, form, verb, case_id=pk):
        return _back(request, pk, done)
    return dialog(request, form, title=title, submit=title)


def _back(request: HttpRequest, pk: int, text: Any) -> HttpResponse:
    return saved(request, reverse("console:admission_case", args=[pk]), text)


def _slots(case: Any) -> list[tuple[str, str]]:
    return [(row["code"], named(row["name"])) for row in case.standard.document["documents"]]


@needs("admission.handle", "admission.review")
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    case = queries.case(pk)
    form = AskForm(sent(request), slots=_slots(case), initial={"slot": request.GET.get("slot", "")})
    if acted(request, form, services.ask, case_id=pk):
        return _back(request, pk, _("The applicant sees the request on its page."))
    return dialog(request, form, title=_("Ask the applicant"), submit=_("Ask"))


@needs("admission.handle")
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    case = queries.case(pk)
    initial = {"slot": request.GET.get("slot", "")}
    form = PaperForm(sent(request), request.FILES or None, slots=_slots(case), initial=initial)
    if acted(request, form, services.attach, case_id=pk):
        return _back(request, pk, _("Added."))
    return dialog(request, form, title=_("Add a paper"), submit=_("Add"))


@needs("admission.handle")
def analyse(request: HttpRequest, pk: int) -> HttpResponse:
    queries.case(pk)
    form = TextForm(sent(request))
    if acted(request, form, services.analyse, case_id=pk):
        return _back(request, pk, _("Analysed. Each rule stands with its outcome."))
    return dialog(request, form, title=_("Analyse"), submit=_("Analyse"))


@needs("admission.review")
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    queries.case(pk)
    form = VisitForm(sent(request), request.FILES or None, initial={"on": today()})
    if acted(request, form, services.visit, case_id=pk):
        return _back(request, pk, _("The visit is reported."))
    return dialog(request, form, title=_("Report a visit on site"), submit=_("Save"))


@needs("committee.manage")
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the case on the agenda of a meeting that is still to come."""
    queries.case(pk)
    meetings = list(committee.meetings(request.user).exclude(state__in=["CLOSED", "CANCELLED"]))
    form = AgendaForm(sent(request), meetings=meetings)
    if acted(request, form, services.put_before, case_id=pk):
        return saved(request, reverse("console:meeting", args=[form.cleaned_data["meeting_id"]]), _("It stands on the agenda."))
    return dialog(request, form, title=_("Put it on an agenda"), submit=_("Put on the agenda"))


@needs("admission.handle")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """The credit line: figures in, working out."""
    case = queries.case(pk)
    before = queries.line_before(case)
    figures = {key: value for key, value in queries.figures(case, today=today()).items() if value is not None}
    kept = {key: Decimal(value) for key, value in (before.get("values") or {}).items() if value is not None}
    initial = {**before, "growth": Decimal(before["growth"]), **figures, **kept}
    form = LineForm(sent(request), initial=initial)
    if acted(request, form, services.work_out_line, case_id=pk):
        return _back(request, pk, _("The line is worked out."))
    return dialog(request, form, title=_("Credit line"), submit=_("Work it out"))


@needs("admission.handle")
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    case = queries.case(pk)
    initial = {
        "agreement_no": case.agreement_no,
        "treaty_code": case.treaty_code,
        "line_year": case.line_year or today().year,
        "title": case.name,
    }
    form = AgreeForm(sent(request), kind=case.kind, today=today(), code=case.code, initial=initial)
    if acted(request, form, services.agree, case_id=pk):
        return _back(request, pk, _("Written down. It can be signed."))
    return dialog(request, form, title=_("Agreement"), submit=_("Save"))


def _sign(request: HttpRequest, case: Any) -> HttpResponse:
    form = SignForm(sent(request), request.FILES or None, conditions=case.conditions, initial={"signed_on": today()})
    if acted(request, form, services.sign, case_id=case.pk):
        return _back(request, case.pk, _("Signed. Activate it now."))
    return dialog(request, form, title=_("Sign the agreement"), submit=_("Sign"))


def _activate(request: HttpRequest, case: Any) -> HttpResponse:
    """Opens the house or issues the key. What is secret is on this one page and nowhere else."""
    if request.method != "POST":
        raise Http404
    done = services.activate(actor=request.user, today=today(), case_id=case.pk)
    return _shown(request, done, _("Activated"))


@needs("admission.sign")
@posted
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """New links for administrators who have never signed in."""
    done = services.invite(actor=request.user, today=today(), case_id=pk)
    return _shown(request, done, _("Invited again"))


def _shown(request: HttpRequest, done: services.Activated, title: str) -> HttpResponse:
    base = ""
    if done.case.kind == "MEMBER":
        host = registry.host_of(registry.institution(done.case.code))
        port = request.get_host().partition(":")[2]
        base = f"{request.scheme}://{host}{':' + port if port else ''}"
    links = [{"name": one.name, "email": one.email, "url": f"{base}{one.path}"} for one in done.invitations]
    context = {"title": title, "case": done.case, "links": links, "key": done.key, "base": base}
    response = render(request, "console/institutions/admission/activated.html", context)
    response["Cache-Control"] = "no-store"
    return response
