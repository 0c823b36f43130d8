"""Entries of the navigation, the same for both faces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from kernel.access.permissions import may


_SHORT = 14  # entries that fit a screen of 900 px


@dataclass(frozen=True)
class Item:
    """One entry under the heading `group`. `needs`: any of these codes opens it; `waiting(user)` counts what waits.

    `view` is the URL's name inside the face; `key` the shortcut `g` + key; `phone` puts it into the phone's bottom bar;
    `excludes` names views below whose paths this entry is not the active one.
    """

    group: str
    label: Any
    view: str
    icon: str
    needs: tuple[str, ...] = ()
    key: str = ""
    phone: bool = False
    args: tuple[str, ...] = ()
    waiting: Callable[[Any], int] | None = None
    excludes: tuple[str, ...] = ()


def groups(request: HttpRequest, face: str, headings: Mapping[str, Any], items: Iterable[Item]) -> list[dict[str, Any]]:
    """The navigation of the person who asks: headings in their order, items in theirs.

    A long one shows the headings, and open only the one the person is in; what waits below a closed one stands on it.
    """
    allowed: dict[str, list[dict[str, Any]]] = {name: [] for name in headings}
    for item in items:
        if any(may(request.user, code) for code in item.needs):
            allowed[item.group].append(_entry(request, face, item))
    short = sum(map(len, allowed.values())) <= _SHORT
    return [
        {
            "label": str(headings[name]),
            "items": entries,
            "open": short or any(entry["active"] for entry in entries),
            "waiting": sum(entry["badge"] for entry in entries),
        }
        for name, entries in allowed.items()
        if entries
    ]


def _entry(request: HttpRequest, face: str, item: Item) -> dict[str, Any]:
    url = reverse(f"{face}:{item.view}", args=item.args)
    return {
        "label": str(item.label),
        "url": url,
        "icon": item.icon,
        "key": item.key,
        "phone": item.phone,
        "badge": item.waiting(request.user) if item.waiting else 0,
        "active": _active(request.path, url, [reverse(f"{face}:{view}") for view in item.excludes]),
    }


def _active(path: str, url: str, excluded: list[str]) -> bool:
    if url == "/":
        return path == "/"
    return path.startswith(url) and not any(path.startswith(other) for other in excluded)
