"""The five lists of the task centre."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from design.lists import Column, DayColumn, MinuteColumn, SearchFilter, StateColumn, Table
from desks.pages import here, today
from kernel.approval import queries as approvals


class AgeColumn(Column):
    """How long something waits; red when its day has passed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(verbose_name=_("Waiting"), css="num", **kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        text = ngettext("%(days)s day", "%(days)s days", value) % {"days": value}
        due = getattr(record, "due_on", None)
        if due is not None and due < today():
            return format_html('{} <span class="tag tone-red">{}</span>', text, gettext("Late"))
        return text


class HereColumn(Column):
    """Opens the row at the page `view` of the face that is asked: one table for portal and console."""

    def __init__(self, view: str, **kwargs: Any) -> None:
        self.view = view
        super().__init__(**kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return format_html('<a data-row href="{}">{}</a>', here(table.request, self.view, record.pk), value)


class SubjectColumn(Column):
    """What it is about, leading to its page."""

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        url = approvals.page_of(record.subject)
        text = value or record.subject
        return format_html('<a data-row href="{}">{}</a>', url, text) if url else text


class TodoTable(Table):
    title = HereColumn("task", verbose_name=_("Task"), note="flow", css="number")
    name = Column(verbose_name=_("Step"))
    started = Column(accessor="case__started_by_label", verbose_name=_("Submitted by"))
    opened_on = DayColumn(verbose_name=_("Since"))
    due_on = DayColumn(verbose_name=_("Until"))
    age = AgeColumn()


class DoneTable(Table):
    title = SubjectColumn(verbose_name=_("Task"), note="flow")
    name = Column(verbose_name=_("Step"))
    state = StateColumn(verbose_name=_("State"))
    started = Column(accessor="case__started_by_label", verbose_name=_("Submitted by"))
    done_at = MinuteColumn(verbose_name=_("Signed at"))


class ComingTable(Table):
    title = SubjectColumn(verbose_name=_("Task"), note="flow")
    name = Column(verbose_name=_("Step"))
    started = Column(accessor="case__started_by_label", verbose_name=_("Submitted by"))
    opened_on = DayColumn(accessor="case__opened_on", verbose_name=_("Under way since"))
    age = AgeColumn()


class CaseTable(Table):
    title = SubjectColumn(verbose_name=_("Case"), note="name")
    status = StateColumn(verbose_name=_("State"))
    opened_on = DayColumn(verbose_name=_("Started"))
    closed_on = DayColumn(verbose_name=_("Closed on"))
    age = AgeColumn()


class CopyTable(Table):
    title = SubjectColumn(verbose_name=_("Case"), note="name")
    by_label = Column(verbose_name=_("Copied by"))
    text = Column(verbose_name=_("Remark"), css="clip")
    at = MinuteColumn(verbose_name=_("Time"))


class TaskFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["case__title", "case__subject"], placeholder=_("Number, customer"))


class CaseFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["title", "subject"], placeholder=_("Number, customer"))
