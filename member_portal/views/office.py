"""What belongs to no single room: what the group sees of this member, and the search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.lists import list_page
from desks.office.search import Hit, Kind, answer
from kernel.access.permissions import needs, signed_in
from member_portal.pages import Request
from member_portal.tables.business import ReportedFilter, ReportedTable
from member_portal.tables.words import masked_code
from tenants.applications import queries as applications
from tenants.customers import queries as customers
from tenants.guarantees import queries as guarantees


@needs("reporting.view")
def reporting(request: Request) -> HttpResponse:
    """The published view itself: the very rows and columns that the group sees (design.md 3)."""
    rows = guarantees.reported(request.user)
    context = {
        "scope": guarantees.reporting_scope(),
        "total": rows.count(),
        "all": guarantees.book(request.user).count(),
    }
    return list_page(
        request, title=_("Reporting to the group"), table=ReportedTable, rows=rows, filterset=ReportedFilter,
        template="portal/office/reporting.html", context=context,
    )  # fmt: skip


@signed_in
def search(request: Request) -> HttpResponse:
    """Numbers and customers over everything the person may see."""
    return answer(request, _KINDS, _("A number of an application or guarantee, a customer, an identity code, a bank reference."))


def _guarantees(user: Any, words: str, limit: int) -> Iterable[Hit]:
    for row in guarantees.find(user, q=words)[:limit]:
        url = reverse("portal:guarantee", args=[row.pk])
        yield Hit(row.number, url, row.customer.name, row.state, row.get_state_display(), row.guaranteed_fen)


def _applications(user: Any, words: str, limit: int) -> Iterable[Hit]:
    for row in applications.find(user, q=words)[:limit]:
        url = reverse("portal:application", args=[row.pk])
        yield Hit(row.number, url, row.customer.name, row.state, row.get_state_display(), row.amount_fen)


def _customers(user: Any, words: str, limit: int) -> Iterable[Hit]:
    for row in customers.find(user, q=words)[:limit]:
        yield Hit(row.name, reverse("portal:customer", args=[row.pk]), masked_code(row), row.status, row.get_status_display())


_KINDS = (
    Kind(gettext_lazy("Guarantees"), "guarantees.view", "guarantees", _guarantees),
    Kind(gettext_lazy("Applications"), "applications.view", "applications", _applications),
    Kind(gettext_lazy("Customers"), "customers.view", "customers", _customers),
)
