"""Yearly evaluations: what is due, one evaluation with its eight metrics, and its approval (PAR-04)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import acted, dialog, form_page, posted, sent, today
from kernel.access.permissions import may, needs
from reguarantee.admission import queries, services
from reguarantee.console.desks.admission.forms import FigureForm, ReasonForm, StartForm, TextForm
from reguarantee.console.desks.admission.tables import EvaluationFilter, EvaluationTable
from reguarantee.console.desks.admission.words import DIMENSIONS, METRIC_UNITS, METRICS, SOURCES, figure
from reguarantee.partners import queries as partners


@needs("admission.view")
def listing(request: HttpRequest) -> HttpResponse:
    day = today()
    start = {"label": _("Start an evaluation"), "url": reverse("console:evaluation_start"), "icon": "plus", "primary": True}
    return list_page(
        request, title=_("Evaluations"), table=EvaluationTable, rows=queries.evaluations(), filterset=EvaluationFilter,
        actions=[start] if may(request.user, "admission.evaluate") else [],
        template="console/institutions/admission/evaluations.html",
        context={"overdue": list(queries.overdue_evaluations(today=day)[:20]), "year": day.year - 1},
    )  # fmt: skip


@needs("admission.evaluate")
def start(request: HttpRequest) -> HttpResponse:
    initial = {"partner_code": request.GET.get("code", ""), "year": today().year - 1}
    form = StartForm(sent(request), today=today(), initial=initial)
    if acted(request, form, services.start):
        return saved(request, reverse("console:evaluation", args=[form.made.pk]), _("Filled in from the group's own data."))
    return form_page(
        request,
        "console/institutions/admission/start.html",
        form,
        title=_("Start an evaluation"),
        cancel=reverse("console:evaluations"),
    )


@needs("admission.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.evaluation(pk)
    unit = {"unit": request.user.money_unit}
    open_now = row.state == "DRAFT" and may(request.user, "admission.evaluate")
    decides = row.state == "SUBMITTED" and may(request.user, "admission.approve_evaluation")
    context = {
        "title": _("Evaluation of %(year)s") % {"year": row.year},
        "evaluation": row,
        "partner": partners.find(row.partner_code),
        "rows": [_metric(one, unit) for one in row.rows],
        "dimensions": [
            {"label": DIMENSIONS[name], "weight": weight, "points": got}
            for name, (weight, got) in queries.dimensions(row).items()
        ],
        "not_opened": queries.not_opened(year=row.year),
        "missing": [METRICS[one["key"]] for one in row.rows if one["value"] is None],
        "service": queries.service(member_code=row.partner_code, year=row.year),
        "may_state": open_now,
        "may_decide": decides,
        "is_own": row.prepared_by_id == request.user.pk,
        "stops": row.effect.get("stop") == "STOPPED",
    }
    return render(request, "console/institutions/admission/evaluation.html", context)


def _metric(one: dict[str, Any], unit: dict[str, Any]) -> dict[str, Any]:
    kind = METRIC_UNITS.get(one["key"], "rate")
    return {
        **one,
        "label": METRICS[one["key"]],
        "shown": figure("", one["value"], unit, unit=kind),
        "aim": figure("", one["target"], unit, unit=kind),
        "lowest": figure("", one["low"], unit, unit=kind),
        "highest": figure("", one["high"], unit, unit=kind),
        "is_inverse": one["key"] in queries.INVERSE,
        "origin": SOURCES[one["source"]],
        "by_hand": one["source"] == "OFFICER",
        "found": figure("", one["found"], unit, unit=kind),
    }


@needs("admission.view")
def ranking(request: HttpRequest, year: int, name: str) -> HttpResponse:
    """The institutions that a metric is ranked among: what is behind min, max and rank."""
    if name not in queries.METRICS:
        raise Http404
    unit = {"unit": request.user.money_unit}
    rows = [{**_metric(one, unit), "evaluation": one["evaluation"]} for one in queries.field(year=year, metric=name)]
    title = _("%(metric)s in %(year)s") % {"metric": METRICS[name], "year": year}
    context = {"title": title, "rows": rows, "year": year, "is_inverse": name in queries.INVERSE}
    return render(request, "console/institutions/admission/ranking.html", context)


@needs("admission.evaluate")
def state(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """State a metric by hand with where it comes from."""
    row = queries.evaluation(pk)
    if name not in queries.METRICS:
        raise Http404
    kind = METRIC_UNITS.get(name, "rate")
    one = next((one for one in row.rows if one["key"] == name), None)
    value = one["value"] if one else None
    shown = None if value is None else int(Decimal(value)) if kind == "fen" else Decimal(value)
    form = FigureForm(sent(request), unit=kind, initial={"figure": shown, "reason": one["reason"] if one else ""})
    if acted(request, form, services.state, evaluation_id=pk, metric=name):
        return saved(request, reverse("console:evaluation", args=[pk]), _("Stated."))
    return dialog(request, form, title=METRICS[name], submit=_("Save"))


@needs("admission.evaluate")
@posted
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    services.refresh(actor=request.user, today=today(), evaluation_id=pk)
    return saved(request, reverse("console:evaluation", args=[pk]), _("Read again; what was stated by hand stays."))


@needs("admission.evaluate")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    queries.evaluation(pk)
    form = TextForm(sent(request))
    if acted(request, form, lambda *, text, **told: services.submit(opinion=text, **told), evaluation_id=pk):
        return saved(request, reverse("console:evaluation", args=[pk]), _("Waits for approval by another person."))
    return dialog(request, form, title=_("Submit for approval"), submit=_("Submit"))


@needs("admission.approve_evaluation")
@posted
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        seen = Decimal(request.POST.get("seen", ""))
    except InvalidOperation:
        seen = Decimal(-1)  # nobody saw a score: the refusal says what it is now
    services.approve(actor=request.user, today=today(), evaluation_id=pk, seen=seen)
    return saved(request, reverse("console:evaluation", args=[pk]), _("Approved. Grade, line and standing follow."))


@needs("admission.approve_evaluation")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    queries.evaluation(pk)
    form = ReasonForm(sent(request))
    form.fields["reason"].help_text = ""
    if acted(request, form, services.return_evaluation, evaluation_id=pk):
        return saved(request, reverse("console:evaluation", args=[pk]), _("Given back."))
    return dialog(request, form, title=_("Give back"), submit=_("Give back"))
