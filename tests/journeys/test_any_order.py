"""After the running case's claim anything happens in any order, in both houses and by their post: nothing breaks.

No letter is left unread, expected, reported and moved agree in both houses, no amount stays open, and each party bears its
share of what did not come back (domain.md 5.9, 12).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from kernel.cash import queries as money
from kernel.cash import services as cash
from reguarantee.claims import services as group_claims
from reguarantee.claims.models import Claim, OutwardClaim
from tenants.claims.models import Claim as MemberClaim
from tenants.recoveries import services as recoveries
from tenants.recoveries.models import Receipt
from tests.factories.five_parties import BANK_ACCOUNT, FUND_ACCOUNT, MEMBER_ACCOUNT, YUAN, Case
from tests.factories.houses import ANHE, GROUP
from tests.journeys.test_five_parties import until_the_claim
from tests.reguarantee.claims.shared import sign

SEEDS = (2, 5)
STEPS = 9
BASE, DEBT = 4_000_000 * YUAN, 4_060_000 * YUAN
SHARES = {"member": 40, "group": 20, "nfgf": 20}
ACCOUNTS = {ANHE: MEMBER_ACCOUNT, "NFGF": FUND_ACCOUNT}


class Undone(Exception):
    """Ends a course: what it wrote is rolled back."""


class Course:
    def __init__(self, case: Case, random: Random) -> None:
        self.case, self.random = case, random
        self.done: list[str] = []

    def run(self) -> None:
        for _ in range(STEPS):
            act = self.random.choice(self.acts())
            self.done.append(act.__name__)
            act()
            self.case.post()
        self.finish()

    def acts(self) -> list[Callable[[], None]]:
        return [self.approve, self.pay, self.pay, self.unpay, self.recover, self.recover, self.undo, self.settle, self.settle]

    def approve(self) -> None:
        case = self.case
        with case.group() as people:
            claim = Claim.objects.get()
            if claim.status == "RECEIVED":
                told = {"actor": people["claims"], "today": case.day, "claim_id": claim.pk}
                group_claims.take_up(**told)
                group_claims.send_to_approval(**told)
                sign(claim, people, today=case.day)

    def pay(self, most: int = 2) -> None:
        """A part or all is sent; the member registers it now or later, as it does all that is open."""
        case = self.case
        with case.group() as people:
            claim = Claim.objects.get()
            if claim.status != "APPROVED":
                return
            left = claim.payable_fen - claim.paid_fen
            part = -(-left // self.random.randint(1, most))
            order = cash.prepare(actor=people["cashier"], today=case.day, key=claim.key, fen=part, **MEMBER_ACCOUNT)
            voucher = case.voucher()
            cash.confirm(actor=people["accountant"], today=case.day, order_id=order.pk, voucher_no=voucher)
        case.post()
        case.arrived("member", GROUP, claim.key, part, voucher)

    def unpay(self) -> None:
        """The group's payment bounced: it undoes it, and the member undoes its receipt."""
        case = self.case
        with case.group() as people:
            key = Claim.objects.get().key
            paid = money.settling(key).last()
            if paid is None:
                return
            cash.reverse(actor=people["accountant"], today=case.day, movement_id=paid.pk, reason="退票")
        with case.member() as people:
            came = money.settling(key).get(voucher_no=paid.voucher_no)
            cash.reverse(actor=people["executive"], today=case.day, movement_id=came.pk, reason="退票")

    def recover(self) -> None:
        case = self.case
        case.day += timedelta(days=1)
        with case.member() as people:
            left = DEBT - sum(Receipt.objects.values_list("net_fen", flat=True))
            gross = min(self.random.choice([1, 7, 90_000_001, 100_000_000]), left)
            if not gross:
                return
            told = {"on": case.day, "gross_fen": gross, "method": "ENFORCEMENT", "voucher_no": f"FY-{case.voucher()}"}
            costs = {"LAWYER": gross // 10} if self.random.random() < 0.5 else {}
            told |= {"guarantee_id": case.guarantee_id, "costs": costs}
            recoveries.record(actor=people["operations"], today=case.day, **told)

    def undo(self) -> None:
        with self.case.member() as people:
            standing = list(Receipt.objects.filter(reverses=None, reversed_by=None).order_by("id"))
            if standing:
                told = {"receipt_id": self.random.choice(standing).pk, "reason": "退票"}
                recoveries.undo(actor=people["executive"], today=self.case.day, **told)

    def settle(self) -> None:
        """One of the amounts that are open anywhere, but for the claim."""
        case, found = self.case, []
        for where in (case.member, case.group):
            with where():
                found += [(where, due) for due in money.dues(open_only=True).exclude(purpose__in=("CLAIM", "DEBTOR"))]
        found = [(where, due) for where, due in found if due.direction == "OUT" or due.counterparty not in (ANHE, GROUP)]
        if not found:
            return
        where, due = self.random.choice(found)
        if due.direction == "IN":
            case.arrived("group" if where == case.group else "member", due.counterparty, due.key, due.open_fen, case.voucher())
        elif where == case.group:
            sent = case.group_pays(due.key, ACCOUNTS[due.counterparty])
            if due.counterparty == ANHE:
                case.arrived("member", GROUP, due.key, due.open_fen, sent)
        else:
            case.member_pays(due.key, None if due.counterparty == GROUP else BANK_ACCOUNT)

    def finish(self) -> None:
        self.approve()
        self.case.post()
        self.pay(1)
        for _ in range(30):
            self.fund()
            self.settle()
            self.case.post()

    def fund(self) -> None:
        with self.case.group() as people:
            for row in OutwardClaim.objects.filter(state="OPEN", fen__gt=0):
                group_claims.submit_outward(actor=people["claims"], today=self.case.day, outward_id=row.pk)

    def check(self) -> None:
        case = self.case
        for where in (case.group, case.member):
            with where():
                rows = money.breaks(today=case.day + timedelta(days=365))
                assert list(rows.values_list("key", "break_code", "fen", "moved_fen", "reported_fen")) == [], self.done
        case.nothing_breaks()
        with case.member():
            net = sum(Receipt.objects.values_list("net_fen", flat=True))
            claim = MemberClaim.objects.get()
            assert (claim.state, claim.paid_fen) == ("CLOSED", claim.payable_fen)
        loss = self.losses()
        assert sum(loss.values()) == DEBT - net
        odd = 3 * (2 + self.case.vouchers)
        for party in ("group", "nfgf"):
            assert abs(loss[party] * 100 - SHARES[party] * max(BASE - net, 0)) <= odd * 100, (party, loss, net)

    def losses(self) -> dict[str, int]:
        from reguarantee.settlements import queries as settlements

        with self.case.group():
            return settlements.losses(self.case.filing())


@pytest.fixture
def case(db: None, monkeypatch: pytest.MonkeyPatch) -> Case:
    return until_the_claim(Case(monkeypatch))


def test_nothing_breaks_in_any_order(case: Case) -> None:
    """CLM-07, REC-10: claim and recoveries in both houses, in orders drawn by number."""
    day, vouchers = case.day, case.vouchers
    for seed in SEEDS:
        case.day, case.vouchers = day, vouchers
        with pytest.raises(Undone), transaction.atomic():
            course: Any = Course(case, Random(seed))
            course.run()
            course.check()
            with case.member(), connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
            raise Undone
