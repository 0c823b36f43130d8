"""Premium bills and their payment by two people; what the group has to pay us."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.forms import DayField, Form, MoneyField
from design.lists import ActsColumn, Column, DayColumn, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table, list_page
from desks.money import words
from desks.pages import acted, dialog, sent, today
from kernel.access.permissions import may, needs
from kernel.cash import queries as cash_queries
from kernel.cash import services as cash
from tenants.cessions import queries


class BillTable(Table):
    number = LinkColumn("portal:premium_bill", args=[A("pk")], verbose_name=gettext_lazy("Number"), note="period")
    vat = StateColumn(verbose_name=gettext_lazy("VAT"), labels=dict(queries.VATS))
    premium_fen = MoneyColumn(verbose_name=gettext_lazy("Premium"))
    moved_fen = MoneyColumn(verbose_name=gettext_lazy("Paid so far"), orderable=False)
    open_fen = MoneyColumn(verbose_name=gettext_lazy("Still open"), orderable=False)
    due_on = DayColumn(verbose_name=gettext_lazy("Due"))
    status = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.BILL_STATUSES))


class BillFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "period"], placeholder=gettext_lazy("Number, period"))
    status = django_filters.ChoiceFilter(choices=queries.BILL_STATUSES, label=gettext_lazy("State"))


class DueTable(Table):
    purpose = Column(verbose_name=gettext_lazy("What for"), note=lambda due: words.reference(due.key))
    fen = MoneyColumn(verbose_name=gettext_lazy("Expected"))
    moved_fen = MoneyColumn(verbose_name=gettext_lazy("Received"))
    open_fen = MoneyColumn(verbose_name=gettext_lazy("Still open"), orderable=False)
    due_on = DayColumn(verbose_name=gettext_lazy("Due"))
    acts = ActsColumn(template_name="portal/cessions/receipt_acts.html")

    def render_purpose(self, value: str) -> Any:
        return words.purpose(value)

    def value_purpose(self, value: str) -> str:
        return str(words.purpose(value))


class DueFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["key", "purpose"], placeholder=gettext_lazy("Number"))


class PrepareForm(Form):
    fen = MoneyField(label=gettext_lazy("Amount"), min_fen=1)
    account_name = forms.CharField(label=gettext_lazy("Account name"), max_length=200)
    account_no = forms.CharField(label=gettext_lazy("Account number"), max_length=60)
    account_bank = forms.CharField(label=gettext_lazy("Account's bank"), max_length=200)


class ConfirmForm(Form):
    voucher_no = forms.CharField(label=gettext_lazy("Bank's number of the transfer"), max_length=80)
    on = DayField(label=gettext_lazy("Transferred on"))


class CancelForm(Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=300)


class ReceiveForm(Form):
    fen = MoneyField(label=gettext_lazy("Amount"), min_fen=1)
    on = DayField(label=gettext_lazy("Came on"))
    voucher_no = forms.CharField(label=gettext_lazy("Bank's number of the transfer"), max_length=80)
    text = forms.CharField(label=gettext_lazy("Text of the transfer"), max_length=300, required=False)


@needs("cessions.view")
def bills(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Premium bills"), table=BillTable, rows=queries.bills(), filterset=BillFilter,
        template="portal/cessions/list.html", context={"banner": queries.banner()},
    )  # fmt: skip


@needs("cessions.view")
def bill(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.bill(pk)
    due = cash_queries.of(row.subject).first()
    orders = list(due.orders.all()) if due else []
    waiting = next((order for order in orders if order.state == "PREPARED"), None)
    pays = due is not None and due.direction == "OUT" and due.open_fen > 0
    context = {
        "title": row.number,
        "bill": row,
        "due": due,
        "waiting": waiting,
        "orders": orders,
        "lists": queries.lists_of(row),
        "may_prepare": pays and waiting is None and may(request.user, "cash.prepare"),
        "may_confirm": waiting is not None and may(request.user, "cash.confirm") and waiting.prepared_by_id != request.user.pk,
        "may_cancel": waiting is not None and (may(request.user, "cash.prepare") or may(request.user, "cash.confirm")),
        "may_receive": due is not None and due.direction == "IN" and due.open_fen > 0 and may(request.user, "cash.receive"),
        "banner": queries.banner(),
    }
    return render(request, "portal/cessions/bill.html", context)


@needs("cash.prepare")
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.bill(pk)
    form = PrepareForm(sent(request), initial={"fen": row.open_fen})
    if acted(request, form, cash.prepare, key=row.key):
        return saved(request, _bill(row.pk), _("Prepared. Another person confirms the payment."))
    return dialog(request, form, title=_("Pay %(number)s") % {"number": row.number}, submit=_("Prepare"))


@needs("cash.confirm")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    order = _order(pk)
    form = ConfirmForm(sent(request), initial={"on": today()})
    if acted(request, form, cash.confirm, order_id=pk):
        return saved(request, _bill_of(order), _("Paid. The group is told."))
    return dialog(request, form, title=_("Confirm payment %(number)s") % {"number": order.number}, submit=_("Paid out"))


@needs("cash.prepare", "cash.confirm")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    order = _order(pk)
    form = CancelForm(sent(request))
    if acted(request, form, cash.cancel, order_id=pk):
        return saved(request, _bill_of(order), _("Cancelled."))
    return dialog(request, form, title=_("Cancel payment %(number)s") % {"number": order.number}, submit=_("Cancel the payment"))


@needs("cessions.view")
def receipts(request: HttpRequest) -> HttpResponse:
    """What the group owes us: claims and refunds, expected and received."""
    return list_page(
        request, title=_("Money from the group"), table=DueTable, rows=queries.expected(), filterset=DueFilter,
        template="portal/cessions/list.html", context={"banner": queries.banner()},
    )  # fmt: skip


@needs("cash.receive")
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    due = queries.expected_one(pk)
    form = ReceiveForm(sent(request), initial={"fen": due.open_fen, "on": today()})
    if acted(request, form, cash.receive, counterparty=due.counterparty, key=due.key):
        return saved(request, reverse("portal:group_receipts"), _("Received. The group is told."))
    return dialog(request, form, title=_("Receipt for %(key)s") % {"key": words.reference(due.key)}, submit=_("Register"))


def _bill(pk: int) -> str:
    return reverse("portal:premium_bill", args=[pk])


def _order(pk: int) -> Any:
    """A payment of a premium that waits; others have their own pages."""
    return queries.premium_order(pk)


def _bill_of(order: Any) -> str:
    return _bill(queries.bill_by_key(order.due.key).pk)
