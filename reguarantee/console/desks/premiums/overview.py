"""What is due, paid, open and refunded; by member, by guarantee; and what will come."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import chart
from design.lists import Column, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table, list_page
from desks.institutions import named
from desks.pages import today
from kernel.access.permissions import may, needs
from reguarantee.console.desks.premiums.forms import member_choices
from reguarantee.premiums import queries


class PositionTable(Table):
    number = LinkColumn(
        "console:filing", args=[A("filing_id")], verbose_name=gettext_lazy("Guarantee"), note=named("member_code")
    )
    billed_fen = MoneyColumn(verbose_name=gettext_lazy("Billed"))
    credited_fen = MoneyColumn(verbose_name=gettext_lazy("Credited"))
    paid_fen = MoneyColumn(verbose_name=gettext_lazy("Paid so far"))
    open_fen = MoneyColumn(verbose_name=gettext_lazy("Still open"))
    late_fen = MoneyColumn(verbose_name=gettext_lazy("Overdue"))
    refunded_fen = MoneyColumn(verbose_name=gettext_lazy("Refunded"))
    listed_fen = MoneyColumn(verbose_name=gettext_lazy("Listed, not billed"))


class ExpectedTable(Table):
    number = LinkColumn(
        "console:filing", args=[A("filing_id")], verbose_name=gettext_lazy("Guarantee"), note=named("member_code")
    )
    month = Column(verbose_name=gettext_lazy("Month"), css="number")
    source = StateColumn(
        verbose_name=gettext_lazy("Where from"), labels={code: gettext_lazy(label) for code, label in queries.SOURCES}
    )
    fen = MoneyColumn(verbose_name=gettext_lazy("Premium"))


ROWS = 100
"""Rows of a list or bill on one page."""


class _RowsForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Guarantee"), required=False)
    member = forms.ChoiceField(label=gettext_lazy("Member"), required=False, choices=())


class Rows:
    """A filter of plain rows: `member` and words in the number."""

    form_class: type[forms.Form] = _RowsForm

    def __init__(self, data: Any, queryset: Any, request: Any) -> None:
        self.form = self.form_class(data)
        self.form.fields["member"].choices = [("", gettext_lazy("All members")), *member_choices()]
        member, words = (data or {}).get("member", ""), (data or {}).get("q", "")
        self.qs = [
            row for row in queryset if (not member or row.member_code == member) and (not words or words in row.number)
        ]  # fmt: skip


_AMOUNTS = ("open_fen", "late_fen", "paid_fen", "refunded_fen", "listed_fen")


class _PositionForm(_RowsForm):
    having = forms.ChoiceField(
        label=gettext_lazy("With an amount"),
        required=False,
        choices=[("", gettext_lazy("All")), *((name, PositionTable.base_columns[name].verbose_name) for name in _AMOUNTS)],
    )


class PositionFilter(Rows):
    """Also by what a guarantee has: something open, overdue, paid, refunded (FEE-16)."""

    form_class = _PositionForm

    def __init__(self, data: Any, queryset: Any, request: Any) -> None:
        super().__init__(data, queryset, request)
        name = (data or {}).get("having", "")
        if name in _AMOUNTS:
            self.qs = [row for row in self.qs if getattr(row, name)]


@needs("premiums.view")
def home(request: HttpRequest) -> HttpResponse:
    rows = queries.by_member(today=today())
    total = {name: sum(getattr(row, name) for row in rows) for name in ("open_fen", "late_fen", "listed_fen", "paid_fen")}
    context = {
        "title": _("Premiums"),
        "rows": rows,
        "total": total,
        "funds": queries.parts_waiting(),
        "waiting": queries.waiting(),
        "standards_waiting": queries.standards_waiting(),
        "may_list": may(request.user, "premiums.list"),
        "may_bill": may(request.user, "premiums.bill"),
    }
    return render(request, "console/premiums/home.html", context)


@needs("premiums.view")
def guarantees(request: HttpRequest) -> HttpResponse:
    rows = queries.by_guarantee(today=today())
    return list_page(request, title=_("Premiums by guarantee"), table=PositionTable, rows=rows, filterset=PositionFilter)


@needs("premiums.view")
def forecast(request: HttpRequest) -> HttpResponse:
    months = queries.by_month(queries.forecast(today=today()))
    link = reverse("console:premium_forecast_rows")
    rows = [
        {"month": month, "url": f"{link}?month={month}", "fen": [sums[code] for code, _label in queries.SOURCES],
         "total": sum(sums.values())}
        for month, sums in months
    ]  # fmt: skip
    labels = [_(label) for _code, label in queries.SOURCES]
    return render(request, "console/premiums/forecast.html", {"title": _("Income forecast"), "rows": rows, "labels": labels})


@needs("premiums.view")
def forecast_chart(request: HttpRequest) -> HttpResponse:
    months = queries.by_month(queries.forecast(today=today()))
    link = reverse("console:premium_forecast_rows")
    series = [
        {
            "name": _(label),
            "data": [{"value": Decimal(sums[code]) / 1_000_000, "url": f"{link}?month={month}"} for month, sums in months],
        }
        for code, label in queries.SOURCES
    ]
    return chart(kind="stack", categories=[month for month, _sums in months], unit=_("10k yuan"), series=series)


@needs("premiums.view")
def forecast_rows(request: HttpRequest) -> HttpResponse:
    """The guarantees behind a month of the forecast (`?month=2026-05`), or behind all."""
    month = request.GET.get("month", "")
    rows = [row for row in queries.forecast(today=today()) if not month or row.month == month]
    return list_page(request, title=_("Income forecast"), table=ExpectedTable, rows=rows, filterset=Rows)


class ListFilter(django_filters.FilterSet):
    """Words and states of lists and bills."""

    q = SearchFilter(fields=["number", "member_code"], placeholder=gettext_lazy("Number, member"))
