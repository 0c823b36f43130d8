"""The portal's desks: one package each, with its pages (`urls.urlpatterns`) and its entries (`urls.NAV`)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from desks.items import Item

DESKS: tuple[str, ...] = (
    "member_portal.desks.filings.urls",
    "member_portal.desks.claims.urls",
    "member_portal.desks.recoveries.urls",
    "member_portal.desks.cessions.urls",
    "desks.tasks.urls",
    "desks.committee.urls",
    "desks.office.urls",
    "desks.parameters.urls",
)


def _modules() -> Iterator[Any]:
    return (import_module(name) for name in DESKS)


def urls() -> list[Any]:
    """The pages of all desks."""
    return [pattern for module in _modules() for pattern in module.urlpatterns]


def items() -> list[Item]:
    """Their entries in the navigation."""
    return [item for module in _modules() for item in module.NAV]
