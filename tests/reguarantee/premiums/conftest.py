"""The group's house with its people; treaties, filings and reported books for premiums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kernel.access.models import User
from registry.tenancy import inside
from tests.factories.houses import GROUP, house, staff


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    """The group's people, at work in its house."""
    with inside(house(GROUP)):
        yield staff(GROUP)


@pytest.fixture
def april() -> date:
    return date(2026, 4, 2)


@pytest.fixture
def set_value(people: dict[str, User]) -> Any:
    """`set_value("rg.premium.billing", "MONTH")`: a parameter's approved value from 2026 on."""
    from kernel.parameters.models import Value

    def put(key: str, value: str, scope: str = "") -> None:
        Value.objects.create(
            key=key, scope=scope, value=value, effective_from=date(2026, 1, 1), state="APPROVED",
            proposed_by="a", proposed_on=date(2026, 1, 1), decided_by="b", decided_on=date(2026, 1, 1),
        )  # fmt: skip

    return put
