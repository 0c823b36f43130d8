"""Recovery cases, one case with its log and money, recovered money with the group's answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.money.words import purpose
from desks.pages import Request, today
from kernel.access.permissions import may, needs
from member_portal.desks.recoveries.tables import CaseFilter, CaseTable, ReceiptFilter, ReceiptTable
from tenants.recoveries import queries


@needs("recoveries.view")
def listing(request: Request) -> HttpResponse:
    """Cases, under the guarantees that were paid for and wait to be pursued."""
    context = {"waiting": queries.to_pursue(request.user)[:20], "may_record": may(request.user, "recoveries.record")}
    return list_page(
        request, title=_("Recoveries"), table=CaseTable, rows=queries.book(request.user), filterset=CaseFilter,
        template="portal/recoveries/list.html", context=context,
    )  # fmt: skip


@needs("recoveries.view")
def detail(request: Request, pk: int) -> HttpResponse:
    case = queries.case(request.user, pk)
    owed, guarantee, user = queries.still_owed(case), case.guarantee, request.user
    receipts = list(queries.receipts(user).filter(case=case))
    context = {
        "title": guarantee.customer.name,
        "case": case,
        "guarantee": guarantee,
        "debt": queries.debt(guarantee),
        "owed": owed,
        "open_cost": queries.open_cost(case),
        "days": (today() - guarantee.compensated_on).days if guarantee.compensated_on else None,
        "receipts": receipts,
        "entries": case.entries.all(),
        "costs": case.costs.all(),
        "money": [{"due": due, "purpose": purpose(due.purpose)} for due in queries.money_of(case)],
        "written_off": getattr(case, "write_off", None),
        "late": bool(case.next_deadline and case.next_deadline < today()),
        "next": _next(case, receipts, owed),
        "may_record": may(user, "recoveries.record"),
        "may_write_off": may(user, "recoveries.write_off"),
        "money_open": may(user, "cash.view"),
        "guarantee_url": reverse("portal:guarantee", args=[guarantee.pk]),
    }
    return render(request, "portal/recoveries/detail.html", context)


def _next(case: Any, receipts: list[Any], owed: int) -> str:
    """One sentence that says what to do next."""
    if any(not hasattr(row, "sharing") for row in receipts):
        return _("The group has not answered the last recovery yet.")
    if owed <= 0:
        return _("The whole debt has come back.")
    if any(row.sharing.remit_fen > row.sent_fen and row.reverses_id is None for row in receipts):
        return _("Pass the group's part on: prepare the payment, another person confirms it.")
    if case.next_deadline:
        return _("Next deadline: %(on)s.") % {"on": case.next_deadline}
    return _("Pursue the debtor, and record what comes.")


@needs("recoveries.view")
def receipts(request: Request) -> HttpResponse:
    return list_page(
        request, title=_("Recovered money"), table=ReceiptTable, rows=queries.receipts(request.user), filterset=ReceiptFilter
    )  # fmt: skip


@needs("recoveries.view")
def receipt(request: Request, pk: int) -> HttpResponse:
    """A receipt is shown on its case."""
    found = queries.receipt(request.user, pk)
    return saved(request, f"{reverse('portal:recovery_case', args=[found.case_id])}#r{found.pk}")
