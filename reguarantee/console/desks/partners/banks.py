"""Branches of banks with their terms (PAR-29), and the capital of members with what it carries (AGR-13)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import acted, dialog, sent, today
from kernel.access.permissions import may, needs
from reguarantee.console.desks.partners.forms import BranchForm
from reguarantee.console.desks.partners.tables import BranchFilter, BranchTable, CapitalFilter, CapitalTable
from reguarantee.monitoring.queries.leverage import capitals
from reguarantee.partners import queries, services


@needs("partners.view")
def branches(request: HttpRequest) -> HttpResponse:
    """The branches of all banks: whom to call, up to how much, on which deposit."""
    return list_page(
        request, title=_("Bank branches"), table=BranchTable, rows=queries.branches(on=today()), filterset=BranchFilter
    )


@needs("partners.view")
def capital(request: HttpRequest) -> HttpResponse:
    """Members side by side by the capital they stand on."""
    return list_page(request, title=_("Capital and leverage"), table=CapitalTable, rows=capitals(), filterset=CapitalFilter)


@needs("partners.edit")
def new_branch(request: HttpRequest, code: str) -> HttpResponse:
    return _save(request, code, None)


@needs("partners.edit")
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.branch(pk)
    return _save(request, row.partner.code, row)


def _save(request: HttpRequest, code: str, row: Any) -> HttpResponse:
    queries.get(code)
    names = [name for name in BranchForm.base_fields if name != "reason"]
    initial = {name: getattr(row, name) for name in names} if row else {"valid_from": today()}
    form = BranchForm(sent(request), initial=initial)
    if acted(request, form, services.save_branch, code=code, branch_id=row.pk if row else None):
        return saved(request, reverse("console:partner", args=[code]), _("Saved. The old values stay in the history."))
    return dialog(request, form, title=row.name if row else _("New branch"), submit=_("Save"))


def of_bank(user: Any, partner: Any, day: Any) -> dict[str, Any]:
    """What the page of a bank shows of its branches."""
    return {**queries.branches_of(partner, on=day), "may_edit": may(user, "partners.edit")}
