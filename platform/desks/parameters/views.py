"""Parameters: what holds, where it comes from, and a new value by two people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import saved
from design.forms import Form
from design.lists import Column, DayColumn, Table, list_page
from desks.pages import Request, acted, dialog, here, posted, sent, today
from desks.parameters import house
from desks.parameters.forms import ProposalForm
from kernel.access.permissions import may, needs
from kernel.parameters import queries, services


class KeyColumn(Column):
    """The parameter's name, leading to its page."""

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return format_html('<a data-row href="{}">{}</a>', here(table.request, "parameter", record.key), value)


class ParameterTable(Table):
    label = KeyColumn(verbose_name=gettext_lazy("Parameter"), note="key", orderable=False)
    value = Column(verbose_name=gettext_lazy("Value in force"), orderable=False)
    since = DayColumn(verbose_name=gettext_lazy("In force since"), orderable=False)
    scoped = Column(verbose_name=gettext_lazy("Special values"), css="num", orderable=False)
    waiting = Column(verbose_name=gettext_lazy("Waiting for approval"), css="num", orderable=False)
    basis = Column(verbose_name=gettext_lazy("Source"), note="confidence", orderable=False)


class _Search(Form):
    q = forms.CharField(label=gettext_lazy("Search"), required=False)


class ParameterFilter:
    """Narrows the list by a word of the key or the name."""

    def __init__(self, data: Any = None, queryset: Any = None, request: HttpRequest | None = None) -> None:
        self.form = _Search(data or None)
        word = (data or {}).get("q", "").strip().lower()
        self.qs = [row for row in queryset or [] if word in row.key.lower() or word in row.label.lower()]


@needs("parameters.view")
def listing(request: Request) -> HttpResponse:
    rows = house.rows(request.institution.kind, today())
    return list_page(request, title=_("Parameters"), table=ParameterTable, rows=rows, filterset=ParameterFilter)


@needs("parameters.view")
def detail(request: Request, parameter: str) -> HttpResponse:
    known = house.one(request.institution.kind, parameter)
    history = list(queries.values(parameter))
    standing = queries.in_force(today()).get((parameter, ""))
    context = {
        "title": str(known.label),
        "face": request.resolver_match.namespace,
        "parameter": known,
        "now": house.words(known, standing.value if standing else known.default),
        "standing": standing,
        "basis": house.basis(known),
        "scopes": [house.SCOPES.get(name, name) for name in known.scopes],
        "confidence": house.confidence(known),
        "default": house.words(known, known.default),
        "history": [(row, house.words(known, row.value)) for row in history],
        "may_propose": may(request.user, "parameters.propose"),
        "may_approve": may(request.user, "parameters.approve"),
    }
    return render(request, "desks/parameters/detail.html", context)


@needs("parameters.propose")
def propose(request: Request, parameter: str) -> HttpResponse:
    known = house.one(request.institution.kind, parameter)
    form = ProposalForm(sent(request), parameter=known, initial={"effective_from": today()})
    if acted(request, form, services.propose, key=parameter):
        return saved(request, here(request, "parameter", parameter), _("Proposed. Another person has to approve it."))
    return dialog(request, form, title=_("Propose a new value"), submit=_("Propose"))


@needs("parameters.approve")
@posted
def decide(request: Request, parameter: str, pk: int) -> HttpResponse:
    house.one(request.institution.kind, parameter)
    approve = request.POST.get("approve") == "1"
    services.decide(actor=request.user, today=today(), value_id=pk, approve=approve)
    said = _("Approved. It holds from its day on.") if approve else _("Refused. Nothing changes.")
    return saved(request, here(request, "parameter", parameter), said)
