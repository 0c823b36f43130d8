"""Lists of money: what is due, payments, movements, the board."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import F
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from design.lists import Column, DayColumn, DayRangeFilter, MoneyColumn, OnlyFilter, SearchFilter, StateColumn, Table
from desks.institutions import InstitutionColumn
from desks.money.words import BREAKS, PURPOSES, TONES, purpose, reference
from desks.pages import here, today
from desks.words import ActorColumn
from kernel.cash import queries

DIRECTIONS = dict(queries.DIRECTIONS)


class RowLink(Column):
    """Opens the row's page in the face that is asked; `by` names the attribute that holds its id."""

    def __init__(self, view: str, by: str = "pk", **kwargs: Any) -> None:
        self.view, self.by = view, by
        super().__init__(css="number", **kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        key = record
        for name in self.by.split("."):
            key = getattr(key, name)
        return format_html('<a data-row href="{}">{}</a>', here(table.request, self.view, key), value)


class PurposeLink(RowLink):
    """People look for what money is for; the number they know it by stands below."""

    def __init__(self) -> None:
        super().__init__("money_due", verbose_name=_("Item of money"), note=lambda due: reference(due.key))

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return super().shown(purpose(value), record, table)

    def value(self, **kwargs: Any) -> Any:
        return str(purpose(kwargs["value"]))


class BreakColumn(Column):
    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return (
            format_html('<span class="tag tone-{}">{}</span>', TONES.get(value, "grey"), BREAKS.get(value, value))
            if value
            else ""
        )


class DueTable(Table):
    purpose = PurposeLink()
    counterparty = InstitutionColumn(verbose_name=_("Counterparty"))
    direction = StateColumn(verbose_name=_("Direction"), labels=DIRECTIONS)
    fen = MoneyColumn(verbose_name=_("Amount due"))
    moved_fen = MoneyColumn(verbose_name=_("Moved"))
    open_fen = MoneyColumn(verbose_name=_("Still open"), orderable=False)
    due_on = DayColumn(verbose_name=_("Due on"))


def _open(rows: Any, _name: str, value: Any) -> Any:
    return rows.exclude(fen=F("moved_fen")) if value else rows


def _late(rows: Any, _name: str, value: Any) -> Any:
    return rows.exclude(fen=F("moved_fen")).filter(due_on__lt=today()) if value else rows


class DueFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["key", "counterparty", "subject"], placeholder=_("Number, counterparty"))
    direction = django_filters.ChoiceFilter(choices=queries.DIRECTIONS, label=_("Direction"))
    purpose = django_filters.ChoiceFilter(choices=list(PURPOSES.items()), label=_("What for"))
    open = OnlyFilter(_("Only open ones"), method=_open, label=_("Still open"))
    late = OnlyFilter(_("Only late ones"), method=_late, label=_("Late"))
    due = DayRangeFilter(field_name="due_on", label=_("Due on"))


class OrderTable(Table):
    number = RowLink("money_due", by="due_id", verbose_name=_("Payment"), note=lambda order: reference(order.due.key))
    account_name = Column(verbose_name=_("Payee"), note="account_no")
    fen = MoneyColumn(verbose_name=_("Amount"))
    state = StateColumn(verbose_name=_("State"), labels=dict(queries.STATES))
    prepared_by = Column(verbose_name=_("Payment prepared by"))
    prepared_on = DayColumn(verbose_name=_("Payment prepared on"))
    settled_by = Column(verbose_name=_("Settled by"))
    settled_on = DayColumn(verbose_name=_("Settled on"))


class OrderFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "account_name", "due__key", "due__counterparty"], placeholder=_("Number, account, due"))
    state = django_filters.ChoiceFilter(choices=queries.STATES, label=_("State"))
    on = DayRangeFilter(field_name="prepared_on", label=_("Payment prepared on"))


class MovementTable(Table):
    number = RowLink("money_movement", verbose_name=_("Number"), note="voucher_no")
    counterparty = InstitutionColumn(verbose_name=_("Counterparty"), note="text")
    direction = StateColumn(verbose_name=_("Direction"), labels=DIRECTIONS)
    fen = MoneyColumn(verbose_name=_("Amount"))
    allocated_fen = MoneyColumn(verbose_name=_("Matched"))
    on = DayColumn(verbose_name=_("Day"))
    by = ActorColumn(verbose_name=_("By"))


class MovementFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "voucher_no", "counterparty", "text"], placeholder=_("Number, voucher, counterparty"))
    direction = django_filters.ChoiceFilter(choices=queries.DIRECTIONS, label=_("Direction"))
    on = DayRangeFilter(field_name="on", label=_("Day"))


class BoardTable(Table):
    purpose = PurposeLink()
    counterparty = InstitutionColumn(verbose_name=_("Counterparty"))
    direction = StateColumn(verbose_name=_("Direction"), labels=DIRECTIONS)
    fen = MoneyColumn(verbose_name=_("Expected"))
    reported_fen = MoneyColumn(verbose_name=_("Said by the other side"))
    moved_fen = MoneyColumn(verbose_name=_("Moved"))
    break_code = BreakColumn(verbose_name=_("Break"), orderable=False)
    due_on = DayColumn(verbose_name=_("Due on"))


def _broken(rows: Any, _name: str, value: Any) -> Any:
    return rows.exclude(break_code="") if value else rows


class BoardFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["key", "counterparty"], placeholder=_("Number, counterparty"))
    break_code = django_filters.ChoiceFilter(choices=list(BREAKS.items())[:4], label=_("Break"))
    broken = OnlyFilter(_("Only breaks"), method=_broken, label=_("Three-way match"))
    purpose = django_filters.ChoiceFilter(choices=list(PURPOSES.items()), label=_("What for"))
