"""Monthly lists: drawn up, sent, disputed, answered."""

from __future__ import annotations

from datetime import timedelta

import django_filters
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, StateColumn, Table, list_page
from desks.institutions import InstitutionColumn
from desks.pages import acted, dialog, form_page, posted, sent, today
from kernel.access.permissions import may, needs
from reguarantee.console.desks.premiums.forms import DrawForm, ResolveForm
from reguarantee.console.desks.premiums.overview import ROWS, ListFilter
from reguarantee.premiums import queries, services


class PremiumListTable(Table):
    number = LinkColumn("console:premium_list", args=[A("pk")], verbose_name=gettext_lazy("Number"))
    member_code = InstitutionColumn(verbose_name=gettext_lazy("Member"))
    period = Column(verbose_name=gettext_lazy("Month"), css="number")
    rows = Column(verbose_name=gettext_lazy("Entries"), css="num")
    premium_fen = MoneyColumn(verbose_name=gettext_lazy("Premium"))
    fund_fen = MoneyColumn(verbose_name=gettext_lazy("Part of the funds"))
    net_fen = MoneyColumn(verbose_name=gettext_lazy("Our own part"))
    state = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.LIST_STATES))
    disputed = Column(verbose_name=gettext_lazy("Disputed"), css="num")
    confirm_by = DayColumn(verbose_name=gettext_lazy("Confirm by"))


class PremiumListFilter(ListFilter):
    state = django_filters.ChoiceFilter(choices=queries.LIST_STATES, label=gettext_lazy("State"))
    period = django_filters.CharFilter(label=gettext_lazy("Month"))


@needs("premiums.view")
def listing(request: HttpRequest) -> HttpResponse:
    actions = []
    if may(request.user, "premiums.list"):
        actions = [{"label": _("Draw up a list"), "url": reverse("console:premium_draw"), "icon": "list-check", "primary": True}]
    return list_page(
        request, title=_("Premium lists"), table=PremiumListTable, rows=queries.lists(), filterset=PremiumListFilter,
        actions=actions,
    )  # fmt: skip


@needs("premiums.list")
def draw(request: HttpRequest) -> HttpResponse:
    month = today().replace(day=1) - timedelta(days=1)
    form = DrawForm(sent(request), initial={"period": f"{month:%Y-%m}"})
    if acted(request, form, services.draw_list):
        if form.made is None:
            return saved(request, reverse("console:premium_lists"), _("There is nothing to list for that month."))
        return saved(request, reverse("console:premium_list", args=[form.made.pk]), _("Drawn up."))
    back = reverse("console:premium_lists")
    return form_page(request, "console/premiums/form.html", form, title=_("Draw up a list"), submit=_("Draw up"), back=back)


@needs("premiums.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.premium_list(pk)
    over = services.month(row.period)[1] < today()
    context = {
        "title": _("Premiums of %(member)s, %(period)s") % {"member": row.member_code, "period": row.period},
        "list": row,
        # What is disputed stands first; a list charged by the day has thousands of rows.
        "items": Paginator(queries.items(list=pk).order_by("-dispute", "id"), ROWS).get_page(request.GET.get("page")),
        "over": over,
        "may_list": may(request.user, "premiums.list"),
        "may_issue": may(request.user, "premiums.list") and over and row.state in ("DRAFT", "DISPUTED") and not row.disputed,
    }
    return render(request, "console/premiums/list.html", context)


@needs("premiums.list")
@posted
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    services.issue_list(actor=request.user, today=today(), list_id=pk)
    return saved(request, reverse("console:premium_list", args=[pk]), _("Sent to the member."))


@needs("premiums.view")
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """How one premium was found."""
    row = queries.item(pk)
    context = {"title": _("Premium of %(number)s") % {"number": row.filing.number}, "item": row}
    return render(request, "console/premiums/item.html", context)


@needs("premiums.list")
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.item(pk)
    form = ResolveForm(sent(request))
    if acted(request, form, services.resolve, item_id=pk):
        return saved(request, reverse("console:premium_list", args=[row.list_id]), _("Answered."))
    title = _("Answer the dispute of %(number)s") % {"number": row.filing.number}
    return dialog(request, form, title=title, submit=_("Answer"))
