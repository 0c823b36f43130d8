"""From a figure to the guarantees behind it, and one guarantee as the group sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import say
from design.lists.export import spreadsheet
from desks.words import region_label
from kernel.access.permissions import may, needs
from kernel.errors import DomainError
from reguarantee.console.forms import NOT_STATED, RowsForm
from reguarantee.console.pages import asked_day, day_words, today
from reguarantee.console.tables.book import RowTable
from reguarantee.console.views.filings import decided
from reguarantee.console.words import product, share
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries

_SIZE = 50
_EXPORTED, _PORTION = 10_000, 5_000
"""A spreadsheet takes so many rows, read in portions: more is a matter for the database, not for a browser."""


@needs("monitoring.view")
def listing(request: HttpRequest) -> HttpResponse:
    """Guarantees by any combination of filters, the latest approved first, with the totals of all that are wanted."""
    asked = _asked(request)
    refusal, day, wanted = "", today(), queries.Wanted()
    try:
        day = asked_day(request)
        wanted = queries.Wanted.of(asked)
        if request.GET.get("_export") == "xlsx":
            return _export(request, wanted, day)
        page = queries.guarantees(wanted=wanted, as_of=day, after=asked.get("after", ""), size=_SIZE)
    except DomainError as bad:
        refusal = say(bad)
        page = queries.guarantees(wanted=wanted, as_of=day, size=_SIZE)
    return _listed(request, wanted, day, page, refusal)


def _asked(request: HttpRequest) -> dict[str, str]:
    """The parameters of a link, or of the filter form: there an empty choice means all, and NONE means without a value."""
    asked = request.GET.dict()
    if "form" not in asked:
        return asked
    return {name: "" if value == NOT_STATED else value for name, value in asked.items() if value}


def _listed(request: HttpRequest, wanted: queries.Wanted, day: date, page: queries.Page, refusal: str) -> HttpResponse:
    words = {**wanted.parameters(), **day_words(day)}
    form = RowsForm(initial=wanted.parameters())
    context = {
        "title": _("Guarantees"),
        "day": day,
        "refusal": refusal,
        "filter": {"form": form},
        "asked_day": day_words(day).get("as_of", ""),
        # What a link narrowed and no control of the form holds travels along.
        "month": wanted.month,
        "has_region": wanted.region is not None,
        "region": NOT_STATED if wanted.region == "" else wanted.region,
        "chips": _chips(wanted),
        "table": RowTable(page.rows, request=request, day=day),
        "totals": queries.totals(wanted=wanted, as_of=day),
        "following": f"?{urlencode({**words, 'after': page.following})}" if page.following else "",
        "first": f"?{urlencode(words)}" if "after" in request.GET else "",
        "export": f"?{urlencode({**words, '_export': 'xlsx'})}",
        "filtered": bool(words),
        "exported": _EXPORTED,
    }
    partial = request.headers.get("HX-Target", "") in ("list", "div#list")
    template = "console/book/rows.html" if partial else "console/book/guarantees.html"
    return render(request, template, context, status=422 if refusal else 200)


def _chips(wanted: queries.Wanted) -> list[str]:
    """What the list is narrowed to, in words."""
    words: dict[str, tuple[str, Callable[[str], str]]] = {
        "member": (_("Member"), str),
        "bank": (_("Bank"), str),
        "industry": (_("Industry"), queries.industry_label),
        "region": (_("Region"), region_label),
        "month": (_("Month"), str),
        "product": (_("Product"), str),
        "state": (_("State"), queries.state_label),
        "coverage": (_("Coverage"), queries.coverage_label),
    }
    return [f"{words[name][0]}: {words[name][1](value)}" for name, value in wanted.parameters().items() if name in words]


def _export(request: HttpRequest, wanted: queries.Wanted, day: date) -> HttpResponse:
    rows: list[dict[str, Any]] = []
    after = ""
    while len(rows) < _EXPORTED:
        page = queries.guarantees(wanted=wanted, as_of=day, after=after, size=_PORTION)
        rows += page.rows
        after = page.following
        if not after:
            break
    return spreadsheet(request, RowTable(rows, request=request, day=day), _("Guarantees on %(day)s") % {"day": day})


@needs("monitoring.view")
def bank_options(request: HttpRequest) -> JsonResponse:
    """Banks of the book by a part of their name, the largest first."""
    words = request.GET.get("q", "").strip().lower()
    found = [line.label for line in queries.lines(by="bank", as_of=today()) if words in line.label.lower()]
    return JsonResponse([{"value": name, "text": name} for name in found[:30]], safe=False)


@needs("monitoring.view")
def detail(request: HttpRequest, member: str, pk: int) -> HttpResponse:
    """One guarantee: what the member reports, how its balance moved, and what the group made of its filing."""
    day = asked_day(request)
    row = queries.guarantee(member=member, guarantee_id=pk, as_of=day)
    filing = filings.of(row["member_code"], pk)
    context = {
        "title": row["customer_name"],
        "day": day,
        "is_today": not day_words(day),
        "row": row,
        "state": queries.state_label(row["state"]),
        "coverage": queries.coverage_label(row["coverage"]),
        "industry": queries.industry_label(row["industry"]),
        "region": region_label(row["region_code"]),
        "product": product(row["product_code"]),
        "share": share(row["guaranteed_fen"], row["loan_fen"]),
        "movements": row["movements"],
        "filing": filing,
        "may_open": may(request.user, "filings.view"),
        "events": decided(filing) if filing else [],
        "member_url": reverse("console:member", args=[row["member_code"]]),
    }
    return render(request, "console/book/guarantee.html", context)
