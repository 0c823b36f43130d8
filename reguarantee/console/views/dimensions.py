"""All keys of one dimension of the book; a key opens its guarantees."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.lists import Table, list_page
from desks.words import region_label
from kernel.access.permissions import needs
from reguarantee.console.pages import asked_day, rows_url, today
from reguarantee.console.tables.book import DimensionTable, LineFilter
from reguarantee.console.words import compensation_rate, share
from reguarantee.monitoring import queries

TITLES = {
    "bank": gettext_lazy("The book by bank"),
    "industry": gettext_lazy("The book by industry"),
    "region": gettext_lazy("The book by region"),
    "month": gettext_lazy("The book by month of approval"),
    "coverage": gettext_lazy("The book by coverage"),
}


@needs("monitoring.view")
def listing(request: HttpRequest, by: str) -> HttpResponse:
    if by not in TITLES:
        raise Http404
    day = asked_day(request)
    return day_list(request, DimensionTable, dimension_rows(by, day), title=TITLES[by], day=day)


def dimension_rows(by: str, day: date) -> list[dict[str, Any]]:
    """The keys of a dimension as rows of a table: figures, share of the balance, and the way to the guarantees."""
    lines = queries.lines(by=by, as_of=day)
    whole = sum(line.figures["in_force_balance_fen"] for line in lines)
    return [
        {
            "key": line.key,
            "label": (region_label(line.key) if by == "region" else line.label) or _("Not stated"),
            "url": rows_url(line.wanted, day),
            "share": share(line.figures["in_force_balance_fen"], whole),
            "rate": compensation_rate(line.figures),
            **line.figures,
        }
        for line in lines
    ]


def day_list(request: HttpRequest, table: type[Table], rows: list[dict[str, Any]], *, title: Any, day: date) -> HttpResponse:
    """A list of figures of a day, with the totals of the rows that the filter left."""
    left = LineFilter(request.GET, queryset=rows, request=request).qs
    names = ("in_force_balance_fen", "in_force_count", "in_force_ceded_fen", "guaranteed_fen", "compensation_fen")
    totals = {name: sum(row[name] for row in left) for name in names}
    return list_page(
        request, title=title, table=table, rows=rows, filterset=LineFilter, template="console/book/dimension.html", per_page=50,
        context={"day": day, "is_today": day == today(), "totals": totals},
    )  # fmt: skip
