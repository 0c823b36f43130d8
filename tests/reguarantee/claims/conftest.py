"""Claims come to the group's house under the 4:2:2:2 treaty, on a guarantee that the member filed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.filings.models import Filing
from tests.factories.houses import GROUP, house, staff
from tests.reguarantee.filings.test_filings import file, publish


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        yield staff(GROUP)


@pytest.fixture
def filed(people: dict[str, User]) -> Filing:
    """5,000,000 lent, 4,000,000 guaranteed, covered by 4:2:2:2."""
    publish(people)
    return file()
