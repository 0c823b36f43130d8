"""The statistics as lists, and the projects behind every number."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, DayRangeFilter, LinkColumn, MoneyColumn, RateColumn, SearchFilter, Table
from desks.institutions import named
from reguarantee.monitoring import queries as monitoring

TYPES = {
    "LARGE": _("Large company"),
    "MEDIUM": _("Medium company"),
    "SMALL": _("Small company"),
    "MICRO": _("Micro company"),
    "PERSON": _("Person"),
    "NONE": _("Company, size not stated"),
}


class ProjectTable(Table):
    number = LinkColumn("console:filing", args=[A("pk")], verbose_name=_("Number"), note=named("member_code"))
    obligor_name = Column(verbose_name=_("Obligor"), note="bank_name")
    treaty = Column(accessor="treaty_version__treaty__code", verbose_name=_("Treaty"))
    principal_fen = MoneyColumn(verbose_name=_("Loan"))
    ceded_fen = MoneyColumn(verbose_name=_("Ceded"))
    loan_rate = RateColumn(verbose_name=_("Loan rate"), orderable=False, empty_values=(None, ""))
    drawdown_on = DayColumn(verbose_name=_("Drawn on"))
    ended_on = DayColumn(verbose_name=_("Ended on"))
    released_principal_fen = MoneyColumn(verbose_name=_("Released"))

    def value_loan_rate(self, value: Any) -> Any:
        return value


class ProjectFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "obligor_name"], placeholder=_("Number, obligor"))
    member = django_filters.CharFilter(field_name="member_code", label=_("Member"))
    treaty = django_filters.CharFilter(field_name="treaty_version__treaty__code", label=_("Treaty"))
    industry = django_filters.ChoiceFilter(
        label=_("Industry"), choices=[*monitoring.INDUSTRIES.items(), ("NONE", _("Not stated"))], method="of_industry"
    )
    type = django_filters.ChoiceFilter(label=_("Customer type"), choices=list(TYPES.items()))
    drawn = DayRangeFilter(field_name="drawdown_on", label=_("Drawn on"))
    ended = DayRangeFilter(field_name="ended_on", label=_("Ended on"))

    def of_industry(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(industry="" if value == "NONE" else value)
