"""Money of the group's house, which a member's stands beside; people by seat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kernel.access.models import User
from kernel.cash import listeners, services
from registry.tenancy import inside
from tests.factories.houses import GROUP, house, staff

TODAY = date(2026, 3, 2)
ACCOUNT = {"account_name": "安和融资担保有限公司", "account_no": "6222000012345678", "account_bank": "华星银行"}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine without the rooms that listen to it; the other house reports claims."""
    monkeypatch.setattr(listeners, "_listeners", defaultdict(list))
    monkeypatch.setattr(listeners, "_answered", {"CLAIM"})


@pytest.fixture
def people(db: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        yield staff(GROUP)


def expected(actor: Any, key: str = "claim:ANHE:1", fen: int = 1_000, **more: Any) -> Any:
    told: dict[str, Any] = {
        "direction": "OUT",
        "purpose": "CLAIM",
        "counterparty": "ANHE",
        "subject": "claim:1",
        "due_on": date(2026, 3, 20),
        "why": "补偿款",
    }
    return services.expect(actor=actor, today=TODAY, key=key, fen=fen, **(told | more))


def paid(people: dict[str, User], key: str, *, fen: int | None = None, voucher_no: str = "V-1") -> Any:
    order = services.prepare(actor=people["cashier"], today=TODAY, key=key, fen=fen, **ACCOUNT)
    return services.confirm(actor=people["accountant"], today=TODAY, order_id=order.id, voucher_no=voucher_no)


def received(people: dict[str, User], *, fen: int, voucher_no: str = "R-1", counterparty: str = "ANHE", **more: Any) -> Any:
    told = {"counterparty": counterparty, "fen": fen, "voucher_no": voucher_no, "on": TODAY}
    return services.receive(actor=people["cashier"], today=TODAY, **(told | more))
