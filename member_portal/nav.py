"""What stands at the side of every page: only what the person may open, with the number of things that wait."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from desks import items
from desks.items import Item
from desks.pages import Request, today
from kernel.approval import queries as approvals
from member_portal.desks import DESKS
from tenants.applications import queries as applications

_HEADINGS = {
    "": "",
    "business": gettext_lazy("Business"),
    "group": gettext_lazy("With the group"),
    "money": gettext_lazy("Money and accounts"),
    "data": gettext_lazy("Products and data"),
    "administration": gettext_lazy("Administration"),
}
_ITEMS = (
    Item("", gettext_lazy("Workbench"), "home", "layout-dashboard", ("workbench.view",), "h", True),
    Item(
        "", gettext_lazy("Tasks"), "tasks", "checklist", ("approval.decide",), "t", True,
        waiting=lambda user: approvals.todo_count(user, today()),
    ),
    Item(
        "business", gettext_lazy("From the banks"), "inbox", "inbox", ("applications.create",), "i",
        waiting=lambda user: applications.inbox(user).count(),
    ),
    Item("business", gettext_lazy("Applications"), "applications", "file-text", ("applications.view",), "a", True),
    Item("business", gettext_lazy("Guarantees"), "guarantees", "shield-check", ("guarantees.view",), "g", True),
    Item("business", gettext_lazy("Customers"), "customers", "building", ("customers.view",), "k"),
    Item("data", gettext_lazy("Products"), "products", "box", ("products.view",), "p"),
    Item("data", gettext_lazy("Import"), "imports", "file-import", ("intake.view", "intake.import"), "m"),
    Item("group", gettext_lazy("Reporting to the group"), "reporting", "send", ("reporting.view",), "r"),
)  # fmt: skip


def groups(request: Request) -> list[dict[str, Any]]:
    """The navigation of the person who asks; one counting query for each entry that counts."""
    return items.groups(request, "portal", _HEADINGS, (*_ITEMS, *DESKS.items()))


def links() -> dict[str, Any]:
    """Fixed links of the shell: search, messages, and where the bell asks."""
    return {"search_url": reverse("portal:search"), "notices_url": reverse("portal:notices"), "bell_url": reverse("portal:bell")}
