"""Tests of the member's rooms run inside one member's house; its neighbour stands next door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernel.access.models import User
from registry.tenancy import inside
from tests.factories.houses import ANHE, house
from tests.factories.members import people
from tests.portal import conftest as portal

sign_in = portal.sign_in


@pytest.fixture
def member(db: None) -> Iterator[None]:
    with inside(house(ANHE)):
        yield


@pytest.fixture
def staff(member: None) -> dict[str, User]:
    return people()
