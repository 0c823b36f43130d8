"""Banks' monthly lists under the head-office scheme: received, compared row by row, confirmed (domain.md 5.6)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table, list_page
from desks.institutions import InstitutionColumn, named
from desks.pages import acted, form_page, posted, sent, today
from kernel.access.permissions import may, needs
from registry import queries as registry
from reguarantee.console.desks.filings.forms import ListForm
from reguarantee.filings import services
from reguarantee.filings.queries import figures


class ListTable(Table):
    number = LinkColumn("console:filing_list", args=[A("pk")], verbose_name=gettext_lazy("Number"), note="name")
    bank_code = InstitutionColumn(verbose_name=gettext_lazy("Bank"))
    period = Column(verbose_name=gettext_lazy("Month"), css="number")
    rows_count = Column(verbose_name=gettext_lazy("Number of rows"), css="num")
    matched = Column(verbose_name=gettext_lazy("Matched"), css="num")
    principal_fen = MoneyColumn(verbose_name=gettext_lazy("Loan"))
    received_on = DayColumn(verbose_name=gettext_lazy("Received on"))
    confirmed_on = DayColumn(verbose_name=gettext_lazy("Confirmed on"))


class RowTable(Table):
    line = Column(verbose_name=gettext_lazy("Line"), css="num")
    iou_no = Column(verbose_name=gettext_lazy("Drawdown note"), note=named("member_code"))
    principal_fen = MoneyColumn(verbose_name=gettext_lazy("Loan"))
    result = StateColumn(verbose_name=gettext_lazy("Result"), labels=dict(figures.RESULTS))
    words = Column(verbose_name=gettext_lazy("What to do"), orderable=False)
    filing = LinkColumn("console:filing", args=[A("filing_id")], verbose_name=gettext_lazy("Filing"), orderable=False)

    def render_words(self, value: str, record: Any) -> str:
        return self.value_words(value, record)

    def value_words(self, value: str, record: Any) -> str:
        if record.result == "AMOUNT_DIFFERS":
            return _("Filed with %(amount)s yuan. Clear it with the bank and the member.") % {"amount": value}
        return _(value) if value else ""


class RowFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["iou_no", "member_code"], placeholder=gettext_lazy("Drawdown note, member"))
    result = django_filters.ChoiceFilter(choices=figures.RESULTS, label=gettext_lazy("Result"))


@needs("filings.view")
def listing(request: HttpRequest) -> HttpResponse:
    actions = []
    if may(request.user, "filings.accept"):
        url = reverse("console:filing_list_new")
        actions = [{"label": _("Receive a list"), "url": url, "icon": "upload", "primary": True}]
    return list_page(request, title=_("Banks' lists"), table=ListTable, rows=figures.lists(), actions=actions)


@needs("filings.accept")
def new(request: HttpRequest) -> HttpResponse:
    """Upload a list: every row is compared and named; a bad row never sinks a good one."""
    banks = [(bank.code, f"{bank.code} {bank.name}") for bank in registry.banks()]
    form = ListForm(sent(request), request.FILES or None, banks=banks, initial={"period": f"{today():%Y-%m}"})
    if acted(request, form, services.receive_list):
        return saved(request, reverse("console:filing_list", args=[form.made.pk]), _("Received; each row has its result."))
    return form_page(request, "console/filings/list_form.html", form, title=_("Receive a list"))


@needs("filings.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    found = figures.one_list(pk)
    labels = dict(figures.RESULTS)
    here = reverse("console:filing_list", args=[pk])
    results = [
        {**row, "label": labels[row["result"]], "url": f"{here}?result={row['result']}"} for row in figures.list_results(pk)
    ]
    context = {
        "one": found, "results": results, "open": found.confirmed_on is None,
        "may_receive": may(request.user, "filings.accept"), "may_confirm": may(request.user, "filings.decide"),
    }  # fmt: skip
    return list_page(
        request, title=found.number, table=RowTable, rows=figures.list_rows(pk), filterset=RowFilter,
        template="console/filings/list.html", context=context,
    )  # fmt: skip


@needs("filings.accept")
@posted
def again(request: HttpRequest, pk: int) -> HttpResponse:
    services.compare_again(actor=request.user, today=today(), list_id=pk)
    return saved(request, reverse("console:filing_list", args=[pk]), _("Compared again."))


@needs("filings.decide")
@posted
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    services.confirm_list(actor=request.user, today=today(), list_id=pk)
    return saved(request, reverse("console:filing_list", args=[pk]), _("The month's list is confirmed."))
