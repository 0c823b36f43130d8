"""The workbench: what waits for the person, and the figures of the business he may see. Every number opens its rows."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import chart
from desks.office.notices import told
from kernel.access.permissions import may, needs, signed_in
from kernel.approval import queries as approvals
from kernel.notices import queries as notices
from member_portal.pages import Request, today
from tenants.guarantees import queries as guarantees

_SOON_DAYS = 30
_SHOWN = 6


@signed_in
def home(request: Request) -> HttpResponse:
    """The workbench; whoever has none starts where his work is."""
    if not may(request.user, "workbench.view"):
        return _elsewhere(request)
    day, user = today(), request.user
    figures = guarantees.figures(user, day, _SOON_DAYS)
    todo = approvals.todo(user, day)
    uncovered = guarantees.find(user, state="OPEN", coverage="UNCOVERED")
    context = {
        "title": _("Workbench"),
        "day": day,
        "figures": figures,
        "urls": _tiles(day),
        "tabs": _tabs(user, day),
        "tasks": todo[:_SHOWN],
        "due": guarantees.due_soon(user, day, _SOON_DAYS)[:_SHOWN],
        "uncovered": uncovered[:_SHOWN],
        "uncovered_count": uncovered.count(),
        "notices": told(notices.of(user)[:_SHOWN]),
        "face": request.resolver_match.namespace,
    }
    return render(request, "portal/workbench.html", context)


def _elsewhere(request: Request) -> HttpResponse:
    for code, view in (
        ("audit.view", "portal:audit"),
        ("access.manage_users", "portal:people"),
        ("access.grant_roles", "portal:people"),
        ("approval.decide", "portal:tasks"),
    ):
        if may(request.user, code):
            return HttpResponseRedirect(reverse(view))
    return HttpResponseRedirect(reverse("portal:notices"))


def _tabs(user: Any, day: date) -> list[dict[str, Any]]:
    return [
        {
            "label": _("To do"),
            "url": reverse("portal:tasks"),
            "count": approvals.todo_count(user, day),
            "active": True,
            "tone": "red",
        },
        {"label": _("Done"), "url": reverse("portal:tasks_done")},
        {"label": _("Coming"), "url": reverse("portal:tasks_coming"), "count": approvals.coming(user, day).count()},
    ]


def _tiles(day: date) -> dict[str, str]:
    """Where each figure leads: the list with the filter that counts the same rows."""
    rows = reverse("portal:guarantees")

    def those(**wanted: Any) -> str:
        return f"{rows}?{urlencode(wanted)}"

    return {
        "in_force": those(state="OPEN"),
        "new": those(issued_after=day.replace(day=1), issued_before=day),
        "compensated": reverse("portal:compensations"),
        "due": those(state="OPEN", due_before=day + timedelta(days=_SOON_DAYS)),
        "overdue": those(state="OVERDUE"),
        "uncovered": those(state="OPEN", coverage="UNCOVERED"),
    }


@needs("workbench.view")
def figures_chart(request: Request, name: str) -> HttpResponse:
    """The figures of one chart: months, banks, industries."""
    drawn = {"months": _months, "banks": _banks, "industries": _industries}.get(name)
    if drawn is None:
        raise Http404
    return drawn(request)


def _wan(fen: int) -> float:
    """A figure of a drawing in 万元; never used in a sum."""
    return round(fen / 1_000_000, 2)


def _months(request: Request) -> HttpResponse:
    months = guarantees.series(request.user, today())
    rows = reverse("portal:guarantees")

    def link(month: str) -> str:
        year, number = int(month[:4]), int(month[5:])
        last = monthrange(year, number)[1]
        return f"{rows}?{urlencode({'issued_after': f'{month}-01', 'issued_before': f'{month}-{last:02}'})}"

    return chart(
        kind="mix",
        categories=[month.month[2:] for month in months],
        unit=_("10k yuan"),
        series=[
            {
                "name": _("New guarantees"),
                "kind": "bar",
                "data": [{"value": _wan(m.new_guaranteed_fen), "url": link(m.month)} for m in months],
            },
            {
                "name": _("Balance in force"),
                "kind": "line",
                "axis": 1,
                "unit": _("10k yuan"),
                "data": [_wan(m.balance_fen) for m in months],
            },
        ],
    )


def _slices(request: Request, kind: str, key: str, rows: list[guarantees.Slice], limit: int) -> HttpResponse:
    shown = rows[:limit]
    url = reverse("portal:guarantees")
    data = [{"value": _wan(row.balance_fen), "url": f"{url}?{urlencode({'state': 'OPEN', key: row.key})}"} for row in shown]
    labels = [_short(row.label) or _("Unknown") for row in shown]
    return chart(kind=kind, categories=labels, unit=_("10k yuan"), series=[{"name": _("Balance in force"), "data": data}])


def _short(label: str) -> str:
    """The first words of a section's long name: the legend stands beside a small ring."""
    first = re.split(r"[、,]", label)[0]
    return first if len(first) > 1 else label


def _banks(request: Request) -> HttpResponse:
    return _slices(request, "rank", "bank", guarantees.by_bank(request.user), 8)


def _industries(request: Request) -> HttpResponse:
    return _slices(request, "pie", "industry", guarantees.by_industry(request.user), 8)
