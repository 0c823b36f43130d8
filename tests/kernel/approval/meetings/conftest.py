"""A committee of the member's house for every test that names it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.approval.meetings.room import Room


@pytest.fixture
def room(world: Any) -> Room:
    return Room(world)
