"""Lists of recovery cases and of recovered money."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, DayRangeFilter, LinkColumn, MoneyColumn, OnlyFilter, SearchFilter, StateColumn, Table
from desks.pages import today
from tenants.recoveries import queries


class CaseTable(Table):
    number = LinkColumn("portal:recovery_case", args=[A("pk")], verbose_name=_("Number"), note="guarantee__number")
    guarantee__customer__name = Column(verbose_name=_("Customer"))
    stage = StateColumn(verbose_name=_("Stage"), labels=dict(queries.STAGES))
    state = StateColumn(verbose_name=_("State"), labels=dict(queries.STATES))
    guarantee__compensation_fen = MoneyColumn(verbose_name=_("Paid to the bank"))
    net_fen = MoneyColumn(verbose_name=_("Recovered, net"))
    spent_fen = MoneyColumn(verbose_name=_("Costs"))
    guarantee__compensated_on = DayColumn(verbose_name=_("Compensated on"))
    next_deadline = DayColumn(verbose_name=_("Next deadline"))


def _due(rows: Any, _name: str, value: Any) -> Any:
    return rows.filter(next_deadline__lte=today()) if value else rows


def _long(rows: Any, _name: str, value: Any) -> Any:
    return queries.older(rows, today=today(), days=int(value)) if value else rows


_LONG_AGO = _("Compensated more days ago than")


class CaseFilter(django_filters.FilterSet):
    q = SearchFilter(
        fields=["number", "guarantee__number", "guarantee__customer__name"], placeholder=_("Number, guarantee, customer")
    )
    stage = django_filters.ChoiceFilter(choices=queries.STAGES, label=_("Stage"))
    state = django_filters.ChoiceFilter(choices=queries.STATES, label=_("State"))
    deadline = OnlyFilter(_("Deadline reached"), method=_due, label=_("Next deadline"))
    days = django_filters.NumberFilter(
        method=_long, label=_LONG_AGO, widget=forms.TextInput({"placeholder": _LONG_AGO, "inputmode": "numeric"})
    )


class ReceiptTable(Table):
    number = LinkColumn("portal:recovery", args=[A("pk")], verbose_name=_("Number"), note="case__guarantee__number")
    case__guarantee__customer__name = Column(verbose_name=_("Customer"))
    method = StateColumn(verbose_name=_("Way"), labels=dict(queries.METHODS))
    gross_fen = MoneyColumn(verbose_name=_("Amount received"))
    net_fen = MoneyColumn(verbose_name=_("Net"))
    sharing__own_fen = MoneyColumn(verbose_name=_("Our part"))
    sharing__remit_fen = MoneyColumn(verbose_name=_("To the group"))
    sent_fen = MoneyColumn(verbose_name=_("Of it sent"))
    sharing__held_fen = MoneyColumn(verbose_name=_("Held"))
    on = DayColumn(verbose_name=_("Received on"))


class ReceiptFilter(django_filters.FilterSet):
    q = SearchFilter(
        fields=["number", "voucher_no", "case__guarantee__number", "case__guarantee__customer__name"],
        placeholder=_("Number, voucher, guarantee, customer"),
    )
    method = django_filters.ChoiceFilter(choices=queries.METHODS, label=_("Way"))
    on = DayRangeFilter(field_name="on", label=_("Received on"))
