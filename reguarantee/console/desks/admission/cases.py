"""The board of cases and one case with everything that belongs to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import acted, form_page, sent, today
from kernel.access.permissions import may, needs
from kernel.documents import services as documents
from reguarantee.admission import queries, services
from reguarantee.console.desks.admission.application import ApplicationForm
from reguarantee.console.desks.admission.tables import CaseFilter, CaseTable
from reguarantee.console.desks.admission.words import BRANCHES, EVENTS, KEYS, NEXT, OPERATORS, figure, named
from reguarantee.partners import queries as partners

_KINDS = ("MEMBER", "BANK")
_STEP_STATES = {"done": "done", "now": "now", "todo": "todo", "failed": "failed"}
# event → (permission, icon, tone)
ACTS = {
    "accept": ("admission.handle", "check"),
    "send_back": ("admission.handle", "arrow-back-up"),
    "complete": ("admission.handle", "checks"),
    "conclude": ("admission.handle", "check"),
    "review": ("admission.review", "check"),
    "sign": ("admission.sign", "signature"),
    "activate": ("admission.sign", "player-play"),
    "reopen": ("admission.handle", "arrow-back-up"),
    "refuse": ("admission.handle", "x"),
    "withdraw": ("admission.handle", "trash"),
}


@needs("admission.view")
def board(request: HttpRequest) -> HttpResponse:
    """Open cases by step, the longest waiting first."""
    day = today()
    kind = request.GET.get("kind", "")
    found = queries.board(kind=kind if kind in _KINDS else "")
    labels = dict(queries.STATES)
    columns = [
        {
            "state": state,
            "label": labels[state],
            "next": NEXT[state],
            "url": f"{reverse('console:admission_list')}?state={state}",
            "cases": [{"case": one, "days": _days(one.step_since, day)} for one in rows],
        }
        for state, rows in found.items()
    ]
    context = {
        "title": _("Admission"),
        "columns": columns,
        "total": sum(len(rows) for rows in found.values()),
        "kinds": [{"label": _("All kinds"), "url": "?", "active": not kind}]
        + [{"label": label, "url": f"?kind={code}", "active": kind == code} for code, label in partners.KINDS],
        "may_handle": may(request.user, "admission.handle"),
        "public_url": request.build_absolute_uri("/apply/"),
    }
    return render(request, "console/institutions/admission/board.html", context)


def _days(since: date | None, day: date) -> int:
    return (day - since).days if since else 0


@needs("admission.view")
def listing(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Admission cases"), table=CaseTable, rows=queries.cases(), filterset=CaseFilter,
        actions=[{"label": _("Board"), "url": reverse("console:admission"), "icon": "layout-kanban"}],
    )  # fmt: skip


@needs("admission.handle")
def new(request: HttpRequest) -> HttpResponse:
    """An application that came on paper, entered by an officer."""
    kind = request.GET.get("kind", "MEMBER")
    kind = kind if kind in _KINDS else "MEMBER"
    form = ApplicationForm(sent(request), kind=kind)
    if acted(request, form, services.apply, kind=kind):
        return saved(request, reverse("console:admission_case", args=[form.made[0].pk]), _("Taken. Add its papers now."))
    tabs = [{"label": label, "url": f"?kind={code}", "active": kind == code} for code, label in partners.KINDS]
    return form_page(
        request, "console/institutions/admission/application.html", form, title=_("New application"), tabs=tabs,
        cancel=reverse("console:admission"),
    )  # fmt: skip


@needs("admission.handle")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct figures by the papers; the old ones stay in the trail."""
    from reguarantee.console.desks.admission.acts import with_reason

    case = queries.case(pk)
    form = with_reason(ApplicationForm(sent(request), kind=case.kind, told=case.told, fixed=True))
    del form.fields["name"], form.fields["region_code"]  # the institution stays who it is
    if acted(request, form, services.correct, case_id=pk):
        return saved(request, reverse("console:admission_case", args=[pk]), _("Corrected. Analyse again."))
    cancel = reverse("console:admission_case", args=[pk])
    return form_page(
        request, "console/institutions/admission/application.html", form, title=_("Correct the figures"), case=case, cancel=cancel
    )


@needs("admission.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: where it stands, what is next, judgement, papers, visits, line, agreement."""
    case = queries.case(pk)
    unit = {"unit": request.user.money_unit}
    analyses = list(case.analyses.all())
    papers = [{**row, "label": _paper(row)} for row in queries.papers(case)]
    context = {
        "title": case.name,
        "case": case,
        "next": NEXT[case.state],
        "steps": _steps(case),
        "events": _events(case),
        "acts": _acts(request, case),
        "partner": partners.find(case.code),
        "judged": _judged(analyses[-1], unit) if analyses else None,
        "analyses": analyses,
        "papers": papers,
        "missing": [named(row["name"]) for row in queries.missing_papers(case)],
        "asks": list(case.asks.all()),
        "slots": {row["code"]: row["label"] for row in papers},
        "visits": list(case.visits.all()),
        "figures": _figures(case, unit),
        "told": case.told,
        "line": _line(case, unit),
        "meetings_open": may(request.user, "committee.view"),
        "may_handle": may(request.user, "admission.handle"),
        "may_review": may(request.user, "admission.review"),
        "may_sign": may(request.user, "admission.sign"),
        "may_put": may(request.user, "committee.manage") and case.state == "COMMITTEE",
    }
    return render(request, "console/institutions/admission/case.html", context)


def _paper(row: dict[str, Any]) -> str:
    if row["name"]:
        return named(row["name"])
    own = {
        queries.REPORT: _("Report of a visit"),
        queries.SIGNED: _("Signed agreement"),
        queries.TABLE: _("Table of figures"),
    }
    return own.get(row["code"], _("Other papers"))


def _steps(case: Any) -> list[dict[str, Any]]:
    """The bar: each step of the order with its last owner and day."""
    labels, passed = dict(queries.STATES), {}
    for step in queries.steps(case):
        passed[step.state] = step
    now = "APPLIED" if case.state == "RETURNED" else case.state
    ended = case.state in ("REFUSED", "WITHDRAWN")
    last = next((step.state for step in reversed(queries.steps(case)) if step.state in queries.STEPS), "APPLIED")
    at = queries.STEPS.index(last if ended else now)
    bar = []
    for place, state in enumerate(queries.STEPS):
        step = passed.get(state)
        done = place < at or case.state == "ACTIVE"
        kind = "done" if done else "failed" if ended and place == at else "now" if place == at else "todo"
        note = f"{step.ended_on or step.started_on:%m-%d} {step.by or step.owner}" if step and place <= at else ""
        bar.append({"label": labels[state], "state": kind, "note": note.strip()})
    return bar


def _events(case: Any) -> list[dict[str, Any]]:
    """The steps as a history, newest first."""
    tones = {"refuse": "red", "reject": "red", "send_back": "orange", "return": "orange", "reopen": "orange", "withdraw": "grey"}
    labels = dict(queries.STATES)
    rows = []
    for step in reversed(queries.steps(case)):
        if not step.ended_at:
            rows.append({"title": labels[step.state], "who": step.owner, "at": step.started_at, "note": _("now"), "tone": "blue"})
            continue
        score = _("Score %(score)s") % {"score": step.score} if step.score is not None else ""
        note = " · ".join(part for part in (score, step.text) if part)
        rows.append(
            {
                "title": EVENTS[step.event],
                "who": step.by,
                "at": step.ended_at,
                "note": note,
                "tone": tones.get(step.event, "green"),
            }
        )
    return rows


def _acts(request: HttpRequest, case: Any) -> dict[str, str]:
    """Event → address, for what this person may do in this step."""
    found = {
        event: reverse("console:admission_act", args=[case.pk, event])
        for event in queries.events(case)
        if event in ACTS and may(request.user, ACTS[event][0])
    }
    if "return" in queries.events(case) and (may(request.user, "admission.review") or may(request.user, "admission.handle")):
        found["give_back"] = reverse("console:admission_act", args=[case.pk, "give_back"])
    return found


def _judged(analysis: Any, unit: dict[str, Any]) -> dict[str, Any]:
    """The last judgement: every rule with its outcome, the four dimensions apart."""
    found = queries.judgement(analysis)
    outcomes = dict(queries.OUTCOMES)
    rules = [
        {
            "sentence": named(row["sentence"]),
            "hard": row["hard"],
            "value": figure(row["field"], row["value"], unit),
            "bound": format_html("{} {}", OPERATORS[row["operator"]], figure(row["field"], row["passes"], unit)),
            "code": row["outcome"],
            "label": outcomes[row["outcome"]],
        }
        for row in found["rules"]
    ]
    dimensions = [
        {
            "name": named(one["name"]),
            "score": one["score"],
            "weight": one["weight"],
            "rows": [
                {
                    "label": queries.LABELS[row["field"]],
                    "value": figure(row["field"], row["value"], unit),
                    "points": row["points"],
                    "weight": row["weight"],
                }
                for row in one["rows"]
            ],
        }
        for one in found["dimensions"]
    ]
    counts = {code: sum(1 for row in rules if row["code"] == code) for code in outcomes}
    return {"analysis": analysis, "rules": rules, "dimensions": dimensions, "counts": counts}


def _figures(case: Any, unit: dict[str, Any]) -> list[dict[str, Any]]:
    told = case.told
    return [{"label": queries.LABELS[name], "value": figure(name, told.get(name), unit)} for name in queries.FIGURES[case.kind]]


def _line(case: Any, unit: dict[str, Any]) -> dict[str, Any] | None:
    """The credit line with its working, row by row."""
    working = case.working
    if not working:
        return None
    rows = [
        {
            "label": KEYS[key],
            "value": figure("", working["values"].get(key), unit, unit="times" if key == "leverage" else "rate"),
            "score": working["scores"][key],
            "weight": working["weights"][key],
        }
        for key in queries.KEYS
    ]
    return {**working, "rows": rows, "why": BRANCHES[working["branch"]], "growth": figure("", working["growth"], unit)}


@needs("admission.view")
def paper(request: HttpRequest, pk: int, document: Any) -> HttpResponseBase:
    """A paper of the case, always as a download."""
    case = queries.case(pk)
    found, stream = documents.fetch(subject=case.subject, document_id=document)
    response = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response
