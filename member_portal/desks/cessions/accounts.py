"""The group's accounts current: compared with our own books, confirmed or disputed row by row."""

from __future__ import annotations

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table, list_page
from desks.pages import acted, form_page, posted, sent, today
from kernel.access.permissions import may, needs
from member_portal.desks.cessions.disputing import DisputeForm
from tenants.cessions import queries, services


class AccountTable(Table):
    number = LinkColumn("portal:account", args=[A("pk")], verbose_name=gettext_lazy("Number"))
    period = Column(verbose_name=gettext_lazy("Period"))
    opening_fen = MoneyColumn(verbose_name=gettext_lazy("Opening"))
    closing_fen = MoneyColumn(verbose_name=gettext_lazy("Closing"))
    confirm_by = DayColumn(verbose_name=gettext_lazy("Confirm by"))
    status = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.STATEMENT_STATUSES))
    answer = StateColumn(verbose_name=gettext_lazy("Our answer"), labels=dict(queries.ANSWERS))


class AccountFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "period"], placeholder=gettext_lazy("Number, period"))
    status = django_filters.ChoiceFilter(choices=queries.STATEMENT_STATUSES, label=gettext_lazy("State"))


@needs("cessions.view")
def listing(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Accounts current"), table=AccountTable, rows=queries.statements(), filterset=AccountFilter,
        template="portal/cessions/list.html", context={"banner": queries.banner()},
    )  # fmt: skip


@needs("cessions.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.statement(pk)
    rows = queries.compared(row)
    context = {
        "title": _("Account current of %(period)s") % {"period": row.period},
        "row": row,
        "rows": rows,
        "doubtful": sum(not entry.agrees for entry in rows),
        "may_answer": row.status == "DRAFTED" and not row.answer and may(request.user, "cessions.answer"),
        "banner": queries.banner(),
    }
    return render(request, "portal/cessions/account.html", context)


@needs("cessions.answer")
@posted
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    services.answer_statement(actor=request.user, today=today(), statement_id=pk)
    return saved(request, reverse("portal:account", args=[pk]), _("Confirmed."))


@needs("cessions.answer")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.statement(pk)
    form = DisputeForm(sent(request), queries.compared(row), "key")
    if acted(request, form, services.answer_statement, statement_id=pk):
        return saved(request, reverse("portal:account", args=[pk]), _("Told to the group. It answers each row."))
    return form_page(
        request,
        "portal/cessions/dispute.html",
        form,
        title=_("Dispute rows of %(number)s") % {"number": row.number},
        back=reverse("portal:account", args=[pk]),
    )
