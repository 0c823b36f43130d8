"""The nightly proof that the book equals what the members publish, and the rows where it did not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from design.lists import list_page
from design.templatetags.design import minute
from kernel.access.permissions import may, needs
from kernel.errors import NotFound
from reguarantee.console.tables.book import BreakTable, ComparisonTable
from reguarantee.console.views.book import freshness
from reguarantee.monitoring import queries


@needs("monitoring.view")
def listing(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Comparison"), table=ComparisonTable, rows=queries.comparisons(),
        template="console/members/comparisons.html",
        context={"fresh": freshness(), "may_resync": may(request.user, "monitoring.resync")},
    )  # fmt: skip


@needs("monitoring.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The breaks of one comparison, each with what the member has and what the book holds."""
    found = queries.comparisons().filter(pk=pk).first()
    if found is None:
        raise NotFound
    rows = queries.breaks(pk)
    broken = sorted({row.member_code for row in rows if row.member_code})
    return list_page(
        request, title=_("Comparison of %(at)s") % {"at": minute(found.at)}, table=BreakTable, rows=rows,
        template="console/members/comparison.html",
        context={"comparison": found, "broken": broken, "may_resync": may(request.user, "monitoring.resync")},
    )  # fmt: skip
