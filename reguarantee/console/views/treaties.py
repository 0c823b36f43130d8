"""Treaties: what is agreed, in words and as the engine reads it; drafts, publication, the end, and the yearly lines."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved, say
from design.lists import list_page
from kernel.access.permissions import may, needs
from kernel.errors import DomainError
from reguarantee.console.forms import EndForm, LineForm, TreatyForm
from reguarantee.console.pages import dialog, form_page, posted, sent, today
from reguarantee.console.tables.business import TreatyFilter, TreatyTable
from reguarantee.console.words import LAYERS, PARTIES
from reguarantee.filings import queries as filings
from reguarantee.treaties import queries, services

_SHARED = "*"


@needs("treaties.view")
def listing(request: HttpRequest) -> HttpResponse:
    new = {"label": _("New treaty"), "url": reverse("console:treaty_new"), "icon": "plus", "primary": True}
    return list_page(
        request, title=_("Treaties"), table=TreatyTable, rows=queries.listing(today=today()), filterset=TreatyFilter,
        actions=[new] if may(request.user, "treaties.edit") else [],
    )  # fmt: skip


@needs("treaties.view")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One treaty: the version chosen (`?version=`, else the latest) in words, its parties, the lines, what it covers."""
    treaty = queries.get(code)
    versions = list(queries.versions(code))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.version) == asked), versions[0])
    day = today()
    year = int(text) if (text := request.GET.get("year", "")).isdigit() and len(text) == 4 else day.year  # noqa: PLR2004
    nothing = {"count": 0, "guaranteed_fen": 0, "ceded_fen": 0}
    context = {
        "title": treaty.title,
        "treaty": treaty,
        "versions": versions,
        "version": version,
        "sentences": queries.summary(version),
        "document": json.dumps(json.loads(version.terms), ensure_ascii=False, indent=2),
        "parties": parties(json.loads(version.terms)),
        "year": year,
        "years": [day.year - 2, day.year - 1, day.year, day.year + 1],
        "lines": _lines(code, year),
        "covered": filings.by_treaty(day).get(treaty.pk, nothing),
        "filings_url": f"{reverse('console:filings')}?treaty={treaty.code}",
        "may_edit": may(request.user, "treaties.edit") and treaty.status != "ENDED",
        "may_publish": may(request.user, "treaties.publish"),
    }
    return render(request, "console/treaties/detail.html", context)


def _lines(code: str, year: int) -> list[dict[str, Any]]:
    return [
        {"line": line, "shared": line.member_code == _SHARED, "taken": line.used_fen + line.reserved_fen}
        for line in queries.lines(code, year)
    ]


def parties(document: dict[str, Any]) -> dict[str, Any]:
    """Parties and what each layer gives them, as a table: rows are parties, columns the layers that name shares."""
    layers = sorted(document.get("layers", []), key=lambda layer: layer.get("order", 0))
    quotas = [layer for layer in layers if layer.get("kind") == "QUOTA_SHARE"]
    rows = [
        {
            "name": name,
            "kind": PARTIES.get(kind, kind),
            "is_residual": name == document.get("residual"),
            "shares": [layer.get("shares", {}).get(name) for layer in quotas],
        }
        for name, kind in document.get("parties", {}).items()
    ]
    named = [LAYERS.get(layer.get("kind"), layer.get("kind")) for layer in layers]
    return {"rows": rows, "quotas": [LAYERS["QUOTA_SHARE"] for _layer in quotas], "layers": named}


@needs("treaties.edit")
def new(request: HttpRequest) -> HttpResponse:
    initial = {"members": _SHARED, "rank": 100, "terms": _written(_blank(today()))}
    form = TreatyForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        made = _verb(form, services.draft, request, code=form.cleaned_data.get("code", ""))
        if made is not None:
            return saved(request, reverse("console:treaty", args=[made.treaty.code]), _("Drafted. It is not in force yet."))
    return form_page(request, "console/treaties/form.html", form, title=_("New treaty"), cancel=reverse("console:treaties"))


@needs("treaties.edit")
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """Change the open draft, or open the next version; what is published stays as it is."""
    treaty = queries.get(code)
    latest = queries.versions(code)[0]
    initial = {
        "title": treaty.title,
        "members": ", ".join(treaty.members),
        "rank": treaty.rank,
        "above_limits": latest.above_limits,
        "terms": _written(json.loads(latest.terms)),
    }
    form = TreatyForm(sent(request), initial=initial, known=True)
    if request.method == "POST" and form.is_valid():
        made = _verb(form, services.revise, request, code=code)
        if made is not None:
            text = _("Version %(version)s is drafted. It is not in force yet.") % {"version": made.version}
            return saved(request, f"{reverse('console:treaty', args=[code])}?version={made.version}", text)
    cancel = reverse("console:treaty", args=[code])
    return form_page(request, "console/treaties/form.html", form, title=_("Revise the treaty"), treaty=treaty, cancel=cancel)


def _verb(form: TreatyForm, verb: Any, request: HttpRequest, *, code: str) -> Any:
    """Run draft or revise; a mistake in the terms stands at the terms, with the path that the engine names."""
    given = {name: value for name, value in form.cleaned_data.items() if name != "code"}
    try:
        return verb(actor=request.user, today=today(), code=code, **given)
    except DomainError as refusal:
        field = refusal.field if refusal.field in form.fields else None
        path = refusal.field if refusal.field and field is None else ""
        form.add_error(field or ("terms" if path else None), f"{path}: {say(refusal)}" if path else say(refusal))
    return None


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _blank(day: date) -> dict[str, Any]:
    """A sound first draft to write over: the quota share 4:2:2:2 of domain.md 5.2."""
    return {
        "attaches": {"from": f"{day.year}-01-01", "to": f"{day.year}-12-31", "by": "drawdown"},
        "parties": {"bank": "BANK", "member": "GUARANTOR", "group": "REGUARANTOR", "nfgf": "FUND"},
        "residual": "member",
        "scope": {
            "products": [], "obligor_kinds": [], "banks": [], "regions": [], "industries": [],
            "principal_max_fen": 1_000_000_000, "obligor_total_max_fen": 1_000_000_000, "term_max_months": 36,
        },
        "loss_base": "PRINCIPAL",
        "layers": [
            {"kind": "QUOTA_SHARE", "order": 1, "shares": {"bank": "0.20", "member": "0.40", "group": "0.20", "nfgf": "0.20"}}
        ],
    }  # fmt: skip


@needs("treaties.publish")
@posted
def publish(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    services.publish(actor=request.user, today=today(), version_id=pk)
    return saved(request, reverse("console:treaty", args=[code]), _("Published. New drawdowns of its period attach to it."))


@needs("treaties.publish")
def end(request: HttpRequest, code: str) -> HttpResponse:
    queries.get(code)
    form = EndForm(sent(request), initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.end(actor=request.user, today=today(), code=code, on=form.cleaned_data["on"])
        if form.is_valid():
            return saved(request, reverse("console:treaty", args=[code]), _("Ended. What is attached stays attached."))
    return dialog(request, form, title=_("End treaty %(code)s") % {"code": code}, submit=_("End it"))


@needs("treaties.edit")
def line(request: HttpRequest, code: str) -> HttpResponse:
    treaty = queries.get(code)
    initial = {"year": today().year, "member_code": request.GET.get("member", _SHARED)}
    form = LineForm(sent(request), initial=initial, members=treaty.members)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.set_line(actor=request.user, today=today(), code=code, **form.cleaned_data)
        if form.is_valid():
            url = f"{reverse('console:treaty', args=[code])}?year={form.cleaned_data['year']}"
            return saved(request, url, _("The line is set."))
    return dialog(request, form, title=_("Set a line of %(code)s") % {"code": code}, submit=_("Set"))
