"""Lists of agreements that ask for something: an approval, a renewal."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, SearchFilter, Table


class WaitingTable(Table):
    code = LinkColumn("console:treaty", args=[A("treaty__code")], accessor="treaty__code", verbose_name=_("Code"))
    title = Column(accessor="treaty__title", verbose_name=_("Title"))
    version = Column(verbose_name=_("Version"), css="num")
    effective_from = DayColumn(verbose_name=_("From"))
    effective_to = DayColumn(verbose_name=_("Until"))
    drafted_by = Column(verbose_name=_("Written by"))
    submitted_on = DayColumn(verbose_name=_("Handed in on"))


class ExpiringTable(Table):
    code = LinkColumn("console:treaty", args=[A("code")], verbose_name=_("Code"))
    title = Column(verbose_name=_("Title"))
    number = Column(verbose_name=_("Number"), orderable=False)
    last_day = DayColumn(verbose_name=_("Last day"))
    line_fen = MoneyColumn(verbose_name=_("Line of the year"))
    used_fen = MoneyColumn(verbose_name=_("Used"))
    left_fen = MoneyColumn(verbose_name=_("Left"))


class ExpiringFilter(django_filters.FilterSet):
    """Only words; these lists are short."""

    q = SearchFilter(fields=["code", "title"], placeholder=_("Code, title"))


class WaitingFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["treaty__code", "treaty__title"], placeholder=_("Code, title"))
