"""The running case of domain.md 12 as five parties act it out: bank, member, group, and the fund's money in and out.

Every step is a verb of a room, done by the person whose post it is; letters go by the post of the houses.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from infra import wiring
from kernel.cash import queries as money
from kernel.cash import services as cash
from registry.tenancy import inside
from reguarantee.claims import services as group_claims
from reguarantee.claims.models import Claim, OutwardClaim
from reguarantee.filings import queries as filings
from reguarantee.filings.models import Filing
from reguarantee.premiums import services as premiums
from reguarantee.settlements import queries as settlements
from tenants.applications import services as applications
from tenants.cessions import services as cessions
from tenants.cessions.models import PremiumList
from tenants.claims import services as claims
from tenants.claims.models import Claim as MemberClaim
from tenants.claims.slots import REQUIRED
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee
from tenants.recoveries import services as recoveries
from tenants.recoveries.models import Receipt
from tests.factories import members
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.factories.treaties import agree
from tests.reguarantee.claims.shared import sign
from tests.reguarantee.engine.terms import N_4222, document, quota

YUAN = 100
DRAWN, DUE, PAID, CLAIMED = date(2026, 3, 1), date(2027, 3, 1), date(2027, 3, 8), date(2027, 3, 10)
GROUP_ACCOUNT = {"account_name": "测试再担保集团", "account_no": "6222000000000001", "account_bank": "华星银行"}
MEMBER_ACCOUNT = {"account_name": "安和融资担保有限公司", "account_no": "6222000011112222", "account_bank": "华星银行"}
FUND_ACCOUNT = {"account_name": "国家融资担保基金", "account_no": "6222000000000009", "account_bank": "锦州城市银行"}
BANK_ACCOUNT = {"account_name": "华星银行", "account_no": "1000000000000001", "account_bank": "华星银行"}


class Case:
    """The case as it goes on. `day` is the day on which everybody acts, and on which letters are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day = date(2026, 2, 10)
        clock = SimpleNamespace(localdate=lambda: self.day, now=timezone.now)
        monkeypatch.setattr("kernel.outbox.services.timezone", clock)
        self.guarantee_id = 0
        self.vouchers = 0

    # Where one works

    @contextmanager
    def member(self) -> Iterator[dict[str, Any]]:
        with inside(house(ANHE)):
            yield staff(ANHE)

    @contextmanager
    def group(self) -> Iterator[dict[str, Any]]:
        with inside(house(GROUP)):
            yield staff(GROUP)

    def post(self) -> None:
        """Everything that waits is read, and nothing is left over."""
        wiring.deliver()
        from kernel.outbox.models import Letter
        from registry.tenancy import PUBLIC

        with inside(PUBLIC):
            left = list(Letter.objects.filter(delivered_at=None).values_list("kind", "last_error"))
        assert not left, left

    def voucher(self) -> str:
        self.vouchers += 1
        return f"V-{self.vouchers}"

    # The steps of domain.md 12, in its order

    def agree(self) -> None:
        self.day = date(2026, 1, 5)
        with self.group() as people:
            agree(actor=people["treaty"], today=self.day, code="P4222", terms=TERMS)

    def apply_and_draw(self) -> None:
        """The bank sends the application; it is reviewed, approved, issued; the bank draws the whole loan."""
        self.day = date(2026, 2, 10)
        with self.member() as people:
            received = members.make_received(today=self.day, amount_fen=5_000_000 * YUAN)
            taken = applications.take_up(actor=people["manager"], today=self.day, application_id=received.pk)
            members.sign_all(taken.subject, today=self.day)
            guarantee = guarantees.issue(actor=people["operations"], today=self.day, application_id=taken.pk)
            self.guarantee_id = guarantee.pk
            self.day = DRAWN
            told = {"guarantee_id": guarantee.pk, "iou_no": "JJ-1", "amount_fen": 5_000_000 * YUAN, "on": DRAWN}
            guarantees.drawdown(actor=members.bank(), today=self.day, **told)
        self.post()

    def premium(self) -> None:
        """The month's list is agreed, billed, paid; the fund's part is passed on."""
        self.day = date(2026, 4, 2)
        with self.group() as people:
            drawn = premiums.draw_list(actor=people["accountant"], today=self.day, member_code=ANHE, period="2026-03")
            premiums.issue_list(actor=people["accountant"], today=self.day, list_id=drawn.pk)
        self.post()
        with self.member() as people:
            cessions.answer_list(actor=people["operations"], today=self.day, list_id=PremiumList.objects.get().pk)
        self.post()
        with self.group() as people:
            (bill,) = premiums.bill(actor=people["accountant"], today=self.day, member_code=ANHE, period=BILLED)
            assert bill.premium_fen == 6_000 * YUAN
        self.post()
        self.member_pays(bill.key)
        with self.group() as people:
            fund = premiums.close_fund(actor=people["accountant"], today=self.day, party="nfgf", period=BILLED)
            assert fund is not None
            assert money.due(fund.key).fen == 3_000 * YUAN
        self.group_pays(fund.key, FUND_ACCOUNT)

    def default(self) -> None:
        """1,000,000 is repaid; at maturity the rest is not, and the member pays the bank 80 % of 4,060,000."""
        with self.member() as people:
            self.day = date(2026, 9, 1)
            told = {"guarantee_id": self.guarantee_id}
            repaid = {"reference": "HK-1", "principal_fen": 1_000_000 * YUAN, "on": self.day}
            guarantees.repay(actor=members.bank(), today=self.day, **told, **repaid)
            self.day = date(2027, 3, 2)
            guarantees.mark_overdue(actor=members.bank(), today=self.day, **told, on=self.day)
            self.day = PAID
            notice = {"bank_notice_on": date(2027, 3, 5), "paid_on": PAID, "voucher_no": "DC-1"}
            paid = claims.pay_outstanding(
                actor=people["operations"], today=self.day, **told, interest_fen=60_000 * YUAN, **notice
            )
            assert paid.paid_fen == 3_248_000 * YUAN
            assert Guarantee.objects.get(pk=self.guarantee_id).balance_fen == 0
        self.post()

    def claim(self) -> None:
        """The member hands its papers in and claims 40 % of 4,000,000; the group takes it up."""
        self.day = CLAIMED
        with self.member() as people:
            for slot in REQUIRED:
                told = {"slot": slot, "name": f"{slot}.pdf", "file": BytesIO(b"%PDF-1.4 case " + slot.encode())}
                claims.attach(actor=people["operations"], today=self.day, guarantee_id=self.guarantee_id, **told)
            found = MemberClaim.objects.get(guarantee_id=self.guarantee_id)
            assert found.asked_fen == 1_600_000 * YUAN
            claims.submit(actor=people["operations"], today=self.day, claim_id=found.pk, **MEMBER_ACCOUNT)
        self.post()

    def approve(self) -> None:
        self.day = date(2027, 3, 12)
        with self.group() as people:
            claim = Claim.objects.get()
            group_claims.take_up(actor=people["claims"], today=self.day, claim_id=claim.pk)
            group_claims.send_to_approval(actor=people["claims"], today=self.day, claim_id=claim.pk)
            claim = sign(claim, people, today=self.day)
            assert (claim.status, claim.approved_fen) == ("APPROVED", 1_600_000 * YUAN)
        self.post()

    def pay_claim(self, fen: int) -> None:
        self.day = date(2027, 3, 15)
        with self.group() as people:
            claim = Claim.objects.get()
            group_claims.prepare(actor=people["cashier"], today=self.day, claim_id=claim.pk)
            voucher = self.voucher()
            group_claims.confirm(actor=people["accountant"], today=self.day, claim_id=claim.pk, voucher_no=voucher)
        self.post()
        self.arrived("member", GROUP, claim.key, fen, voucher)

    def fund_pays(self, fen: int) -> None:
        self.day = date(2027, 3, 20)
        with self.group() as people:
            outward = OutwardClaim.objects.get()
            group_claims.submit_outward(actor=people["claims"], today=self.day, outward_id=outward.pk)
            assert outward.fen == fen
            told = {"outward_id": outward.pk, "fen": fen, "on": self.day, "voucher_no": self.voucher()}
            group_claims.receive_outward(actor=people["cashier"], today=self.day, **told)
            assert Claim.objects.get().status == "CLOSED"
        self.post()

    def recover(self, day: date) -> str:
        """1,000,000 comes from the debtor, 100,000 was spent on it. Returns the recovery's number."""
        self.day = day
        with self.member() as people:
            told = {"on": day, "gross_fen": 1_000_000 * YUAN, "method": "ENFORCEMENT", "voucher_no": "FY-1"}
            costs = {"LITIGATION": 60_000 * YUAN, "LAWYER": 40_000 * YUAN}
            receipt = recoveries.record(
                actor=people["operations"], today=day, guarantee_id=self.guarantee_id, costs=costs, **told
            )
        self.post()
        return receipt.number

    def undo(self, number: str) -> str:
        """The recovery was a mistake. Returns the number of its opposite."""
        with self.member() as people:
            receipt = Receipt.objects.get(number=number)
            opposite = recoveries.undo(actor=people["executive"], today=self.day, receipt_id=receipt.pk, reason="执行回转")
        self.post()
        return opposite.number

    # Money between two houses, or to somebody outside

    def member_pays(self, key: str, account: dict[str, str] | None = None) -> None:
        with self.member() as people:
            order = cash.prepare(actor=people["operations"], today=self.day, key=key, **(account or GROUP_ACCOUNT))
            told = {"order_id": order.pk, "voucher_no": self.voucher()}
            moved = cash.confirm(actor=people["executive"], today=self.day, **told)
        self.post()
        if account is None:
            self.arrived("group", ANHE, key, moved.fen, moved.voucher_no)

    def group_pays(self, key: str, account: dict[str, str]) -> str:
        """Returns the number of the transfer."""
        voucher = self.voucher()
        with self.group() as people:
            order = cash.prepare(actor=people["cashier"], today=self.day, key=key, **account)
            cash.confirm(actor=people["accountant"], today=self.day, order_id=order.pk, voucher_no=voucher)
        self.post()
        return voucher

    def arrived(self, where: str, payer: str, key: str, fen: int, voucher: str) -> None:
        with self.group() if where == "group" else self.member() as people:
            cashier = people["cashier" if where == "group" else "operations"]
            told = {"counterparty": payer, "fen": fen, "on": self.day, "voucher_no": voucher, "key": key}
            cash.receive(actor=cashier, today=self.day, **told)
        self.post()

    # What is asked of the case

    def filing(self) -> Filing:
        found = filings.of(ANHE, self.guarantee_id)
        assert found is not None
        return found

    def losses(self) -> dict[str, int]:
        """Yuan by party, without those who lose nothing."""
        with self.group():
            found = settlements.losses(self.filing())
        assert all(fen % YUAN == 0 for fen in found.values())
        return {party: fen // YUAN for party, fen in found.items() if fen}

    def nothing_breaks(self) -> None:
        """Expected, reported and moved agree in both houses, and no amount is open."""
        for work in (self.group, self.member):
            with work():
                assert list(money.breaks(today=date(2028, 1, 1)).values_list("key", "break_code")) == []
                assert list(money.orphan_reports()) == []
                assert list(money.dues(open_only=True)) == []


TERMS = document(
    quota(**N_4222),
    code="P4222",
    scope={"principal_max_fen": 1_000_000_000},
    premium={
        "base": "INITIAL_PRINCIPAL",
        "day_count": "ACT/365",
        "rates": [{"obligor_max_fen": 500_000_000, "rate": "0.003"}, {"rate": "0.005"}],
    },
    recoveries={"order": "COST_FIRST_PRO_RATA", "pass_on_days": 15},
)
BILLED = "2026-03"
