"""Accounts current: the list, one with its rows, its paper; the breaks that the nightly comparison named."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.lists import (
    Column,
    DayColumn,
    DayRangeFilter,
    LinkColumn,
    MoneyColumn,
    OnlyFilter,
    SearchFilter,
    StateColumn,
    Table,
    list_page,
)
from desks.institutions import InstitutionColumn
from desks.money.words import BREAKS, purpose
from kernel.access.permissions import may, needs
from reguarantee.console.pages import today
from reguarantee.settlements import papers, queries

_SEE = "settlements.view"


class StatementTable(Table):
    number = LinkColumn("console:settlement", args=[A("pk")], verbose_name=gettext_lazy("Number"), note="period")
    counterparty = InstitutionColumn(verbose_name=gettext_lazy("Counterparty"))
    state = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.STATES))
    opening_fen = MoneyColumn(verbose_name=gettext_lazy("Opening balance"))
    closing_fen = MoneyColumn(verbose_name=gettext_lazy("Closing balance"))
    lines = Column(verbose_name=gettext_lazy("Number of rows"), css="num")
    confirm_by = DayColumn(verbose_name=gettext_lazy("Confirm by"))


class StatementFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "counterparty", "period"], placeholder=gettext_lazy("Number, counterparty, period"))
    state = django_filters.ChoiceFilter(choices=queries.STATES, label=gettext_lazy("State"))
    kind = django_filters.ChoiceFilter(choices=queries.KINDS, label=gettext_lazy("Kind"))
    to = DayRangeFilter(field_name="to_on", label=gettext_lazy("Period until"))


@needs(_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """Who owes whom now, over all accounts current."""
    actions = []
    if may(request.user, "settlements.draft"):
        url = reverse("console:settlement_new")
        actions = [{"label": _("Draft an account current"), "url": url, "icon": "plus", "primary": True}]
    context = {"accounts": queries.accounts(today=today()), "money_url": reverse("console:money")}
    return list_page(
        request, title=_("Accounts current"), table=StatementTable, rows=queries.listing(), filterset=StatementFilter,
        actions=actions, template="console/settlements/list.html", context=context,
    )  # fmt: skip


@needs(_SEE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    statement = queries.get(pk)
    rows, balance = [], statement.opening_fen
    for row in queries.rows(pk):
        balance += row.due_fen - row.moved_fen
        rows.append({"row": row, "purpose": purpose(row.purpose), "balance": balance})
    user = request.user
    context = {
        "title": f"{statement.counterparty} · {statement.period}",
        "statement": statement,
        "rows": rows,
        "disputes": queries.disputes(statement),
        "open": queries.open_dues(statement),
        "events": queries.events(statement),
        "next": _next(statement),
        "may_draft": may(user, "settlements.draft"),
        "may_lock": may(user, "settlements.lock") and statement.drafted_by_id != user.id,
        "on_paper": statement.kind == "FUND",
    }
    return render(request, "console/settlements/detail.html", context)


def _next(statement: Any) -> str:
    """One sentence that says what has to happen now."""
    day = {"on": statement.confirm_by}
    return {
        "DRAFTED": _("Look through the rows, then send it to the other side."),
        "ISSUED": _("The other side confirms it by %(on)s.") % day,
        "DISPUTED": _("The other side does not know some rows. Mend them, then gather the rows anew."),
        "CONFIRMED": _("Another person than the one who drafted it locks the period."),
        "LOCKED": _("The period is closed. It is paid when nothing of its rows is open."),
        "PAID": _("Nothing is left to do."),
    }[statement.state]


@needs(_SEE)
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The account current as PDF."""
    statement = queries.get(pk)
    response = HttpResponse(papers.statement(statement, list(queries.rows(pk))), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{statement.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


class BreakTable(Table):
    key = Column(verbose_name=gettext_lazy("Due"), note="purpose")
    counterparty = InstitutionColumn(verbose_name=gettext_lazy("Counterparty"))
    code = StateColumn(verbose_name=gettext_lazy("Break"), labels=BREAKS)
    expected_fen = MoneyColumn(verbose_name=gettext_lazy("Expected"))
    reported_fen = MoneyColumn(verbose_name=gettext_lazy("Reported"))
    moved_fen = MoneyColumn(verbose_name=gettext_lazy("Moved"))
    found_on = DayColumn(verbose_name=gettext_lazy("Found on"))
    cleared_on = DayColumn(verbose_name=gettext_lazy("Cleared on"))


def _open(rows: Any, _name: str, value: Any) -> Any:
    return rows.filter(cleared_on=None) if value else rows


class BreakFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["key", "counterparty"], placeholder=gettext_lazy("Key, counterparty"))
    code = django_filters.ChoiceFilter(choices=list(BREAKS.items()), label=gettext_lazy("Break"))
    open = OnlyFilter(gettext_lazy("Only open ones"), method=_open, label=gettext_lazy("Still open"))


@needs(_SEE)
def breaks(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Breaks by night"), table=BreakTable, rows=queries.breaks(open_only=False), filterset=BreakFilter
    )  # fmt: skip
