"""The partner banks with the grades that the group gave them (PAR-27): who is to be warned of is seen before it is chosen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.lists import Column, DayColumn, StateColumn, Table, list_page
from design.templatetags.design import state_badge
from kernel.access.permissions import needs
from registry import queries as registry


class BankTable(Table):
    name = Column(verbose_name=gettext_lazy("Bank"), note="code")
    grade = Column(verbose_name=gettext_lazy("Group's grade"))
    graded_on = DayColumn(verbose_name=gettext_lazy("Graded on"))
    below_minimum = StateColumn(verbose_name=gettext_lazy("New cessions of its loans"), orderable=False)

    def render_below_minimum(self, value: bool) -> Any:
        return state_badge("STOPPED" if value else "OK", self.value_below_minimum(value))

    def value_below_minimum(self, value: bool) -> str:
        return _("Not covered: grade too low") if value else _("Takes new cessions")


@needs("applications.view", "cessions.view")
def listing(request: HttpRequest) -> HttpResponse:
    return list_page(request, title=_("Partner banks"), table=BankTable, rows=registry.banks())
