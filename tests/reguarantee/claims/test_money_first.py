"""Two verbs that both reach the money of a loss never wait for each other: everybody takes the dues first.

Each pair stopped with a deadlock where one of the two held the claim and then asked for its due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.cash import queries as moneys
from kernel.cash import services as cash
from registry.tenancy import inside
from reguarantee.claims import services
from reguarantee.claims.models import Claim
from reguarantee.claims.services.outward import lower_outward
from reguarantee.recoveries import services as recoveries
from reguarantee.recoveries.models import Recovery
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.factories.races import at_once
from tests.reguarantee.claims.shared import DAY, approve, bring, pay
from tests.reguarantee.filings.test_filings import file, publish
from tests.reguarantee.recoveries.conftest import LETTER

ROUNDS = 24
ACCOUNT = {"account_name": "安和担保", "account_no": "6222", "account_bank": "工行"}


@pytest.fixture
def people(fresh_database: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        people = staff(GROUP)
        publish(people)
        file()
        yield people


def told(people: dict[str, User]) -> dict[str, Any]:
    return {"actor": people["accountant"], "today": DAY}


def share(number: int) -> Recovery:
    letter = replace(LETTER, recovery_no=f"ZH-{number}", on=DAY, gross_fen=1_000, cost_fen=0)
    return recoveries.open_recovery(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=DAY)


def test_a_recovery_is_shared_while_a_part_is_paid(people: dict[str, User]) -> None:
    """CLM-07, REC-10: what is netted and what is paid come together to what was approved."""
    claim = approve(bring(), people)
    for number in range(ROUNDS):
        order = cash.prepare(actor=people["cashier"], today=DAY, key=claim.key, fen=100, **ACCOUNT)
        at_once(
            GROUP,
            lambda order=order, number=number: cash.confirm(**told(people), order_id=order.id, voucher_no=f"V-{number}"),
            lambda number=number: share(number),
        )
    claim.refresh_from_db()
    assert claim.paid_fen == 100 * ROUNDS
    assert moneys.due(claim.key).fen == claim.payable_fen == claim.approved_fen - claim.netted_fen


def test_a_fund_pays_while_its_claim_is_lowered(people: dict[str, User]) -> None:
    """REC-10: the fund's claim falls by what came back and by what the fund pays, whoever comes first."""
    claim = pay(approve(bring(), people), people)
    row = services.submit_outward(actor=people["claims"], today=DAY, outward_id=claim.outward.get().id)
    before = row.fen
    for number in range(ROUNDS):
        money = {"fen": 100, "on": DAY, "voucher_no": f"F-{number}"}
        at_once(
            GROUP,
            lambda money=money: services.receive_outward(actor=people["cashier"], today=DAY, outward_id=row.id, **money),
            lambda number=number: lower_outward(**told(people), outward_id=row.id, fen=10, recovery_no=f"ZH-{number}"),
        )
    row.refresh_from_db()
    assert (row.paid_fen, row.fen) == (100 * ROUNDS, before - 10 * ROUNDS)
    due = moneys.due(row.key)
    assert (due.fen, due.moved_fen) == (row.fen, row.paid_fen)


def test_a_payment_is_confirmed_at_the_desk_while_the_claim_takes_it_back(people: dict[str, User]) -> None:
    """CLM-07: the order is paid or cancelled; the claim says the same."""
    claim = approve(bring(), people)
    for number in range(ROUNDS):
        services.prepare(actor=people["cashier"], today=DAY, claim_id=claim.id, **ACCOUNT)
        order = moneys.due(claim.key).orders.get(state="PREPARED")
        at_once(
            GROUP,
            lambda order=order, number=number: cash.confirm(**told(people), order_id=order.id, voucher_no=f"V-{number}"),
            lambda: services.cancel(actor=people["cashier"], today=DAY, claim_id=claim.id, reason="账号有误"),
        )
        stands, due = Claim.objects.get(id=claim.id), moneys.due(claim.key)
        assert stands.paid_fen == due.moved_fen
        if stands.paid_fen:
            movement = moneys.settling(claim.key)[0]
            cash.reverse(**told(people), movement_id=movement.id, reason="再来一次")
        assert Claim.objects.get(id=claim.id).status == "APPROVED"
