"""Lists: every one filters, sorts, pages, remembers, exports and becomes cards on a phone (design.md 9)."""

from design.lists.columns import (
    ActsColumn,
    Column,
    DayColumn,
    LinkColumn,
    MinuteColumn,
    MoneyColumn,
    RateColumn,
    StateColumn,
    Table,
    TickColumn,
)
from design.lists.filters import DayRangeFilter, OnlyFilter, SearchFilter
from design.lists.page import list_page

__all__ = [
    "ActsColumn",
    "Column",
    "DayColumn",
    "DayRangeFilter",
    "LinkColumn",
    "MinuteColumn",
    "MoneyColumn",
    "OnlyFilter",
    "RateColumn",
    "SearchFilter",
    "StateColumn",
    "Table",
    "TickColumn",
    "list_page",
]
