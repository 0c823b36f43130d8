"""Desks of a face and the entries of its navigation, the same for both faces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, reverse

from kernel.access.permissions import may

_SHORT = 14  # entries that fit a screen of 900 px


@dataclass(frozen=True)
class Part:
    """One tab of an entry: a list of its own that belongs to the same thing."""

    label: Any
    view: str
    needs: tuple[str, ...] = ()
    waiting: Callable[[Any], int] | None = None
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One entry under the heading `group`. `needs`: any of these codes opens it; `waiting(user)` counts what waits.

    `view` is the URL's name inside the face; `key` the shortcut `g` + key; `phone` puts it into the phone's bottom bar.
    With `parts` the entry opens the first of them that the person may open, and their pages carry all of them as tabs.
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
    parts: tuple[Part, ...] = ()

    def tabs(self) -> tuple[Part, ...]:
        """Its parts; the entry itself where it has none."""
        return self.parts or (Part(self.label, self.view, self.needs, self.waiting, self.args),)


@dataclass(frozen=True)
class Desks:
    """The desks of a face by dotted path: each module has its pages (`urlpatterns`) and its entries (`NAV`)."""

    modules: tuple[str, ...]

    def urls(self) -> list[URLPattern]:
        """The pages of all desks."""
        return [pattern for name in self.modules for pattern in import_module(name).urlpatterns]

    def items(self) -> list[Item]:
        """Their entries in the navigation."""
        return [item for name in self.modules for item in import_module(name).NAV]


def groups(request: HttpRequest, face: str, headings: Mapping[str, Any], items: Iterable[Item]) -> list[dict[str, Any]]:
    """The navigation of the person who asks: headings in their order, items in theirs.

    A long one shows the headings, and open only the one the person is in; what waits below a closed one stands on it.
    """
    allowed: dict[str, list[dict[str, Any]]] = {name: [] for name in headings}
    for item in items:
        tabs = [_tab(request, face, part) for part in item.tabs() if any(may(request.user, code) for code in part.needs)]
        if tabs:
            allowed[item.group].append(_entry(item, tabs))
    _light(request.path, [entry for entries in allowed.values() for entry in entries])
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


def _tab(request: HttpRequest, face: str, part: Part) -> dict[str, Any]:
    return {
        "label": str(part.label),
        "url": reverse(f"{face}:{part.view}", args=part.args),
        "waiting": part.waiting(request.user) if part.waiting else 0,
        "active": False,
    }


def _entry(item: Item, tabs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "label": str(item.label),
        "url": tabs[0]["url"],
        "icon": item.icon,
        "key": item.key,
        "phone": item.phone,
        "badge": sum(tab["waiting"] for tab in tabs),
        "active": False,
        "tabs": tabs,
    }


def _light(path: str, entries: list[dict[str, Any]]) -> None:
    """Mark the tab whose address is the longest beginning of the page's, and its entry; the front page only itself."""
    found = [
        (len(tab["url"]), entry, tab)
        for entry in entries
        for tab in entry["tabs"]
        if path == tab["url"] or (tab["url"] != "/" and path.startswith(tab["url"]))
    ]
    if found:
        _length, entry, tab = max(found, key=lambda one: one[0])
        entry["active"] = tab["active"] = True
