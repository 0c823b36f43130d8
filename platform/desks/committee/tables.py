"""The list of meetings."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from design.lists import Column, DayColumn, DayRangeFilter, SearchFilter, StateColumn, Table
from desks.tasks.tables import HereColumn
from kernel.approval.committee import queries


def _title(record: Any) -> str:
    return record.title or record.rule.title


class MeetingTable(Table):
    number = HereColumn("meeting", verbose_name=_("Number"), note=_title, css="number")
    on = DayColumn(verbose_name=_("Day"))
    place = Column(verbose_name=_("Place"), css="clip")
    chair = Column(accessor="chair__name", verbose_name=_("Chair"))
    matters = Column(verbose_name=_("Matters"), css="num")
    decided = Column(verbose_name=_("Decided matters"), css="num")
    state = StateColumn(verbose_name=_("State"), labels=dict(queries.STATES))


class MeetingFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "title", "items__title"], placeholder=_("Number, title, matter"))
    state = django_filters.ChoiceFilter(choices=queries.STATES, label=_("State"))
    on = DayRangeFilter(field_name="on", label=_("Day"))
