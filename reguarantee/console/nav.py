"""What stands at the side of every page: only what the person may open, with the number of filings that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from kernel.access.permissions import may
from reguarantee.filings import queries as filings


@dataclass(frozen=True)
class Item:
    """One entry. `needs`: any of these codes opens it."""

    label: Any
    view: str
    icon: str
    needs: tuple[str, ...]
    key: str
    args: tuple[str, ...] = ()
    phone: bool = False
    badge: bool = False


_BOOK, _FILED, _AGREED = ("monitoring.view",), ("filings.view",), ("treaties.view",)
_GROUPS: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    (
        "",
        (
            Item(gettext_lazy("Consolidated book"), "console:home", "layout-dashboard", _BOOK, "h", phone=True),
            Item(gettext_lazy("To do"), "console:todo", "checklist", ("filings.decide",), "t", phone=True, badge=True),
        ),
    ),
    (
        gettext_lazy("Re-guarantee"),
        (
            Item(gettext_lazy("Filings"), "console:filings", "file-text", _FILED, "f", phone=True),
            Item(gettext_lazy("Treaties"), "console:treaties", "writing-sign", _AGREED, "c", phone=True),
            Item(gettext_lazy("Members"), "console:members", "building", _BOOK, "m"),
        ),
    ),
    (
        gettext_lazy("Whole book"),
        (
            Item(gettext_lazy("Guarantees"), "console:guarantees", "shield-check", _BOOK, "g"),
            Item(gettext_lazy("By bank"), "console:dimension", "building-bank", _BOOK, "b", ("bank",)),
            Item(gettext_lazy("By industry"), "console:dimension", "chart-donut", _BOOK, "i", ("industry",)),
            Item(gettext_lazy("By region"), "console:dimension", "map-2", _BOOK, "r", ("region",)),
            Item(gettext_lazy("By month"), "console:dimension", "calendar-stats", _BOOK, "n", ("month",)),
            Item(gettext_lazy("Comparison"), "console:comparisons", "scale", _BOOK, "v"),
        ),
    ),
    (
        gettext_lazy("Administration"),
        (
            Item(
                gettext_lazy("People"), "console:people", "users",
                ("access.view_users", "access.manage_users", "access.grant_roles"), "u",
            ),
            Item(gettext_lazy("Audit trail"), "console:audit", "history", ("audit.view",), "l"),
        ),
    ),
)  # fmt: skip


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """The navigation of the person who asks; at most one counting query."""
    shown = []
    for label, items in _GROUPS:
        allowed = [item for item in items if any(may(request.user, code) for code in item.needs)]
        if allowed:
            shown.append({"label": str(label), "items": [_entry(request, item) for item in allowed]})
    return shown


def _entry(request: HttpRequest, item: Item) -> dict[str, Any]:
    url = reverse(item.view, args=item.args)
    return {
        "label": str(item.label),
        "url": url,
        "icon": item.icon,
        "key": item.key,
        "phone": item.phone,
        "badge": filings.reviewing_count() if item.badge else 0,
        "active": request.path == "/" if url == "/" else request.path.startswith(url),
    }


def links() -> dict[str, Any]:
    """Fixed links of the shell: search, messages, and where the bell asks."""
    return {
        "search_url": reverse("console:search"),
        "notices_url": reverse("console:notices"),
        "bell_url": reverse("console:bell"),
    }
