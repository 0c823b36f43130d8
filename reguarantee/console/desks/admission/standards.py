"""Standards: what is asked of institutions, by version; drafted by one person, published by another (PAR-16)."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from design.answers import saved, say
from design.lists import list_page
from desks.pages import form_page, posted, sent, today
from kernel.access.permissions import may, needs
from kernel.errors import DomainError
from reguarantee.admission import queries, services
from reguarantee.console.desks.admission.forms import StandardForm
from reguarantee.console.desks.admission.tables import StandardTable
from reguarantee.console.desks.admission.words import KEYS, OPERATORS, figure, named
from reguarantee.partners import queries as partners


@needs("admission.view")
def listing(request: HttpRequest) -> HttpResponse:
    acts = [
        {
            "label": _("New version: %(kind)s") % {"kind": label},
            "url": reverse("console:admission_standard_draft", args=[kind]),
            "icon": "plus",
        }
        for kind, label in partners.KINDS
    ]
    return list_page(
        request, title=_("Admission standards"), table=StandardTable, rows=queries.standards(),
        actions=acts if may(request.user, "admission.standards") else [],
    )  # fmt: skip


@needs("admission.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    standard = queries.standard(pk)
    unit = {"unit": request.user.money_unit}
    document = standard.document
    context = {
        "title": _("%(kind)s, version %(version)s") % {"kind": standard.get_kind_display(), "version": standard.version},
        "standard": standard,
        "rules": [_rule(row, unit) for row in document["rules"]],
        "dimensions": [_dimension(one, unit) for one in document["dimensions"]],
        "papers": [{"name": named(row["name"]), "required": row.get("required")} for row in document["documents"]],
        "weights": [
            {"label": KEYS[key], "weight": weight} for key, weight in document.get("line", {}).get("weights", {}).items()
        ],
        "json": json.dumps(document, ensure_ascii=False, indent=2),
        "others": list(queries.standards(kind=standard.kind)),
        "may_draft": may(request.user, "admission.standards"),
        "may_publish": may(request.user, "admission.publish_standards") and standard.published_on is None,
        "cases_count": standard.cases.count(),
    }
    return render(request, "console/institutions/admission/standard.html", context)


def _rule(row: dict[str, Any], unit: dict[str, Any]) -> dict[str, Any]:
    sign = OPERATORS[row["operator"]]
    return {
        "sentence": named(row["sentence"]),
        "label": queries.LABELS[row["field"]],
        "passes": format_html("{} {}", sign, figure(row["field"], row["pass"], unit)),
        "refers": format_html("{} {}", sign, figure(row["field"], row["refer"], unit)) if row.get("refer") else "-",
        "hard": row.get("hard"),
    }


def _dimension(one: dict[str, Any], unit: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {
            "label": queries.LABELS[item["field"]],
            "weight": item["weight"],
            "bands": format_html_join(
                " · ",
                "{} {} → {}",
                (
                    ("≥" if item["better"] == "HIGH" else "≤", figure(item["field"], bound, unit), points)
                    for bound, points in item["bands"]
                ),
            ),
        }
        for item in one["inputs"]
    ]
    return {"name": named(one["name"]), "weight": one["weight"], "rows": rows}


@needs("admission.standards")
def draft(request: HttpRequest, kind: str) -> HttpResponse:
    """Write the open draft, beginning with what is in force."""
    kind = kind.upper()
    if kind not in dict(partners.KINDS):
        raise Http404
    rows = list(queries.standards(kind=kind))
    before = rows[0].document if rows else {}
    initial = {"effective_from": today(), "document": json.dumps(before, ensure_ascii=False, indent=2)}
    if rows and rows[0].published_on is None:
        initial |= {"effective_from": rows[0].effective_from, "note": rows[0].note}
    form = StandardForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _write(form, request, kind)
        if made is not None:
            return saved(
                request, reverse("console:admission_standard", args=[made.pk]), _("Drafted. Another person publishes it.")
            )
    return form_page(
        request,
        "console/institutions/admission/draft.html",
        form,
        title=_("Draft a standard"),
        cancel=reverse("console:admission_standards"),
    )


def _write(form: StandardForm, request: HttpRequest, kind: str) -> Any:
    try:
        return services.draft_standard(actor=request.user, today=today(), kind=kind, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error("document" if refusal.field == "content" else None, say(refusal))
    return None


@needs("admission.publish_standards")
@posted
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    services.publish_standard(actor=request.user, today=today(), standard_id=pk)
    return saved(
        request, reverse("console:admission_standard", args=[pk]), _("Published. It holds for applications from its day on.")
    )
