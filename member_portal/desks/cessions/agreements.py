"""Our agreements with the group: the terms in sentences, who bears what, what is left of our line (AGR-23)."""

from __future__ import annotations

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table, list_page
from kernel.access.permissions import needs
from tenants.cessions import queries


class AgreementTable(Table):
    code = LinkColumn("portal:agreement", args=[A("pk")], verbose_name=gettext_lazy("Code"), note="title")
    version = Column(verbose_name=gettext_lazy("Version"), css="num")
    effective_from = DayColumn(verbose_name=gettext_lazy("From"))
    effective_to = DayColumn(verbose_name=gettext_lazy("Until"))
    line_fen = MoneyColumn(verbose_name=gettext_lazy("Our line of the year"))
    used_fen = MoneyColumn(verbose_name=gettext_lazy("Used"))
    left_fen = MoneyColumn(verbose_name=gettext_lazy("Left"), orderable=False)
    told_on = DayColumn(verbose_name=gettext_lazy("Told by the group on"))
    status = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.AGREEMENT_STATUSES))


class AgreementFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["code", "title"], placeholder=gettext_lazy("Code, title"))
    status = django_filters.ChoiceFilter(choices=queries.AGREEMENT_STATUSES, label=gettext_lazy("State"))


@needs("cessions.view")
def listing(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Agreements"), table=AgreementTable, rows=queries.agreements(), filterset=AgreementFilter,
        template="portal/cessions/list.html", context={"banner": queries.banner()},
    )  # fmt: skip


@needs("cessions.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.agreement(pk)
    shares, sentences = queries.wording(row)
    context = {"title": row.title, "row": row, "shares": shares, "sentences": sentences, "banner": queries.banner()}
    return render(request, "portal/cessions/agreement.html", context)
