"""The group's house with some money due and moved, for a member and for a fund."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kernel.access.models import User
from kernel.cash import listeners, services
from registry.tenancy import inside
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.kernel.cash.conftest import ACCOUNT

MARCH, APRIL, MAY = date(2026, 3, 10), date(2026, 4, 10), date(2026, 5, 10)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts current without the rooms whose money stands on them."""
    monkeypatch.setattr(listeners, "_listeners", type(listeners._listeners)(list))


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        yield staff(GROUP)


def expect(people: dict[str, User], key: str, way: str, fen: int, *, on: date = MARCH, party: str = ANHE, **more: Any) -> None:
    told: dict[str, Any] = {"purpose": key.split(":")[0].upper(), "subject": "x:1", "due_on": on, "why": key}
    services.expect(actor=people["cashier"], today=on, key=key, direction=way, counterparty=party, fen=fen, **(told | more))


def came(people: dict[str, User], key: str, fen: int, *, on: date = MARCH, party: str = ANHE) -> Any:
    told = {"counterparty": party, "fen": fen, "on": on, "voucher_no": f"R-{key}-{on}", "key": key}
    return services.receive(actor=people["cashier"], today=on, **told)


def went(people: dict[str, User], key: str, *, on: date = MARCH) -> Any:
    order = services.prepare(actor=people["cashier"], today=on, key=key, **ACCOUNT)
    return services.confirm(actor=people["accountant"], today=on, order_id=order.pk, voucher_no=f"F-{key}")
