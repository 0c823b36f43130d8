"""Two people at the same moment: one transfer is one recovery, and the debt comes back once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kernel.access.models import User
from kernel.cash import queries as money
from kernel.cash import services as cash
from registry.tenancy import inside
from tenants.guarantees.models import Guarantee
from tenants.recoveries import services
from tenants.recoveries.models import Receipt
from tests.factories.houses import ANHE, house
from tests.factories.members import TODAY, people
from tests.factories.races import at_once, codes
from tests.tenants.recoveries.conftest import MEMBER_ACCOUNT, YUAN, answer, compensated
from tests.tenants.recoveries.test_recording import record
from tests.tenants.recoveries.test_sharing import ACTOR


@pytest.fixture
def staff(fresh_database: None) -> Iterator[dict[str, User]]:
    with inside(house(ANHE)):
        yield people()


@pytest.fixture
def guarantee(staff: dict[str, User]) -> Guarantee:
    return compensated(staff)


def test_one_transfer_is_one_recovery(staff: dict[str, User], guarantee: Guarantee) -> None:
    def work() -> Any:
        return record(staff, guarantee)

    assert codes(at_once(ANHE, work, work)) == ["", ""]
    assert Receipt.objects.count() == 1


def test_the_debt_comes_back_once(staff: dict[str, User], guarantee: Guarantee) -> None:
    """REC-02: of two receipts that together are more than the debt, the second is refused."""

    def part(voucher: str) -> Callable[[], Any]:
        return lambda: record(staff, guarantee, gross_fen=3_000_000 * YUAN, costs=None, voucher_no=voucher)

    assert codes(at_once(ANHE, part("A"), part("B"))) == ["", "OVER_RECOVERED"]


def test_two_remittances_at_once_are_one(staff: dict[str, User], guarantee: Guarantee) -> None:
    """REC-10: the group's part is passed on once, whoever presses; and not while it is being undone."""
    receipt = record(staff, guarantee)
    services.open_shared(answer(receipt.number), sender="GROUP", actor=ACTOR, today=TODAY)
    key = f"recovery:ANHE:{receipt.number}"

    def prepare() -> Any:
        return cash.prepare(actor=staff["operations"], today=TODAY, key=key, **MEMBER_ACCOUNT)

    assert codes(at_once(ANHE, prepare, prepare)) == ["", "ORDER_OPEN"]
    order = money.orders().get()

    def confirm(voucher: str) -> Callable[[], Any]:
        return lambda: cash.confirm(actor=staff["executive"], today=TODAY, order_id=order.pk, voucher_no=voucher)

    assert codes(at_once(ANHE, confirm("A"), confirm("B"))) == ["", "ORDER_SETTLED"]
    assert money.due(key).open_fen == 0


def test_undone_by_two_is_undone_once(staff: dict[str, User], guarantee: Guarantee) -> None:
    receipt = record(staff, guarantee)
    services.open_shared(answer(receipt.number), sender="GROUP", actor=ACTOR, today=TODAY)

    def work() -> Any:
        return services.undo(actor=staff["executive"], today=TODAY, receipt_id=receipt.pk, reason="退票")

    assert codes(at_once(ANHE, work, work)) == ["", "RECOVERY_UNDONE"]
    assert Receipt.objects.count() == 2
