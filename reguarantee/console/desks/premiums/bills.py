"""Bills, credit notes, receipts and what they settle."""

from __future__ import annotations

from datetime import timedelta

import django_filters
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.lists import DayColumn, DayRangeFilter, LinkColumn, MoneyColumn, StateColumn, Table, list_page
from desks.institutions import InstitutionColumn
from desks.pages import acted, dialog, form_page, handed, posted, sent, today
from kernel.access.permissions import may, needs
from kernel.cash import queries as money
from kernel.cash import services as cash
from kernel.documents import queries as documents
from reguarantee.console.desks.premiums.forms import BillForm, ReceiptForm
from reguarantee.console.desks.premiums.overview import ROWS, ListFilter
from reguarantee.premiums import queries, services


class BillTable(Table):
    number = LinkColumn("console:premium_bill", args=[A("pk")], verbose_name=gettext_lazy("Number"))
    member_code = InstitutionColumn(verbose_name=gettext_lazy("Member"), note="period")
    kind = StateColumn(verbose_name=gettext_lazy("Kind"), labels=dict(queries.BILL_KINDS))
    vat = StateColumn(verbose_name=gettext_lazy("VAT"), labels=dict(queries.VATS))
    premium_fen = MoneyColumn(verbose_name=gettext_lazy("Premium"))
    tax_fen = MoneyColumn(verbose_name=gettext_lazy("Of it VAT"))
    paid_fen = MoneyColumn(verbose_name=gettext_lazy("Paid so far"))
    left_fen = MoneyColumn(verbose_name=gettext_lazy("Still open"))
    due_on = DayColumn(verbose_name=gettext_lazy("Due"))
    status = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.BILL_STATUSES))


class BillFilter(ListFilter):
    status = django_filters.ChoiceFilter(choices=queries.BILL_STATUSES, label=gettext_lazy("State"))
    kind = django_filters.ChoiceFilter(choices=queries.BILL_KINDS, label=gettext_lazy("Kind"))
    due = DayRangeFilter(field_name="due_on", label=gettext_lazy("Due"))


@needs("premiums.view")
def listing(request: HttpRequest) -> HttpResponse:
    actions = []
    if may(request.user, "premiums.bill"):
        actions.append(
            {"label": _("Bill a period"), "url": reverse("console:premium_bill_make"), "icon": "receipt", "primary": True}
        )
    return list_page(
        request, title=_("Premium bills"), table=BillTable, rows=queries.bills(), filterset=BillFilter, actions=actions
    )  # fmt: skip


@needs("premiums.bill")
def make(request: HttpRequest) -> HttpResponse:
    before = today().replace(day=1) - timedelta(days=1)
    form = BillForm(sent(request), initial={"period": services.billing_period(before)})
    if acted(request, form, services.bill):
        words = (
            _("%(count)s bills made.") % {"count": len(form.made)} if form.made else _("Nothing is agreed and unbilled there.")
        )
        return saved(request, reverse("console:premium_bills"), words)
    back = reverse("console:premium_bills")
    return form_page(request, "console/premiums/form.html", form, title=_("Bill a period"), submit=_("Bill"), back=back)


@needs("premiums.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.bill(pk)
    context = {
        "title": row.number,
        "bill": row,
        "items": Paginator(queries.items(bill=pk), ROWS).get_page(request.GET.get("page")),
        "notes": queries.credit_notes(row),
        "papers": documents.of(row.subject),
        "dues": money.of(row.subject),
        "may_receive": may(request.user, "cash.receive") and row.kind == "BILL" and row.left_fen > 0,
    }
    return render(request, "console/premiums/bill.html", context)


@needs("cash.receive")
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.bill(pk)
    form = ReceiptForm(sent(request), initial={"fen": row.left_fen, "on": today()})
    if acted(request, form, cash.receive, counterparty=row.member_code, key=row.key):
        return saved(request, reverse("console:premium_bill", args=[pk]), _("Received."))
    return dialog(request, form, title=_("Receipt for %(number)s") % {"number": row.number}, submit=_("Register"))


@needs("premiums.view")
def paper(request: HttpRequest, pk: int, paper: str) -> HttpResponseBase:
    return handed(queries.bill(pk).subject, paper)


@needs("cash.receive")
def receipts(request: HttpRequest) -> HttpResponse:
    """Receipts that settle nothing yet, each with the bills it may be for: the number in its text first, then the amount."""
    known = {row.key: row for row in queries.bills().filter(kind="BILL").exclude(status__in=["SETTLED", "CREDITED"])}
    rows = []
    for movement in money.unallocated():
        open_bills = [row for row in known.values() if movement.counterparty in ("", row.member_code)]
        left = movement.fen - movement.allocated_fen
        ranked = sorted(open_bills, key=lambda row: (row.number not in movement.text, row.left_fen != left, row.due_on))
        rows.append({"movement": movement, "left_fen": left, "bills": ranked[:5]})
    return render(request, "console/premiums/receipts.html", {"title": _("Receipts to match"), "rows": rows})


@needs("cash.receive")
@posted
def match(request: HttpRequest, pk: int, bill: int) -> HttpResponse:
    """Settle a bill with a receipt, as far as both go."""
    row = queries.bill(bill)
    movement = money.movements().filter(pk=pk).first()
    fen = 0 if movement is None else min(movement.fen - movement.allocated_fen, row.left_fen)
    cash.allocate(actor=request.user, today=today(), movement_id=pk, key=row.key, fen=fen)
    return saved(request, reverse("console:premium_receipts"), _("Matched to %(number)s.") % {"number": row.number})
