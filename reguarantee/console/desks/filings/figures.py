"""Figures over filings, members side by side, and what happens now (features BUS-11 to BUS-13)."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import chart
from desks.words import actor_label
from kernel.access.permissions import needs
from reguarantee.console.desks.filings.forms import FiguresForm
from reguarantee.console.words import answered, share, wan
from reguarantee.filings import queries
from reguarantee.filings.queries import cases, figures
from reguarantee.monitoring import queries as monitoring

_SHOWN = 50
_LINES = {
    "AGRICULTURE": gettext_lazy("Agricultural credit guarantee"),
    "SME": gettext_lazy("Guarantee for small and medium enterprises"),
    "OTHER": gettext_lazy("Other"),
}
_TONES = {"accept": "green", "confirm": "green", "refuse": "red", "reject": "red", "return": "orange", "overdue": "red",
          "claim": "orange", "withdraw": "grey", "void": "grey"}  # fmt: skip


@needs("filings.view")
def statistics(request: HttpRequest) -> HttpResponse:
    """Counts and amounts by stage, and by member, industry, bank, product or month of a period."""
    form, asked = _asked(request)
    rows = [{**row, **_shown(row, asked)} for row in figures.table(**asked)]
    labels = dict(queries.STAGES)
    stages = [
        {"label": labels[code], "url": f"{reverse('console:todo')}?stage={code}", **row}
        for code, row in queries.stage_counts().items()
    ]
    total = figures.total(**{name: asked[name] for name in ("first", "last", "member", "kind")})
    context = {
        "title": _("Filing figures"), "form": form, "rows": rows, "total": total, "stages": stages,
        "covered_share": share(total["covered_fen"], total["guaranteed_fen"]), "words": urlencode(_plain(asked)),
        "period": _period(asked), "filings_url": reverse("console:filings"),
    }  # fmt: skip
    return render(request, "console/filings/figures.html", context)


@needs("filings.view")
def drawing(request: HttpRequest) -> HttpResponse:
    """The same figures as a drawing."""
    _form, asked = _asked(request)
    rows = figures.table(**asked)
    rows = rows[:12][::-1] if asked["by"] == "month" else rows[:12]
    names = [str(_shown(row, asked)["label"]) for row in rows]
    series = [
        {"name": label, "kind": "bar", "data": [wan(row[name]) for row in rows]}
        for name, label in (("covered_fen", _("Covered")), ("uncovered_fen", _("Not covered")))
    ]
    return chart(kind="stack", categories=names, unit=_("10k yuan"), series=series)


@needs("filings.view")
def events(request: HttpRequest) -> HttpResponse:
    """What happened last at all members, read anew every few seconds."""
    member = request.GET.get("member", "")
    told = [
        {
            "title": f"{cases.WORDS.get(one.event, one.event)} · {one.filing.number}",
            "who": f"{one.filing.member_code} · {one.filing.obligor_name} · {actor_label(one.by)}",
            "at": one.at,
            "note": answered(one),
            "tone": _TONES.get(one.event, "blue"),
            "icon": "file-text",
            "url": reverse("console:filing", args=[one.filing_id]),
        }
        for one in figures.feed(member=member, limit=_SHOWN)
    ]
    context = {"title": _("Live events"), "events": told, "members": monitoring.members(), "member": member}
    partial = request.headers.get("HX-Target", "") in ("feed", "div#feed")
    return render(request, "console/filings/feed.html" if partial else "console/filings/events.html", context)


def _asked(request: HttpRequest) -> tuple[Any, dict[str, Any]]:
    members = [(one.code, f"{one.code} {one.name}") for one in monitoring.members()]
    form = FiguresForm({"by": "member", **request.GET.dict()}, members=members)
    told = form.cleaned_data if form.is_valid() else {}
    asked = {name: told.get(name) for name in ("first", "last")}
    return form, {"by": told.get("by") or "member", "member": told.get("member") or "", "kind": told.get("kind") or "", **asked}


def _shown(row: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """What a row is called, how much of it is covered, and the list behind it."""
    key, by = row["key"], asked["by"]
    label, words = key or _("Not stated"), {}
    if by == "industry":
        label, words = monitoring.industry_label(key), {"q": "", "industry": key}
    elif by == "member":
        words = {"member_code": key}
    elif by == "line":
        label = _LINES[key]
    elif by == "month" and isinstance(key, date):
        label = f"{key:%Y-%m}"
    url = f"{reverse('console:filings')}?{urlencode(words)}" if by == "member" else ""
    return {"label": label, "url": url, "covered_share": share(row["covered_fen"], row["guaranteed_fen"])}


def _plain(asked: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in asked.items() if value}


def _period(asked: dict[str, Any]) -> str:
    first, last = asked["first"], asked["last"]
    return f"{first or ''} - {last or ''}" if first or last else _("All filings")
