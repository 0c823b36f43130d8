"""The list of claims."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, DayRangeFilter, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table
from desks.institutions import named
from desks.pages import today
from reguarantee.claims.queries.board import STATUSES
from reguarantee.console.tables.business import Filters, _members


class ClaimTable(Table):
    number = LinkColumn("console:claim", args=[A("pk")], verbose_name=_("Number"), note="claim_no")
    obligor_name = Column(verbose_name=_("Obligor"), note=named("member_code"))
    status = StateColumn(verbose_name=_("Status"), labels=dict(STATUSES))
    asked_fen = MoneyColumn(verbose_name=_("Asked"))
    checked_fen = MoneyColumn(verbose_name=_("Amount checked"))
    approved_fen = MoneyColumn(verbose_name=_("Amount approved"))
    paid_fen = MoneyColumn(verbose_name=_("Paid out"))
    submitted_on = DayColumn(verbose_name=_("Submitted on"))
    due_on = DayColumn(verbose_name=_("To be done by"), orderable=True)


def _late(rows: Any, _name: str, value: Any) -> Any:
    return rows.filter(due_on__lt=today()) if value else rows


class ClaimFilter(Filters):
    rows = {"member_code": _members}

    q = SearchFilter(fields=["number", "claim_no", "obligor_name"], placeholder=_("Number, obligor"))
    status = django_filters.ChoiceFilter(choices=STATUSES, label=_("Status"))
    member_code = django_filters.ChoiceFilter(label=_("Member"))
    late = django_filters.ChoiceFilter(choices=[("true", _("Only late ones"))], method=_late, label=_("Clock"))
    submitted = DayRangeFilter(field_name="submitted_on", label=_("Submitted on"))
