"""The figures of the drawings. A datum opens the guarantees behind it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import chart
from desks.words import PROVINCES, is_province, region_label
from kernel.access.permissions import needs
from reguarantee.console.pages import asked_day, rows_url
from reguarantee.console.views.book import mapped
from reguarantee.console.words import wan
from reguarantee.monitoring import queries

_RANKED = 10
_SLICES = 8


@needs("monitoring.view")
def figures(request: HttpRequest, name: str) -> HttpResponse:
    """One drawing by its name, for the day asked."""
    draw = {"months": _months, "balances": _balances, "banks": _banks, "industries": _industries, "regions": _regions}.get(name)
    if draw is None:
        raise Http404
    return draw(asked_day(request))


def _months(day: date) -> HttpResponse:
    months = queries.overview(as_of=day).months
    amounts = [{"value": wan(m.figures["guaranteed_fen"]), "url": rows_url(m.wanted, day)} for m in months]
    counts = [{"value": m.figures["count"], "url": rows_url(m.wanted, day)} for m in months]
    return chart(
        kind="mix",
        categories=[line.key[2:] for line in months],
        unit=_("10k yuan"),
        series=[
            {"name": _("New guarantees"), "kind": "bar", "data": amounts},
            {"name": _("Count"), "kind": "line", "axis": 1, "unit": _("guarantees"), "data": counts},
        ],
    )


def _balances(day: date) -> HttpResponse:
    balances = queries.overview(as_of=day).balances

    def points(name: str) -> list[dict[str, object]]:
        return [{"value": wan(row[name]), "url": rows_url({}, on, in_force="1")} for on, row in balances]

    return chart(
        kind="line",
        categories=[f"{on:%y-%m-%d}" if on == day else f"{on:%y-%m}" for on, _row in balances],
        unit=_("10k yuan"),
        series=[
            {"name": _("Balance in force"), "data": points("in_force_balance_fen")},
            {"name": _("Ceded in force"), "data": points("in_force_ceded_fen")},
        ],
    )


def _held(kind: str, labels: list[str], lines: list[queries.Line], day: date) -> HttpResponse:
    data = [
        {"value": wan(line.figures["in_force_balance_fen"]), "url": rows_url(line.wanted, day, in_force="1")} for line in lines
    ]
    return chart(kind=kind, categories=labels, unit=_("10k yuan"), series=[{"name": _("Balance in force"), "data": data}])


def _banks(day: date) -> HttpResponse:
    lines = queries.lines(by="bank", as_of=day)[:_RANKED]
    return _held("rank", [line.label for line in lines], lines, day)


def _industries(day: date) -> HttpResponse:
    lines = [line for line in queries.lines(by="industry", as_of=day) if line.figures["in_force_balance_fen"]]
    shown, rest = lines[:_SLICES], lines[_SLICES:]
    data = [{"value": wan(row.figures["in_force_balance_fen"]), "url": rows_url(row.wanted, day, in_force="1")} for row in shown]
    labels = [line.label for line in shown]
    if rest:
        labels.append(_("Other industries"))
        other = sum(line.figures["in_force_balance_fen"] for line in rest)
        data.append({"value": wan(other), "url": reverse("console:dimension", args=["industry"])})
    return chart(kind="pie", categories=labels, unit=_("10k yuan"), series=[{"name": _("Balance in force"), "data": data}])


def _regions(day: date) -> HttpResponse:
    lines = queries.lines(by="region", as_of=day)
    if not mapped(lines):
        return _held("rank", [region_label(line.key) for line in lines[:_RANKED]], lines[:_RANKED], day)
    provinces: dict[str, list[queries.Line]] = defaultdict(list)
    for line in lines:
        if is_province(line.key):
            provinces[line.key[:2]].append(line)
    data = [
        {"value": wan(sum(line.figures["in_force_balance_fen"] for line in held)), "url": _province_url(code, held, day)}
        for code, held in provinces.items()
    ]
    names = [PROVINCES[code] for code in provinces]
    return chart(kind="map", categories=names, unit=_("10k yuan"), series=[{"name": _("Balance in force"), "data": data}])


def _province_url(code: str, held: list[queries.Line], day: date) -> str:
    """A province of one code opens its guarantees; of several, the page of its places."""
    if len(held) == 1:
        return rows_url(held[0].wanted, day, in_force="1")
    return f"{reverse('console:dimension', args=['region'])}?q={code}&as_of={day}"
