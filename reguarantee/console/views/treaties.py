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
from kernel.documents import queries as documents
from kernel.errors import DomainError
from reguarantee.console.desks.agreements.editor import Editor
from reguarantee.console.desks.agreements.papers import subject
from reguarantee.console.desks.agreements.views import effect
from reguarantee.console.forms import EndForm, LineForm, TreatyForm
from reguarantee.console.pages import acted, dialog, sent, today
from reguarantee.console.tables.business import TreatyFilter, TreatyTable
from reguarantee.console.words import LAYERS, PARTIES, called
from reguarantee.filings import queries as filings
from reguarantee.treaties import queries, services

_SHARED = "*"


@needs("treaties.view")
def listing(request: HttpRequest) -> HttpResponse:
    new = {"label": _("New treaty"), "url": reverse("console:treaty_new"), "icon": "plus", "primary": True}
    return list_page(
        request, title=_("Treaties"), table=TreatyTable, rows=queries.listing(today=today()), filterset=TreatyFilter,
        actions=[new] if may(request.user, "treaties.edit") else [], template="console/treaties/list.html",
        context={"expiring": queries.expiring(today=today()).count()},
    )  # fmt: skip


@needs("treaties.view")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One treaty: the version chosen (`?version=`, else the latest) in words, its parties, the lines, what it covers."""
    treaty = queries.get(code)
    versions = list(queries.versions(code))
    asked = request.GET.get("version", "")
    version = next((one for one in versions if str(one.version) == asked), versions[0])
    day = today()
    year = int(text) if (text := request.GET.get("year", "")).isdecimal() and len(text) == 4 else day.year
    nothing = {"count": 0, "guaranteed_fen": 0, "ceded_fen": 0}
    context = {
        "title": treaty.title,
        "treaty": treaty,
        "versions": versions,
        "version": version,
        "sentences": queries.summary(version),
        "document": json.dumps(json.loads(version.terms), ensure_ascii=False, indent=2),
        "parties": parties(json.loads(version.terms), version.party_names),
        "before": next((one for one in versions if one.version < version.version), None),
        "steps": _steps(version),
        "effect": None if version.is_published else effect(version),
        "papers": documents.of(subject(treaty)),
        "left": sorted(treaty.left.items()),
        "renewals": list(queries.renewals(code)),
        "year": year,
        "years": [day.year - 2, day.year - 1, day.year, day.year + 1],
        "lines": _lines(code, year),
        "covered": filings.by_treaty(day).get(treaty.pk, nothing),
        "filings_url": f"{reverse('console:filings')}?treaty={treaty.code}",
        "may_edit": may(request.user, "treaties.edit") and treaty.status != "ENDED",
        "may_publish": may(request.user, "treaties.publish"),
        "may_approve": may(request.user, "treaties.approve") and version.drafted_by_id != request.user.pk,
    }
    return render(request, "console/treaties/detail.html", context)


def _lines(code: str, year: int) -> list[dict[str, Any]]:
    return [
        {"line": line, "shared": line.member_code == _SHARED, "taken": line.used_fen + line.reserved_fen}
        for line in queries.lines(code, year)
    ]


def _steps(version: Any) -> list[dict[str, Any]]:
    """The way of a version: written, handed in, approved, signed."""
    way = [code for code, _label in queries.STATES]
    place = way.index(version.state)
    notes = [
        version.drafted_by,
        str(version.submitted_on or ""),
        f"{version.approved_on or ''} {version.approved_by}".strip(),
        str(version.signed_on or ""),
    ]
    done = place + (version.state == "PUBLISHED")
    return [
        {"label": label, "state": "done" if n < done else "now" if n == done else "todo", "note": notes[n]}
        for n, (_code, label) in enumerate(queries.STATES)
    ]


def parties(document: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Parties and what each layer gives them, as a table: rows are parties, columns the layers that name shares."""
    layers = sorted(document.get("layers", []), key=lambda layer: layer.get("order", 0))
    labels = called(document.get("parties", {}))
    quotas = [layer for layer in layers if layer.get("kind") == "QUOTA_SHARE"]
    rows = [
        {
            "name": names.get(name) or labels[name],
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
    initial = {"members": _SHARED, "rank": 100, "notice_days": 60}
    form, editor = _form(request, initial), Editor(request, _blank(today()))
    made = _written(request, form, editor, services.draft)
    if made is not None:
        return saved(request, reverse("console:treaty", args=[made.treaty.code]), _("Drafted. It is not in force yet."))
    return _editing(request, form, editor, title=_("New treaty"), cancel=reverse("console:treaties"))


@needs("treaties.edit")
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """Change the open draft, or open the next version; what is published stays as it is."""
    treaty = queries.get(code)
    latest = queries.versions(code)[0]
    initial = {
        "title": treaty.title,
        "number": latest.number if not latest.is_published else "",
        "members": ", ".join(treaty.members),
        "rank": treaty.rank,
        "notice_days": treaty.notice_days,
        "above_limits": latest.above_limits,
        "target_fen": latest.target_fen,
    }
    form = _form(request, initial, known=True, in_force=treaty.status == "ACTIVE")
    editor = Editor(request, json.loads(latest.terms), latest.party_names)
    made = _written(request, form, editor, services.revise, code=code)
    if made is not None:
        text = _("Version %(version)s is drafted. It is not in force yet.") % {"version": made.version}
        return saved(request, f"{reverse('console:treaty', args=[code])}?version={made.version}", text)
    more = {"treaty": treaty, "effect": effect(latest), "cancel": reverse("console:treaty", args=[code])}
    return _editing(request, form, editor, title=_("Revise the treaty"), **more)


def _form(request: HttpRequest, initial: dict[str, Any], **kind: bool) -> TreatyForm:
    """What is agreed beside the terms; going from form to JSON only carries it along, unchecked."""
    if request.method == "POST" and request.POST.get("switch"):
        return TreatyForm(initial={**initial, **request.POST.dict()}, **kind)
    return TreatyForm(sent(request), initial=initial, **kind)


def _written(request: HttpRequest, form: TreatyForm, editor: Editor, verb: Any, **known: Any) -> Any:
    """Run draft or revise; None when the page is shown (again). A mistake in the terms stands at its field."""
    if request.method != "POST":
        return None
    if editor.switching:
        editor.switch()
        return None
    if not all([form.is_valid(), editor.is_valid()]):
        return None
    given = {**form.cleaned_data, **known}
    facts = services.Facts(
        number=given.pop("number"),
        target_fen=given.pop("target_fen"),
        notice_days=given.pop("notice_days"),
        party_names=editor.names,
        keep=False,
    )
    try:
        return verb(actor=request.user, today=today(), terms=editor.said, facts=facts, **given)
    except DomainError as refusal:
        if refusal.field in form.fields:
            form.add_error(refusal.field, say(refusal))
        else:
            editor.refuse(refusal)
    return None


def _editing(request: HttpRequest, form: TreatyForm, editor: Editor, **more: Any) -> HttpResponse:
    wrong = request.method == "POST" and not editor.switching
    return render(request, "console/treaties/form.html", {"form": form, "editor": editor, **more}, status=422 if wrong else 200)


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
def end(request: HttpRequest, code: str) -> HttpResponse:
    queries.get(code)
    form = EndForm(sent(request), initial={"on": today()})
    if acted(request, form, services.end, code=code):
        return saved(request, reverse("console:treaty", args=[code]), _("Ended. What is attached stays attached."))
    return dialog(request, form, title=_("End treaty %(code)s") % {"code": code}, submit=_("End it"))


@needs("treaties.edit")
def line(request: HttpRequest, code: str) -> HttpResponse:
    treaty = queries.get(code)
    initial = {"year": today().year, "member_code": request.GET.get("member", _SHARED)}
    form = LineForm(sent(request), initial=initial, members=treaty.members)
    if acted(request, form, services.set_line, code=code):
        url = f"{reverse('console:treaty', args=[code])}?year={form.cleaned_data['year']}"
        return saved(request, url, _("The line is set."))
    return dialog(request, form, title=_("Set a line of %(code)s") % {"code": code}, submit=_("Set"))
