"""A claim is paid at its own page or at the desk of payments: it says the same, and the member hears of what was undone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kernel.access.models import User
from kernel.cash import queries as moneys
from kernel.cash import services as cash
from kernel.letters import ClaimPaid
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.claims import services
from reguarantee.claims.models import Claim
from reguarantee.filings.models import Filing
from reguarantee.recoveries import queries as recoveries
from tests.reguarantee.claims.shared import DAY, approve, bring, pay
from tests.reguarantee.recoveries.conftest import report

People = dict[str, User]
ACCOUNT = {"account_name": "安和担保", "account_no": "6222", "account_bank": "工行"}


@pytest.fixture
def claim(filed: Filing, people: People) -> Claim:
    return approve(bring(), people)


def status(claim: Claim) -> str:
    claim.refresh_from_db()
    return claim.status


def sent() -> list[dict[str, Any]]:
    with inside(PUBLIC):
        return [json.loads(row.body) for row in Letter.objects.filter(kind=ClaimPaid.kind).order_by("id")]


def test_a_payment_cancelled_at_the_desk_can_be_prepared_again(claim: Claim, people: People) -> None:
    """CLM-07: the claim left the state in which nothing could be done with it."""
    services.prepare(actor=people["cashier"], today=DAY, claim_id=claim.pk)
    order = moneys.waiting(claim.key)
    cash.cancel(actor=people["cashier"], today=DAY, order_id=order.pk, reason="账号有误")
    assert status(claim) == "APPROVED"
    assert pay(claim, people).status == "PAID"


def test_a_payment_prepared_at_the_desk_is_under_way(claim: Claim, people: People) -> None:
    """What comes back meanwhile is passed on; it used to be netted, and the letter waited behind the open payment."""
    order = cash.prepare(actor=people["cashier"], today=DAY, key=claim.key, **ACCOUNT)
    assert status(claim) == "PAYING"
    report()
    assert [(row.remit_fen > 0, row.held_fen) for row in recoveries.listing()] == [(True, 0)]
    services.cancel(actor=people["cashier"], today=DAY, claim_id=claim.pk, reason="账号有误")
    order.refresh_from_db()
    assert (order.state, status(claim)) == ("CANCELLED", "APPROVED")


def test_a_payment_that_bounced_is_told_and_made_again_under_the_same_number(claim: Claim, people: People) -> None:
    pay(claim, people, voucher="V-1")
    first = moneys.settling(claim.key).get()
    cash.reverse(actor=people["accountant"], today=DAY, movement_id=first.pk, reason="退票")
    assert status(claim) == "APPROVED"
    pay(claim, people, voucher="V-1")
    told = sent()
    assert [letter["fen"] for letter in told] == [claim.approved_fen, -claim.approved_fen, claim.approved_fen]
    assert len({letter["reference"] for letter in told}) == 3


def test_a_part_is_undone_while_another_waits(claim: Claim, people: People) -> None:
    """It is still under way: what comes back then is passed on, and the waiting payment can be taken back or sent."""
    part = {"actor": people["cashier"], "today": DAY, "key": claim.key, "fen": 100}
    first = cash.prepare(**part, **ACCOUNT)
    paid = cash.confirm(actor=people["accountant"], today=DAY, order_id=first.pk, voucher_no="V-1")
    cash.prepare(**part, **ACCOUNT)
    cash.reverse(actor=people["accountant"], today=DAY, movement_id=paid.pk, reason="退票")
    assert (status(claim), claim.paid_fen) == ("PAYING", 0)
    services.cancel(actor=people["cashier"], today=DAY, claim_id=claim.pk, reason="账号有误")
    assert pay(claim, people).paid_fen == claim.approved_fen
