"""Coverage of the whole book: covered, partly, not, each reason with its amounts, and the guarantees behind it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.lists import Column, DayColumn, MoneyColumn, SearchFilter, StateColumn, Table, list_page
from desks.institutions import named
from kernel.access.permissions import needs
from reguarantee.console.forms import DayForm
from reguarantee.console.pages import asked_day, day_words, with_day
from reguarantee.console.tables.book import CoverageColumn
from reguarantee.console.tables.business import Filters
from reguarantee.console.words import share
from reguarantee.monitoring import queries

_SUMMED = ("count", "guaranteed_fen", "covered_fen", "uncovered_fen", "ceded_fen")


class CoverTable(Table):
    number = Column(verbose_name=gettext_lazy("Number"), css="number", note=named("member_code"))
    customer_name = Column(verbose_name=gettext_lazy("Customer"), note="bank_name")
    guaranteed_fen = MoneyColumn(verbose_name=gettext_lazy("Guaranteed"))
    ceded_fen = MoneyColumn(verbose_name=gettext_lazy("Ceded"))
    uncovered_fen = MoneyColumn(verbose_name=gettext_lazy("Not covered"))
    state = StateColumn(verbose_name=gettext_lazy("State"), labels=queries.STATES)
    coverage = CoverageColumn(verbose_name=gettext_lazy("Coverage"), labels=queries.COVERAGES)
    reason_code = Column(verbose_name=gettext_lazy("Reason"))
    approved_on = DayColumn(verbose_name=gettext_lazy("Approved on"))

    def render_number(self, value: str, record: Any) -> Any:
        """The filing where there is one, else the guarantee in the book."""
        url = reverse("console:guarantee", args=[record.member_code, record.guarantee_id])
        if record.filing_id:
            url = reverse("console:filing", args=[record.filing_id])
        return format_html('<a data-row href="{}">{}</a>', url, value)

    def render_reason_code(self, value: str) -> str:
        return str(queries.COVER_REASONS.get(value, value))

    value_reason_code = render_reason_code


def _members() -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.name}") for one in queries.members()]


class CoverFilter(Filters):
    rows = {"member_code": _members}

    q = SearchFilter(fields=["number", "customer_name"], placeholder=gettext_lazy("Number, customer"))
    coverage = django_filters.ChoiceFilter(choices=list(queries.COVERAGES.items()), label=gettext_lazy("Coverage"))
    reason_code = django_filters.ChoiceFilter(choices=list(queries.COVER_REASONS.items()), label=gettext_lazy("Reason"))
    member_code = django_filters.ChoiceFilter(label=gettext_lazy("Member"))
    as_of = django_filters.CharFilter(method="as_it_is", widget=forms.HiddenInput)

    def as_it_is(self, rows: Any, name: str, value: str) -> Any:
        """The day travels along with the filters; the view has applied it."""
        return rows


@needs("monitoring.view")
def overview(request: HttpRequest) -> HttpResponse:
    """The three states with their reasons as of a day; together they are the whole."""
    day = asked_day(request)
    found = queries.by_reason(as_of=day)
    whole = sum(row.figures["guaranteed_fen"] for row in found)
    groups = []
    for code, label in queries.COVERAGES.items():
        rows = [row for row in found if row.coverage == code]
        sums = {name: sum(row.figures[name] for row in rows) for name in _SUMMED}
        reasons = [
            {"label": row.label, "todo": row.todo, "url": _url(day, coverage=code, reason_code=row.reason_code), **row.figures}
            for row in rows
        ]
        groups.append(
            {
                "code": code, "label": label, "url": _url(day, coverage=code), "rows": reasons,
                "share": share(sums["guaranteed_fen"], whole), **sums,
            }
        )  # fmt: skip
    context = {
        "title": _("Coverage"), "day": day, "day_form": DayForm(initial={"as_of": day}), "groups": groups,
        "total": {name: sum(group[name] for group in groups) for name in _SUMMED},
        "members": [
            {**row, "url": _url(day, member_code=row["member_code"]), "share": share(row["COVERED"], row["guaranteed_fen"])}
            for row in queries.by_member(as_of=day)
        ],
    }  # fmt: skip
    return render(request, "console/filings/coverage.html", context)


@needs("monitoring.view")
def rows(request: HttpRequest) -> HttpResponse:
    """The guarantees behind a figure of the coverage page, on its day."""
    day = asked_day(request)
    listed = queries.covers(as_of=day).order_by("-approved_on", "member_code", "guarantee_id")
    return list_page(
        request, title=_("Coverage on %(day)s") % {"day": day}, table=CoverTable, rows=listed, filterset=CoverFilter,
        actions=[{"label": _("Coverage"), "url": with_day(reverse("console:coverage"), day), "icon": "umbrella"}],
    )  # fmt: skip


def _url(day: Any, **words: str) -> str:
    return f"{reverse('console:coverage_rows')}?{urlencode({'q': '', **words, **day_words(day)})}"
