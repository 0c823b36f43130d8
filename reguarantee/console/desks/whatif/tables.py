"""The list of kept what-if runs."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, LinkColumn, SearchFilter, Table
from desks.institutions import InstitutionColumn


class ScenarioTable(Table):
    name = LinkColumn("console:scenario", args=[A("pk")], verbose_name=_("Name"))
    treaty_code = Column(verbose_name=_("Treaty"))
    member_code = InstitutionColumn(verbose_name=_("Member"))
    period_from = DayColumn(verbose_name=_("From"))
    period_to = DayColumn(verbose_name=_("Until"))
    losses = Column(verbose_name=_("Losses"), css="num")
    saved_by = Column(verbose_name=_("Kept by"))
    saved_on = DayColumn(verbose_name=_("Kept on"))


class ScenarioFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name", "treaty_code"], placeholder=_("Name, treaty"))
