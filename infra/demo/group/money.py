"""Money that moves in the demo: always by two people at the payer, and registered by a third at the payee."""

from __future__ import annotations

import zlib
from datetime import date
from typing import Any

from infra.demo import people
from kernel.cash import queries
from kernel.cash import services as cash
from registry import queries as registry

_ACCOUNT = {"account_name": "皖江再担保集团", "account_no": "340002019000012345", "account_bank": "华兴商业银行"}


def pay_out(staff: dict[str, Any], key: str, voucher: str, on: date) -> None:
    """Pay a due of the member's house we are inside: prepared by operations, confirmed by the general manager."""
    order = cash.prepare(actor=staff["operations"], today=on, key=key, **_account_of(queries.due(key).counterparty))
    cash.confirm(actor=staff["executive"], today=on, order_id=order.pk, voucher_no=voucher, on=on)


def _account_of(code: str) -> dict[str, str]:
    """Where the group or a bank is paid; a bank keeps its account with itself."""
    if code == "GROUP":
        return _ACCOUNT
    name = registry.names()[code]
    return {"account_name": name, "account_no": f"9{zlib.crc32(code.encode()):014d}", "account_bank": name}


def come(due: Any, voucher: str, on: date) -> None:
    """All that is open of a due has come to the group's house, which we are inside."""
    cash.receive(
        actor=people.staff(code="GROUP")["cashier"], today=on, counterparty=due.counterparty, fen=due.open_fen, on=on,
        voucher_no=voucher, text=due.purpose, key=due.key,
    )  # fmt: skip
