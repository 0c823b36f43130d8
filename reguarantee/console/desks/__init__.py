"""The console's desks: one package each, with its pages (`urls.urlpatterns`) and its entries (`urls.NAV`)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from desks.items import Item

DESKS: tuple[str, ...] = (
    "reguarantee.console.desks.filings.urls",
    "reguarantee.console.desks.agreements.urls",
    "reguarantee.console.desks.whatif.urls",
    "reguarantee.console.desks.outcome.urls",
    "reguarantee.console.desks.claims.urls",
    "reguarantee.console.desks.recoveries.urls",
    "reguarantee.console.desks.premiums.urls",
    "reguarantee.console.desks.settlements.urls",
    "reguarantee.console.desks.partners.urls",
    "reguarantee.console.desks.admission.urls",
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
