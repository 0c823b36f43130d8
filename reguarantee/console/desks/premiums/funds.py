"""The funds' part of premiums with its bordereaux, and subsidies of the state (FEE-38)."""

from __future__ import annotations

from datetime import timedelta

import django_filters
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, RateColumn, SearchFilter, Table, list_page
from desks.institutions import InstitutionColumn, name
from desks.pages import acted, form_page, sent, today
from kernel.access.permissions import may, needs
from reguarantee.console.desks.premiums.forms import CloseForm, SubsidyForm
from reguarantee.premiums import queries, services

_FORM = "console/premiums/form.html"


class BordereauTable(Table):
    period = LinkColumn("console:premium_bordereau", verbose_name=gettext_lazy("Period"))
    party = InstitutionColumn(verbose_name=gettext_lazy("Fund"))
    rows = Column(verbose_name=gettext_lazy("Entries"), css="num")
    fen = MoneyColumn(verbose_name=gettext_lazy("To pay"))
    moved_fen = MoneyColumn(verbose_name=gettext_lazy("Paid so far"), orderable=False)
    closed_on = DayColumn(verbose_name=gettext_lazy("Closed on"))
    due_on = DayColumn(verbose_name=gettext_lazy("Due"))


class BordereauFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["party", "period"], placeholder=gettext_lazy("Fund, period"))


class PartTable(Table):
    number = LinkColumn(
        "console:premium_item", args=[A("item_id")], accessor="item__filing__number", verbose_name=gettext_lazy("Guarantee"),
        note="item__filing__member_code",
    )  # fmt: skip
    obligor = Column(accessor="item__filing__obligor_name", verbose_name=gettext_lazy("Obligor"))
    period = Column(accessor="item__list__period", verbose_name=gettext_lazy("Month"), css="number")
    first = DayColumn(accessor="item__first", verbose_name=gettext_lazy("From"))
    last = DayColumn(accessor="item__last", verbose_name=gettext_lazy("Until"))
    ceded_fen = MoneyColumn(verbose_name=gettext_lazy("Fund bears"))
    rate = RateColumn(verbose_name=gettext_lazy("Rate per year"))
    fen = MoneyColumn(verbose_name=gettext_lazy("Premium"))


class PartFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["item__filing__number", "item__filing__obligor_name"], placeholder=gettext_lazy("Number, obligor"))


class SubsidyTable(Table):
    number = Column(verbose_name=gettext_lazy("Number"), note="payer_name")
    period = Column(verbose_name=gettext_lazy("Period"), css="number")
    rows = Column(verbose_name=gettext_lazy("Entries"), css="num")
    fen = MoneyColumn(verbose_name=gettext_lazy("Claimed"))
    moved_fen = MoneyColumn(verbose_name=gettext_lazy("Received"), orderable=False)
    claimed_on = DayColumn(verbose_name=gettext_lazy("Claimed on"))
    claimed_by = Column(verbose_name=gettext_lazy("Claimed by"))


class SubsidyFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "payer_name", "period"], placeholder=gettext_lazy("Number, payer, period"))


class SubsidyRowTable(Table):
    number = LinkColumn(
        "console:filing", args=[A("filing_id")], accessor="filing__number", verbose_name=gettext_lazy("Guarantee"),
        note="filing__member_code",
    )  # fmt: skip
    claim = Column(accessor="subsidy__number", verbose_name=gettext_lazy("Claim number"))
    period = Column(accessor="subsidy__period", verbose_name=gettext_lazy("Period"), css="number")
    premium_fen = MoneyColumn(verbose_name=gettext_lazy("Premium"))
    fen = MoneyColumn(verbose_name=gettext_lazy("Subsidy"))
    received_fen = MoneyColumn(verbose_name=gettext_lazy("Received"), orderable=False)


class SubsidyRowFilter(django_filters.FilterSet):
    q = SearchFilter(
        fields=["filing__number", "subsidy__number", "subsidy__period"], placeholder=gettext_lazy("Guarantee, claim")
    )


@needs("premiums.view")
def listing(request: HttpRequest) -> HttpResponse:
    actions = [{"label": _("Subsidies"), "url": reverse("console:premium_subsidies"), "icon": "gift"}]
    if may(request.user, "premiums.bill"):
        url = reverse("console:premium_fund_close")
        actions.append({"label": _("Close a period"), "url": url, "icon": "lock", "primary": True})
    return list_page(
        request, title=_("Premiums passed on to funds"), table=BordereauTable, rows=queries.bordereaux(),
        filterset=BordereauFilter, actions=actions,
    )  # fmt: skip


@needs("premiums.bill")
def close(request: HttpRequest) -> HttpResponse:
    before = today().replace(day=1) - timedelta(days=1)
    waiting = queries.parts_waiting()
    initial = {"party": waiting[0]["party"] if waiting else "", "period": services.billing_period(before)}
    form = CloseForm(sent(request), initial=initial, funds=[row["party"] for row in waiting])
    if acted(request, form, services.close_fund):
        if form.made is None:
            return saved(request, reverse("console:premium_funds"), _("Nothing waits for this fund."))
        return saved(request, reverse("console:premium_bordereau", args=[form.made.pk]), _("Closed."))
    return form_page(
        request, _FORM, form, title=_("Close a period"), submit=_("Close a period"), back=reverse("console:premium_funds")
    )


@needs("premiums.view")
def bordereau(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.bordereau(pk)
    title = _("Bordereau %(party)s %(period)s") % {"party": name(row.party), "period": row.period}
    return list_page(request, title=title, table=PartTable, rows=queries.parts(pk), filterset=PartFilter)


@needs("premiums.view")
def subsidies(request: HttpRequest) -> HttpResponse:
    actions = [{"label": _("By guarantee"), "url": reverse("console:premium_subsidy_rows"), "icon": "list"}]
    if may(request.user, "premiums.bill"):
        url = reverse("console:premium_subsidy_claim")
        actions.append({"label": _("Claim a subsidy"), "url": url, "icon": "plus", "primary": True})
    return list_page(
        request, title=_("Subsidies of premiums"), table=SubsidyTable, rows=queries.subsidies(), filterset=SubsidyFilter,
        actions=actions,
    )  # fmt: skip


@needs("premiums.view")
def subsidy_rows(request: HttpRequest) -> HttpResponse:
    title = _("Subsidies by guarantee")
    return list_page(request, title=title, table=SubsidyRowTable, rows=queries.subsidy_lines(), filterset=SubsidyRowFilter)


@needs("premiums.bill")
def claim(request: HttpRequest) -> HttpResponse:
    form = SubsidyForm(sent(request))
    if acted(request, form, services.claim_subsidy):
        return saved(request, reverse("console:premium_subsidies"), _("Claimed. The receipt is expected."))
    return form_page(
        request, _FORM, form, title=_("Claim a subsidy"), submit=_("Claim a subsidy"), back=reverse("console:premium_subsidies")
    )
