"""What stands at the side of every page: only what the person may open, with the number of things that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from kernel.access.permissions import may
from kernel.approval import queries as approvals
from member_portal.pages import Request, today
from tenants.applications import queries as applications


@dataclass(frozen=True)
class Item:
    """One entry. `needs`: any of these codes opens it; `owns`: further paths under which it is the active one."""

    label: Any
    view: str
    icon: str
    needs: tuple[str, ...] = ()
    key: str = ""
    phone: bool = False
    badge: str = ""
    excludes: tuple[str, ...] = ()


_GROUPS: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    (
        "",
        (
            Item(gettext_lazy("Workbench"), "portal:home", "layout-dashboard", ("workbench.view",), "h", True),
            Item(gettext_lazy("Tasks"), "portal:tasks", "checklist", ("approval.decide",), "t", True, "todo"),
        ),
    ),
    (
        gettext_lazy("Business"),
        (
            Item(gettext_lazy("From the banks"), "portal:inbox", "inbox", ("applications.create",), "i", badge="inbox"),
            Item(
                gettext_lazy("Applications"), "portal:applications", "file-text", ("applications.view",), "a", True,
                excludes=("portal:inbox",),
            ),
            Item(gettext_lazy("Guarantees"), "portal:guarantees", "shield-check", ("guarantees.view",), "g", True),
            Item(gettext_lazy("Compensations"), "portal:compensations", "building-bank", ("claims.view",), "c"),
            Item(gettext_lazy("Customers"), "portal:customers", "building", ("customers.view",), "k"),
        ),
    ),
    (
        gettext_lazy("Products and data"),
        (
            Item(gettext_lazy("Products"), "portal:products", "box", ("products.view",), "p"),
            Item(gettext_lazy("Import"), "portal:imports", "file-import", ("intake.view", "intake.import"), "m"),
            Item(gettext_lazy("Reporting to the group"), "portal:reporting", "send", ("reporting.view",), "r"),
        ),
    ),
    (
        gettext_lazy("Administration"),
        (
            Item(
                gettext_lazy("People"), "portal:people", "users",
                ("access.view_users", "access.manage_users", "access.grant_roles"), "u",
            ),
            Item(gettext_lazy("Audit trail"), "portal:audit", "history", ("audit.view",), "l"),
        ),
    ),
)  # fmt: skip


def groups(request: Request) -> list[dict[str, Any]]:
    """The navigation of the person who asks; at most two counting queries."""
    user = request.user
    shown = []
    for label, items in _GROUPS:
        allowed = [item for item in items if any(may(user, code) for code in item.needs)]
        if allowed:
            shown.append({"label": str(label), "items": [_entry(request, item) for item in allowed]})
    return shown


def _entry(request: Request, item: Item) -> dict[str, Any]:
    url = reverse(item.view)
    return {
        "label": str(item.label),
        "url": url,
        "icon": item.icon,
        "key": item.key,
        "phone": item.phone,
        "badge": _waiting(request, item.badge),
        "active": _active(request.path, url, item),
    }


def _active(path: str, url: str, item: Item) -> bool:
    if url == "/":
        return path == "/"
    return path.startswith(url) and not any(path.startswith(reverse(view)) for view in item.excludes)


def _waiting(request: Request, what: str) -> int:
    if what == "todo":
        return approvals.todo(request.user, today()).count()
    if what == "inbox":
        return applications.inbox(request.user).count()
    return 0


def links() -> dict[str, Any]:
    """Fixed links of the shell: search, messages, and where the bell asks."""
    return {"search_url": reverse("portal:search"), "notices_url": reverse("portal:notices"), "bell_url": reverse("portal:bell")}
