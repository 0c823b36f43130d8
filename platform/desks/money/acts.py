"""What people do with money. Two persons pay; receipts are matched, taken off, reversed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from design.answers import saved
from desks.institutions import name
from desks.money.forms import ArrivedForm, ConfirmForm, MatchForm, PrepareForm, ReasonForm, ReceiptForm
from desks.money.words import purpose, reference
from desks.pages import Request, acted, dialog, here, sent, today
from kernel.access.permissions import needs
from kernel.cash import queries, services
from kernel.money import yuan


@needs("cash.prepare")
def prepare(request: Request, pk: int) -> HttpResponse:
    due = queries.one(pk)
    last = queries.orders(state="CONFIRMED").filter(due__counterparty=due.counterparty).first()
    names = ("account_name", "account_no", "account_bank")
    known = {name: getattr(last, name) for name in names} if last else {}
    form = PrepareForm(sent(request), initial={"fen": due.open_fen, **known})
    if acted(request, form, services.prepare, key=due.key):
        return saved(request, here(request, "money_due", pk), _("Prepared. Another person confirms it."))
    return dialog(request, form, title=_("Prepare a payment"), submit=_("Prepare"))


@needs("cash.confirm")
def confirm(request: Request, pk: int) -> HttpResponse:
    order = queries.order(pk)
    form = ConfirmForm(sent(request), initial={"on": today()})
    if acted(request, form, services.confirm, order_id=pk):
        return saved(request, here(request, "money_due", order.due_id), _("Paid."))
    told = {"fen": yuan(order.fen), "name": order.account_name, "number": order.number}
    title = _("%(number)s: %(fen)s yuan to %(name)s") % told
    return dialog(request, form, title=title, submit=_("It was sent"))


@needs("cash.prepare", "cash.confirm")
def cancel(request: Request, pk: int) -> HttpResponse:
    order = queries.order(pk)
    form = ReasonForm(sent(request))
    if acted(request, form, services.cancel, order_id=pk):
        return saved(request, here(request, "money_due", order.due_id), _("Cancelled. It can be prepared again."))
    return dialog(request, form, title=_("Cancel payment %(number)s") % {"number": order.number}, submit=_("Cancel the payment"))


@needs("cash.receive")
def receive(request: Request) -> HttpResponse:
    form = ReceiptForm(sent(request), payers=queries.payers(), initial={"on": today()})
    if acted(request, form, services.receive):
        return saved(request, here(request, "money_receipts"), _("Registered. Match it with what was expected."))
    return dialog(request, form, title=_("Register a receipt"), submit=_("Register"))


@needs("cash.receive")
def arrived(request: Request, pk: int) -> HttpResponse:
    due = queries.one(pk)
    word = queries.reports(due.key).filter(said="SENT").last()
    told = {"fen": due.open_fen, "on": today()} | ({"voucher_no": word.voucher_no, "on": word.on} if word else {})
    form = ArrivedForm(sent(request), initial=told)
    if acted(request, form, services.receive, counterparty=due.counterparty, key=due.key):
        return saved(request, here(request, "money_due", pk), _("Registered."))
    return dialog(request, form, title=_("Money has arrived"), submit=_("Register"))


@needs("cash.receive")
def match(request: Request, pk: int) -> HttpResponse:
    movement = queries.movement(pk)
    left = movement.fen - movement.allocated_fen
    dues = queries.proposals(movement, at_most=200)
    choices = [
        (due.key, f"{purpose(due.purpose)} {reference(due.key)} · {name(due.counterparty)} · {yuan(due.open_fen)}")
        for due in dues
    ]
    asked = request.GET.get("due")
    first: Any = next((due for due in dues if due.key == asked), dues[0] if dues else None)
    initial = {"key": first.key, "fen": min(left, first.open_fen)} if first else {}
    form = MatchForm(sent(request), dues=choices, initial=initial)
    if acted(request, form, services.allocate, movement_id=pk):
        return saved(request, here(request, "money_receipts"), _("Matched."))
    return dialog(request, form, title=_("Match %(number)s") % {"number": movement.number}, submit=_("Match"))


@needs("cash.receive")
def unmatch(request: Request, pk: int) -> HttpResponse:
    """`?due=` names the key that it is taken off."""
    movement, found = queries.movement(pk), queries.due(request.GET.get("due", ""))
    form = ReasonForm(sent(request))
    if acted(request, form, services.unmatch, movement_id=movement.pk, key=found.key):
        return saved(request, here(request, "money_movement", pk), _("Taken off; both are open again."))
    return dialog(request, form, title=_("Take off %(key)s") % {"key": reference(found.key)}, submit=_("Take off"))


@needs("cash.confirm")
def reverse(request: Request, pk: int) -> HttpResponse:
    movement = queries.movement(pk)
    form = ReasonForm(sent(request))
    if acted(request, form, services.reverse, movement_id=pk):
        return saved(request, here(request, "money_movement", pk), _("Reversed; what it settled is open again."))
    return dialog(request, form, title=_("Reverse %(number)s") % {"number": movement.number}, submit=_("Reverse"))
