"""The consolidated book: totals of all members on a day, how they moved, how fresh they are. Every number opens its rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from design.answers import say
from desks.words import is_province
from kernel.access.permissions import may, signed_in
from reguarantee.console.forms import DayForm
from reguarantee.console.pages import BadDay, asked_day, day_words, rows_url, today, with_day
from reguarantee.console.words import compensation_rate, moved, share
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries

_MEMBERS_SHOWN = 10


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The consolidated page; whoever may not read the book starts where his work is."""
    if not may(request.user, "monitoring.view"):
        return _elsewhere(request)
    refusal = ""
    try:
        day = asked_day(request)
    except BadDay as bad:
        day, refusal = today(), say(bad)
    found = queries.overview(as_of=day)
    context = {
        "title": _("Consolidated book"),
        "day": day,
        "is_today": day == today(),
        "refusal": refusal,
        "day_form": DayForm(initial={"as_of": day}),
        "total": found.total,
        "tiles": _tiles(found, day),
        "coverage": _coverage(found, day),
        "members": _members(found, day),
        "counted": {"members": len(found.members), "regions": len(found.regions)},
        "urls": _urls(day),
        "chart_day": day_words(day).get("as_of", ""),
        "mapped": mapped(found.regions),
        "fresh": freshness(),
        "waiting": filings.reviewing_count(),
    }
    return render(request, "console/book/home.html", context, status=422 if refusal else 200)


def _elsewhere(request: HttpRequest) -> HttpResponse:
    for code, view in (
        ("audit.view", "console:audit"),
        ("access.manage_users", "console:people"),
        ("access.grant_roles", "console:people"),
    ):
        if may(request.user, code):
            return HttpResponseRedirect(reverse(view))
    return HttpResponseRedirect(reverse("console:notices"))


def _tiles(found: queries.Overview, day: date) -> dict[str, Any]:
    """What stands beside each figure: where it leads and how it moved."""
    total, last, year = found.total, found.month_end, found.year_ago
    new = found.approved["this_month"]
    before, same = found.approved["last_month"], found.approved["same_month_last_year"]
    in_force = rows_url({}, day, in_force="1")

    def held(name: str) -> dict[str, str]:
        return {"url": in_force, "month": moved(total[name], last[name]), "year": moved(total[name], year[name])}

    return {
        "balance": held("in_force_balance_fen"),
        "count": held("in_force_count"),
        "guaranteed": held("in_force_guaranteed_fen"),
        "ceded": held("in_force_ceded_fen") | {"share": share(total["in_force_ceded_fen"], total["in_force_guaranteed_fen"])},
        "all": {"url": rows_url({}, day)},
        "new": {
            "url": rows_url(found.months[-1].wanted, day),
            "figures": new,
            "month": moved(new["guaranteed_fen"], before["guaranteed_fen"]),
            "year": moved(new["guaranteed_fen"], same["guaranteed_fen"]),
        },
        "compensated": {"url": rows_url({"state": "COMPENSATED"}, day)},
        "rate": compensation_rate(total),
    }


def _coverage(found: queries.Overview, day: date) -> list[dict[str, Any]]:
    """Covered, partly, not covered: always all three, of what is in force and of everything ever reported."""
    return [cover(line, found.total["in_force_guaranteed_fen"], day) for line in found.coverage]


def cover(line: queries.Line, whole: int, day: date) -> dict[str, Any]:
    """One of the three, with its share of what is guaranteed in force and the way to its rows."""
    return {
        "line": line,
        "share": share(line.figures["in_force_guaranteed_fen"], whole),
        "url": rows_url(line.wanted, day, in_force="1"),
        "all_url": rows_url(line.wanted, day),
    }


def _members(found: queries.Overview, day: date) -> list[dict[str, Any]]:
    whole = found.total["in_force_balance_fen"]
    return [
        {
            "line": line,
            "share": share(line.figures["in_force_balance_fen"], whole),
            "rate": compensation_rate(line.figures),
            "url": with_day(reverse("console:member", args=[line.key]), day),
            "rows": rows_url(line.wanted, day, in_force="1"),
        }
        for line in found.members[:_MEMBERS_SHOWN]
    ]


def _urls(day: date) -> dict[str, str]:
    """The pages of the dimensions, on the same day."""
    pages = {by: with_day(reverse("console:dimension", args=[by]), day) for by in ("bank", "industry", "region", "month")}
    return {**pages, "member": with_day(reverse("console:members"), day)}


def mapped(lines: list[queries.Line]) -> bool:
    """Whether the regions of the book are drawn on the map: those of GB/T 2260 hold most of its balance."""
    known = sum(line.figures["in_force_balance_fen"] for line in lines if is_province(line.key))
    return known * 2 > sum(line.figures["in_force_balance_fen"] for line in lines)


def freshness() -> dict[str, Any]:
    """How old the book is, in words that a page can show."""
    state = queries.freshness()
    run = state.runs.get("PROJECT")
    age = max(int((timezone.now() - run.at).total_seconds()), 0) if run else None
    late = (state.waiting_seconds or 0) > 60 or state.backlog > 0
    return {
        "state": state,
        "run": run,
        "age": age,
        "waiting_seconds": int(state.waiting_seconds or 0),
        "tone": "red" if state.troubled else "amber" if late or run is None else "green",
        "comparison": state.comparison,
    }
