"""The what-if page. Running stores nothing; a run is kept only when it is given a name (design.md 5)."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from time import perf_counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import posted, today
from kernel.access.permissions import check, may, needs
from kernel.errors import DomainError
from kernel.money import yuan
from reguarantee.console.desks.agreements.editor import Editor
from reguarantee.console.desks.whatif import history as past
from reguarantee.console.desks.whatif.forms import ALL, RunForm
from reguarantee.console.desks.whatif.pricing import Priced, price, reasons
from reguarantee.console.desks.whatif.tables import ScenarioFilter, ScenarioTable
from reguarantee.treaties import queries, services
from reguarantee.treaties.engine import read_terms

SHOWN = 100
"""Losses on the page, those that the draft changes most first; the export has all."""


@needs("treaties.view")
def whatif(request: HttpRequest) -> HttpResponse:
    choices = list(queries.listing(today=today()))
    code = request.GET.get("treaty") or next((one.code for one in choices if one.status == "ACTIVE"), "")
    if not code:
        return render(request, "console/treaties/whatif/page.html", {"title": _("What if"), "choices": choices})
    version = _today_s(code)
    editor = Editor(request, json.loads(queries.versions(code)[0].terms))
    context = {"title": _("What if"), "choices": choices, "code": code, "version": version, "editor": editor}
    context |= {"may_keep": may(request.user, "treaties.edit"), "today_s": queries.summary(version)}
    if request.method != "POST":
        return render(request, "console/treaties/whatif/page.html", {**context, "form": RunForm(initial=_last_year())})
    if editor.switching:
        editor.switch()
        return render(request, "console/treaties/whatif/page.html", {**context, "form": RunForm(initial=request.POST.dict())})
    form = RunForm(request.POST)
    context["form"] = form
    if form.is_valid() and editor.is_valid():
        answer = _answer(request, code, version, form, editor, context)
        if answer is not None:
            return answer
    return render(request, "console/treaties/whatif/page.html", context, status=422)


def _answer(
    request: HttpRequest, code: str, version: Any, form: RunForm, editor: Editor, context: dict[str, Any]
) -> HttpResponse | None:
    """Run, and show, keep or export what came out; None when the terms cannot be executed."""
    given = form.cleaned_data
    started = perf_counter()
    try:
        draft = read_terms({**(editor.said or {}), "code": code, "version": version.version + 1})
    except DomainError as refusal:
        editor.refuse(refusal)
        return None
    member = "" if given["member"] == ALL else given["member"]
    known = past.read(member=member, first=given["first"], last=given["last"], all_business=given["all_business"])
    result = price(known, queries.terms_of(version), draft)
    if "export" in request.POST:
        return _exported(code, result)
    if "keep" in request.POST:
        check(request.user, "treaties.edit")
        with form.catching():
            kept = services.keep(
                actor=request.user, today=today(), name=given["name"], treaty_code=code, member_code=given["member"],
                period_from=given["first"], period_to=given["last"], terms=draft.document, totals=result.totals,
                losses=len(known.losses),
            )  # fmt: skip
            return saved(request, reverse("console:scenario", args=[kept.pk]), _("The run is kept."))
        return None
    rows = sorted(result.losses, key=lambda row: -row["moved"])[:SHOWN]
    for row in rows:
        row["why"] = {name: reasons(row[name]) for name in ("now", "draft")}
    sources = {one.source for one in known.losses}
    context |= {
        "result": result,
        "rows": rows,
        "more": len(result.losses) - len(rows),
        "history": known,
        "estimated": "BOOK" in sources,
        "bases": sorted((year, fen) for year, fen in known.base_fen.items() if given["first"].year <= year <= given["last"].year),
        "seconds": f"{perf_counter() - started:.2f}",
    }
    return render(request, "console/treaties/whatif/page.html", context)


def _today_s(code: str) -> Any:
    """The version whose terms count as today's: the one in force, else the latest published, else the latest."""
    versions = list(queries.versions(code))
    if not versions:
        queries.get(code)
        raise services.NoSuchVersion
    day = today()
    published = [one for one in versions if one.is_published]
    running = [
        one for one in published if one.effective_from <= day and (one.effective_to is None or day <= one.effective_to)
    ]  # fmt: skip
    return (running or published or versions)[0]


def _last_year() -> dict[str, Any]:
    day = today()
    return {"member": ALL, "first": date(day.year - 1, 1, 1), "last": day}


def _exported(code: str, result: Priced) -> HttpResponse:
    """Every loss with both ways of sharing it and both traces, as CSV that a spreadsheet opens."""
    out = io.StringIO()
    writer = csv.writer(out)
    parties = [party["key"] for party in result.parties]
    heads = [_("Member"), _("Number"), _("Compensated on"), _("Source")]
    for name in (_("today"), _("draft")):
        heads += [f"{party} ({name})" for party in parties]
    writer.writerow([*heads, _("Why today"), _("Why under the draft")])
    for row in result.losses:
        known, shares = row["known"], {one["party"]: one for one in row["shares"]}
        cells = [known.member, known.number, known.loss.date.isoformat(), known.source]
        for name in ("now", "draft"):
            cells += [yuan(shares[party][name]) if party in shares else "" for party in parties]
        writer.writerow([_plain(cell) for cell in (*cells, *("\n".join(reasons(row[name])) for name in ("now", "draft")))])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="what-if-{code}.csv"'
    return answer


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


@needs("treaties.view")
def scenarios(request: HttpRequest) -> HttpResponse:
    return list_page(request, title=_("Kept runs"), table=ScenarioTable, rows=queries.scenarios(), filterset=ScenarioFilter)


@needs("treaties.view")
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    """A kept run: its totals as they were, and its terms."""
    kept = queries.scenario(pk)
    totals = json.loads(kept.totals)
    now, draft = totals["now"], totals["draft"]
    rows = [
        {"party": party, "now": now.get(party, 0), "draft": draft.get(party, 0), "moved": draft.get(party, 0) - now.get(party, 0)}
        for party in dict.fromkeys((*now, *draft))
    ]
    context = {
        "title": kept.name,
        "kept": kept,
        "rows": rows,
        "document": json.dumps(json.loads(kept.terms), ensure_ascii=False, indent=2),
        "may_keep": may(request.user, "treaties.edit"),
    }
    return render(request, "console/treaties/whatif/scenario.html", context)


@needs("treaties.edit")
@posted
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    services.drop(actor=request.user, today=today(), scenario_id=pk)
    return saved(request, reverse("console:scenarios"), _("The run is forgotten."))
