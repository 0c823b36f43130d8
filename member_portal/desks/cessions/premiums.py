"""The group's premium lists: compared with our own guarantees, confirmed or disputed row by row."""

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


class PremiumListTable(Table):
    number = LinkColumn("portal:premium_list", args=[A("pk")], verbose_name=gettext_lazy("Number"))
    period = Column(verbose_name=gettext_lazy("Month"))
    count = Column(verbose_name=gettext_lazy("Entries"), css="num")
    premium_fen = MoneyColumn(verbose_name=gettext_lazy("Premium"))
    disputed = Column(verbose_name=gettext_lazy("Disputed"), css="num")
    confirm_by = DayColumn(verbose_name=gettext_lazy("Confirm by"))
    state = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.LIST_STATES))
    answered_by = Column(verbose_name=gettext_lazy("Answered by"))


class PremiumListFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "period"], placeholder=gettext_lazy("Number, month"))
    state = django_filters.ChoiceFilter(choices=queries.LIST_STATES, label=gettext_lazy("State"))


@needs("cessions.view")
def listing(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Premium lists"), table=PremiumListTable, rows=queries.lists(), filterset=PremiumListFilter,
        template="portal/cessions/list.html", context={"banner": queries.banner()},
    )  # fmt: skip


@needs("cessions.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.premium_list(pk)
    rows = queries.checked(row)
    context = {
        "title": _("Premiums of %(period)s") % {"period": row.period},
        "list": row,
        "rows": rows,
        "doubtful": sum(bool(entry.check) for entry in rows),
        "may_answer": row.state == "ISSUED" and may(request.user, "cessions.answer"),
        "banner": queries.banner(),
    }
    return render(request, "portal/cessions/premium_list.html", context)


@needs("cessions.answer")
@posted
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    services.answer_list(actor=request.user, today=today(), list_id=pk)
    return saved(request, reverse("portal:premium_list", args=[pk]), _("Confirmed."))


@needs("cessions.answer")
def dispute(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.premium_list(pk)
    form = DisputeForm(sent(request), queries.checked(row), "number")
    if acted(request, form, services.answer_list, list_id=pk):
        return saved(request, reverse("portal:premium_list", args=[pk]), _("Told to the group. It answers each row."))
    return form_page(
        request,
        "portal/cessions/dispute.html",
        form,
        title=_("Dispute rows of %(number)s") % {"number": row.number},
        back=reverse("portal:premium_list", args=[pk]),
        premiums=True,
    )
