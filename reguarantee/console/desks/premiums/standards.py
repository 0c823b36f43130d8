"""Premium standards: proposed, approved by another, dated (FEE-10, FEE-11)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tables2.utils import A

from design.answers import saved
from design.lists import Column, DayColumn, LinkColumn, SearchFilter, StateColumn, Table, list_page
from desks.pages import acted, form_page, posted, sent, today
from kernel.access.permissions import may, needs
from reguarantee.console.desks.premiums.forms import StandardForm
from reguarantee.premiums import queries, services


def _scope(row: Any) -> str:
    parts = [row.member_code, row.product_code, row.treaty_code, row.filing.number if row.filing else ""]
    return " · ".join(part for part in parts if part) or _("Everything")


class StandardTable(Table):
    pk = LinkColumn("console:premium_standard", args=[A("pk")], verbose_name=gettext_lazy("No."), note=_scope)
    kind = StateColumn(verbose_name=gettext_lazy("Kind"), labels=dict(queries.STANDARD_KINDS))
    payee = StateColumn(verbose_name=gettext_lazy("For"), labels=dict(queries.PAYEES))
    effective_from = DayColumn(verbose_name=gettext_lazy("From"))
    effective_to = DayColumn(verbose_name=gettext_lazy("Until"))
    state = StateColumn(verbose_name=gettext_lazy("State"), labels=dict(queries.STANDARD_STATES))
    proposed_by = Column(verbose_name=gettext_lazy("Proposed by"))
    decided_by = Column(verbose_name=gettext_lazy("Decided by"))


class StandardFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["member_code", "product_code", "treaty_code", "reason"], placeholder=gettext_lazy("Scope, reason"))
    state = django_filters.ChoiceFilter(choices=queries.STANDARD_STATES, label=gettext_lazy("State"))


@needs("premiums.view")
def listing(request: HttpRequest) -> HttpResponse:
    actions = []
    if may(request.user, "premiums.propose"):
        url = reverse("console:premium_standard_propose")
        actions = [{"label": _("Propose a standard"), "url": url, "icon": "plus", "primary": True}]
    return list_page(
        request, title=_("Premium standards"), table=StandardTable, rows=queries.standards(), filterset=StandardFilter,
        actions=actions,
    )  # fmt: skip


@needs("premiums.propose")
def propose(request: HttpRequest) -> HttpResponse:
    form = StandardForm(sent(request), initial={"effective_from": today()})
    if acted(request, form, services.propose_standard):
        return saved(request, reverse("console:premium_standards"), _("Proposed. Another person approves it."))
    back = reverse("console:premium_standards")
    return form_page(request, "console/premiums/form.html", form, title=_("Propose a standard"), submit=_("Propose"), back=back)


@needs("premiums.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    row = queries.standard(pk)
    decides = may(request.user, "premiums.approve") and row.state == "PROPOSED"
    context = {
        "title": _("Premium standard %(number)s") % {"number": row.pk},
        "row": row,
        "scope": _scope(row),
        "may_decide": decides,
        "own": row.proposed_by_id == request.user.pk,
    }
    return render(request, "console/premiums/standard.html", context)


@needs("premiums.approve")
@posted
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    services.decide_standard(actor=request.user, today=today(), standard_id=pk, approve=True)
    return saved(request, reverse("console:premium_standard", args=[pk]), _("Approved. Open lists are reckoned by it."))


@needs("premiums.approve")
@posted
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    services.decide_standard(actor=request.user, today=today(), standard_id=pk, approve=False)
    return saved(request, reverse("console:premium_standard", args=[pk]), _("Not approved."))
