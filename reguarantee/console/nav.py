"""What stands at the side of every page: only what the person may open, with the number of things that wait."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from desks import items
from desks.items import Item, Part
from desks.pages import today
from kernel.approval import queries as approvals
from reguarantee.console.desks import DESKS
from reguarantee.filings import queries as filings

_BOOK = ("monitoring.view",)
_HEADINGS = {
    "": "",
    "business": gettext_lazy("Re-guarantee"),
    "money": gettext_lazy("Claims and money"),
    "partners": gettext_lazy("Institutions"),
    "book": gettext_lazy("Whole book"),
    "administration": gettext_lazy("Administration"),
}
_ITEMS = (
    Item("", gettext_lazy("Consolidated book"), "home", "layout-dashboard", _BOOK, "h", phone=True),
    Item(
        "", gettext_lazy("Filing worklist"), "todo", "checklist", filings.MAY_WORK, "t", phone=True,
        waiting=lambda user: filings.waiting_for(user),
    ),
    Item(
        "", gettext_lazy("Tasks"), "tasks", "signature", ("approval.decide",), "w",
        waiting=lambda user: approvals.todo_count(user, today()),
    ),
    Item("partners", gettext_lazy("Members"), "members", "building", _BOOK, "m"),
    Item("book", gettext_lazy("Guarantees"), "guarantees", "shield-check", _BOOK, "g"),
    Item(
        "book", gettext_lazy("Breakdowns"), "dimension", "chart-donut", key="b",
        parts=(
            Part(gettext_lazy("By bank"), "dimension", _BOOK, args=("bank",)),
            Part(gettext_lazy("By industry"), "dimension", _BOOK, args=("industry",)),
            Part(gettext_lazy("By region"), "dimension", _BOOK, args=("region",)),
            Part(gettext_lazy("By month"), "dimension", _BOOK, args=("month",)),
        ),
    ),
    Item("book", gettext_lazy("Comparison"), "comparisons", "scale", _BOOK, "v"),
)  # fmt: skip


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """The navigation of the person who asks; one counting query for each entry that counts."""
    return items.groups(request, "console", _HEADINGS, (*_ITEMS, *DESKS.items()))


def links() -> dict[str, Any]:
    """Fixed links of the shell: search, messages, and where the bell asks."""
    return {
        "search_url": reverse("console:search"),
        "notices_url": reverse("console:notices"),
        "bell_url": reverse("console:bell"),
    }
