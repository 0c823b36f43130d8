"""Pages of what agreements brought: all institutions, one institution, and the projects behind a number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.lists import list_page
from desks.pages import today
from kernel.access.permissions import needs
from registry import queries as registry
from reguarantee.console.desks.outcome import advice, figures
from reguarantee.console.desks.outcome.figures import Span
from reguarantee.console.desks.outcome.forms import SpanForm
from reguarantee.console.desks.outcome.tables import TYPES, ProjectFilter, ProjectTable
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries as monitoring
from reguarantee.partners import queries as partners
from reguarantee.treaties import queries as treaties


@needs("monitoring.view")
def overview(request: HttpRequest) -> HttpResponse:
    """Every institution and every agreement, with a hint for each institution."""
    form, span = _asked(request)
    names = {one.code: one.name for one in monitoring.members()}
    found = figures.by_institution(span)
    hints = _hints(found, span)
    rows = [
        {"code": code, "name": names.get(code, code), "hint": hints[code], **row, "url": _rows_url(span, member=code)}
        for code, row in found.items()
    ]
    agreements = [
        {"code": code, **row, "url": _rows_url(Span(span.first, span.last, code))}
        for code, row in figures.by_agreement(span).items()
    ]
    context = {
        "title": _("What treaties brought"),
        "form": form,
        "span": span,
        "rows": rows,
        "agreements": agreements,
        "total": figures.total(span),
        "total_url": _rows_url(span),
    }
    return render(request, "console/treaties/outcome/overview.html", context)


@needs("monitoring.view")
def institution(request: HttpRequest, member: str) -> HttpResponse:
    """One institution: per agreement, by industry, by customer type; the parts add up to the whole."""
    form, span = _asked(request)
    code = member.upper()
    found = figures.by_institution(span)
    row = found.get(code) or figures.nothing()
    names = {one.code: one.name for one in monitoring.members()}
    if code not in found and code not in names:
        # A member that has brought nothing yet, with or without a file; a stranger is not found.
        partner = partners.find(code)
        names[code] = partner.name if partner else registry.institution(code).name
    name = names.get(code, code)
    per_agreement = [
        {"code": treaty, **one, "url": _rows_url(Span(span.first, span.last, treaty), member=code)}
        for treaty, one in figures.by_agreement(span, code).items()
    ]
    parts = [
        (_("Industry"), _parts(span, code, "industry", {**monitoring.INDUSTRIES, "": _("Not stated")}, row)),
        (_("Customer type"), _parts(span, code, "type", TYPES, row)),
    ]
    context = {
        "title": name,
        "code": code,
        "form": form,
        "span": span,
        "row": row,
        "hint": _hints({code: row}, span)[code],
        "agreements": per_agreement,
        "parts": parts,
        "url": _rows_url(span, member=code),
        "ended_url": _rows_url(span, member=code, ended=True),
    }
    return render(request, "console/treaties/outcome/institution.html", context)


@needs("monitoring.view")
def rows(request: HttpRequest) -> HttpResponse:
    """The projects behind a number. Without a filter: all that stand confirmed."""
    projects = filings.listing(status="CONFIRMED").annotate(type=figures.TYPE)
    return list_page(request, title=_("Projects"), table=ProjectTable, rows=projects, filterset=ProjectFilter)


def _asked(request: HttpRequest) -> tuple[SpanForm, Span]:
    """The time asked for, else this calendar year."""
    day = today()
    initial: dict[str, Any] = {"first": date(day.year, 1, 1), "last": date(day.year, 12, 31), "treaty": ""}
    choices = [(one.code, f"{one.code} {one.title}") for one in treaties.listing(today=day)]
    data = {**initial, **{name: value for name, value in request.GET.items() if name in initial and value}}
    form = SpanForm(data, treaties=choices)
    if form.is_valid() and form.cleaned_data["first"] <= form.cleaned_data["last"]:
        return form, Span(**form.cleaned_data)
    return form, Span(initial["first"], initial["last"])


def _rows_url(span: Span, *, member: str = "", ended: bool = False, **exact: str) -> str:
    """The list of exactly the projects that a number counts."""
    name = "ended" if ended else "drawn"
    told = {"member": member, "treaty": span.treaty, f"{name}_after": span.first, f"{name}_before": span.last, **exact}
    query = "&".join(f"{key}={value}" for key, value in told.items() if value)
    return f"{reverse('console:outcome_projects')}?{query}"


def _parts(span: Span, code: str, by: str, labels: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": labels.get(one["key"], one["key"]),
            "count": one["count"],
            "principal_fen": one["principal_fen"],
            "part": figures.share(one["principal_fen"], row["principal_fen"]),
            "url": _rows_url(span, member=code, **{by: one["key"] or "NONE"}),
        }
        for one in figures.distribution(span, code, by)
    ]


def _hints(found: dict[str, dict[str, Any]], span: Span) -> dict[str, advice.Hint]:
    bounds = advice.bounds(span.last)
    known = {code: (status, stopped) for code, status, stopped in _standings()}
    return {
        code: advice.hint(
            row, standing=known.get(code, ("ACTIVE", False))[0], stopped=known.get(code, ("", False))[1], bounds=bounds
        )
        for code, row in found.items()
    }


def _standings() -> list[tuple[str, str, bool]]:
    """Code, status and whether new cessions are stopped, of every institution that has been through admission."""
    return list(partners.listing(today=today()).order_by().values_list("code", "status", "stopped"))
