"""What belongs to no single room: what the group sees of this member, and the search."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.lists import list_page
from kernel.access.permissions import may, needs, signed_in
from member_portal.pages import Request
from member_portal.tables.business import ReportedFilter, ReportedTable
from member_portal.tables.words import masked_code
from tenants.applications import queries as applications
from tenants.customers import queries as customers
from tenants.guarantees import queries as guarantees

_FOUND = 8


@needs("reporting.view")
def reporting(request: Request) -> HttpResponse:
    """The published view itself: the very rows and columns that the group sees (design.md 3)."""
    context = {
        "scope": guarantees.reporting_scope(),
        "total": guarantees.reported().count(),
        "all": guarantees.book(request.user).count(),
    }
    return list_page(
        request, title=_("Reporting to the group"), table=ReportedTable, rows=guarantees.reported(), filterset=ReportedFilter,
        template="portal/office/reporting.html", context=context,
    )  # fmt: skip


@signed_in
def search(request: Request) -> HttpResponse:
    """Numbers and customers over everything the person may see; a whole number opens its page at once."""
    words = request.GET.get("q", "").strip()
    found = _found(request.user, words) if words else []
    exact = [hit["url"] for part in found for hit in part["hits"] if hit["title"] == words]
    if len(exact) == 1:
        return HttpResponseRedirect(exact[0])
    context = {
        "title": _("Search"),
        "words": words,
        "search_words": words,
        "found": found,
        "total": sum(part["count"] for part in found),
    }
    return render(request, "portal/office/search.html", context)


def _found(user: Any, words: str) -> list[dict[str, Any]]:
    parts = (
        ("guarantees.view", _("Guarantees"), guarantees.find, "portal:guarantees", _guarantee),
        ("applications.view", _("Applications"), applications.find, "portal:applications", _application),
        ("customers.view", _("Customers"), customers.find, "portal:customers", _customer),
    )
    told = []
    for code, label, find, view, hit in parts:
        if may(user, code):
            rows = find(user, q=words)
            hits = [hit(row) for row in rows[:_FOUND]]
            told.append(
                {"label": label, "hits": hits, "count": rows.count() if len(hits) == _FOUND else len(hits), "url": reverse(view)}
            )
    return told


def _guarantee(row: Any) -> dict[str, Any]:
    url = reverse("portal:guarantee", args=[row.pk])
    return {
        "title": row.number,
        "url": url,
        "note": row.customer.name,
        "fen": row.guaranteed_fen,
        "state": row.state,
        "label": row.get_state_display(),
    }


def _application(row: Any) -> dict[str, Any]:
    url = reverse("portal:application", args=[row.pk])
    return {
        "title": row.number,
        "url": url,
        "note": row.customer.name,
        "fen": row.amount_fen,
        "state": row.state,
        "label": row.get_state_display(),
    }


def _customer(row: Any) -> dict[str, Any]:
    url = reverse("portal:customer", args=[row.pk])
    return {
        "title": row.name,
        "url": url,
        "note": masked_code(row),
        "fen": None,
        "state": row.status,
        "label": row.get_status_display(),
    }
