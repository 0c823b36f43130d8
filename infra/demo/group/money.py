"""Money that moves in the demo: always by two people at the payer, and registered by a third at the payee."""

from __future__ import annotations

from datetime import date
from typing import Any

from infra.demo import people
from kernel.cash import services as cash

_ACCOUNT = {"account_name": "皖江再担保集团", "account_no": "340002019000012345", "account_bank": "华兴商业银行"}


def pay_out(staff: dict[str, Any], key: str, voucher: str, on: date) -> None:
    """Pay the group a due of the member's house we are inside: prepared by operations, confirmed by the general manager."""
    order = cash.prepare(actor=staff["operations"], today=on, key=key, **_ACCOUNT)
    cash.confirm(actor=staff["executive"], today=on, order_id=order.pk, voucher_no=voucher, on=on)


def come(due: Any, voucher: str, on: date) -> None:
    """All that is open of a due has come to the group's house, which we are inside."""
    cash.receive(
        actor=people.staff(code="GROUP")["cashier"], today=on, counterparty=due.counterparty, fen=due.open_fen, on=on,
        voucher_no=voucher, text=due.purpose, key=due.key,
    )  # fmt: skip
