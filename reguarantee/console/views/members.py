"""The members: what the group may see of each, how their books stand, and reading one again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from desks.words import region_label
from kernel.access.permissions import may, needs
from registry import queries as registry
from reguarantee.console.pages import asked_day, came_from, posted, rows_url, today, with_day
from reguarantee.console.tables.book import MemberTable
from reguarantee.console.views.book import cover, freshness
from reguarantee.console.views.dimensions import day_list
from reguarantee.console.words import compensation_rate, share
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries, services
from reguarantee.treaties import queries as treaties

_NOTHING = ("count", "guaranteed_fen", "released_count", "compensated_count", "compensation_fen", "ended_fen")
_FILINGS_SHOWN = 8


@needs("monitoring.view")
def listing(request: HttpRequest) -> HttpResponse:
    """Every institution the group has admitted, those without any reported business too."""
    day = asked_day(request)
    return day_list(request, MemberTable, _rows(day), title=_("Members"), day=day)


def _rows(day: date) -> list[dict[str, Any]]:
    lines = {line.key: line.figures for line in queries.lines(by="member", as_of=day)}
    trouble = {one.code: one.trouble for one in queries.members()}
    whole = sum(figures["in_force_balance_fen"] for figures in lines.values())
    rows = []
    for member in registry.members():
        figures = lines.get(member.code, _empty())
        rows.append(
            {
                "key": member.code,
                "label": member.name,
                "url": with_day(reverse("console:member", args=[member.code]), day),
                "scope": member.get_reporting_scope_display(),
                "trouble": trouble.get(member.code, ""),
                "share": share(figures["in_force_balance_fen"], whole),
                "rate": compensation_rate(figures),
                **figures,
            }
        )
    return sorted(rows, key=lambda row: (-row["in_force_balance_fen"], row["key"]))


def _empty() -> dict[str, int]:
    return dict.fromkeys((*_NOTHING, "in_force_balance_fen", "in_force_count", "in_force_ceded_fen"), 0)


@needs("monitoring.view")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One member: its figures, its cover, its treaties and latest filings."""
    day = asked_day(request)
    member = registry.institution(code)
    wanted = queries.Wanted(member=member.code)
    total = queries.totals(wanted=wanted, as_of=day)
    held = next((one for one in queries.members() if one.code == member.code), None)
    latest = list(filings.listing(member_code=member.code)[:_FILINGS_SHOWN]) if may(request.user, "filings.view") else []
    context = {
        "title": member.name,
        "day": day,
        "is_today": day == today(),
        "member": member,
        "region": region_label(member.region_code),
        "held": held,
        "fresh": freshness(),
        "total": total,
        "rate": compensation_rate(total),
        "ceded_share": share(total["in_force_ceded_fen"], total["in_force_guaranteed_fen"]),
        "coverage": [_cover(member.code, key, total, day) for key in queries.COVERAGES],
        "urls": _urls(wanted, day),
        "treaties": treaties.listing(today=today(), member_code=member.code) if may(request.user, "treaties.view") else [],
        "filings": latest,
        "filings_url": f"{reverse('console:filings')}?member_code={member.code}",
        "may_resync": may(request.user, "monitoring.resync"),
    }
    return render(request, "console/members/detail.html", context)


def _cover(member: str, key: str, total: dict[str, int], day: date) -> dict[str, Any]:
    """Covered, partly or not covered of this member; the same row as on the consolidated page."""
    wanted = queries.Wanted(member=member, coverage=key)
    figures = queries.totals(wanted=wanted, as_of=day)
    line = queries.Line(key, queries.coverage_label(key), wanted.parameters(), figures)
    return cover(line, total["in_force_guaranteed_fen"], day)


def _urls(wanted: queries.Wanted, day: date) -> dict[str, str]:
    parameters = wanted.parameters()
    return {
        "in_force": rows_url(parameters, day, in_force="1"),
        "all": rows_url(parameters, day),
        "compensated": rows_url(parameters, day, state="COMPENSATED"),
        "released": rows_url(parameters, day, state="RELEASED"),
    }


@needs("monitoring.resync")
@posted
def resync(request: HttpRequest, code: str) -> HttpResponse:
    """Have every guarantee of a member read again; done in the background."""
    services.resync(actor=request.user, today=today(), member=code)
    text = _("All guarantees of %(member)s are being read again.") % {"member": code}
    return saved(request, came_from(request, reverse("console:member", args=[code])), text)
