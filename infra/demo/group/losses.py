"""Claims and recoveries of the demo: every compensation of a covered guarantee is claimed, as far as the days allow.

The claims go their way in time: what was compensated long ago is paid, recovered and shared; what is new is still being
checked, waits for a signature or for its payment. A few take another course: returned for a missing paper, refused and
appealed, withdrawn, netted with a recovery, written off and still pursued.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from infra.demo import people
from infra.demo.group import post
from infra.demo.group.money import come, pay_out
from kernel.approval import services as approval
from kernel.approval.models import FlowTask
from kernel.cash import queries as moneys
from kernel.documents import papers
from registry import queries as registry
from registry.tenancy import inside
from reguarantee.claims import queries as group_queries
from reguarantee.claims import services as group_claims
from tenants.claims import queries as claim_queries
from tenants.claims import services as claims
from tenants.claims.slots import AFTER_PAYMENT, REQUIRED
from tenants.guarantees import queries as guarantee_queries
from tenants.recoveries import services as recoveries

_SIGNERS = {
    "CLAIMS_HEAD": "claims_head",
    "GROUP_RISK": "risk",
    "GROUP_LEGAL": "legal",
    "GROUP_EXECUTIVE": "executive",
    "GROUP_CHAIRMAN": "chair",
}
_WORDS = {
    "CLAIMS_HEAD": "材料齐全，金额核对无误。",
    "GROUP_RISK": "符合合作协议约定，同意补偿。",
    "GROUP_LEGAL": "合同及担保措施合规。",
    "GROUP_EXECUTIVE": "同意。",
    "GROUP_CHAIRMAN": "同意。",
}
_COURSES = ("PLAIN", "RETURNED", "NETTED", "PLAIN", "WRITTEN_OFF", "REFUSED", "RETURNED", "PLAIN", "PART")


_NEWEST = {
    "WANXIN": ("RECEIVED", "RETURNED", "REVIEWING"),
    "SUTONG": ("APPROVED", "PAYING", "DRAFT"),
    "ZHEYUAN": ("CHECKING", "REJECTED"),
}
"""Where the newest claims of each member stand today."""


class NotYet(Exception):
    """The next step lies in the future: the claim stays where it is."""


def tell(today: date, members: list[str], say: Callable[[str], None]) -> int:
    """Play the claims that are still drafts; returns how many."""
    told = 0
    for member in members:
        with inside(registry.institution(member)):
            operations = people.staff(code=member)["operations"]
            # Without a paper nobody has touched it yet.
            drafts = claim_queries.claims(operations).filter(state="DRAFT", guarantee__claim_file__score=0)
            waiting = list(drafts.order_by("compensation__paid_on", "id"))
        for number, claim in enumerate(waiting):
            # The newest one of each member is still being put together.
            newest = number == len(waiting) - 1 and (today - claim.compensation.paid_on).days < 60
            with post.step():
                _Course(member, claim, today).run(_COURSES[number % len(_COURSES)], stop_early=newest)
            told += 1
        say(f"{member} claims {len(waiting)}")
    return told


def tell_newest(today: date, members: list[str]) -> int:
    """Some guarantees in arrears are paid for these weeks, and their claims stand at every stage; returns how many."""
    told = 0
    for member in members:
        with inside(registry.institution(member)):
            operations = people.staff(code=member)["operations"]
            if claim_queries.claims(operations).filter(compensation__voucher_no__startswith="XD").exists():
                continue
            rows = guarantee_queries.book(operations).filter(state="OVERDUE", coverage="COVERED").order_by("overdue_on")
            waiting = list(rows[: len(_NEWEST[member])])
        for stage, guarantee in zip(_NEWEST[member], waiting, strict=False):
            with post.step():
                paid_on = max(today - timedelta(days=24), guarantee.overdue_on)
                with inside(registry.institution(member)):
                    paid = claims.pay_outstanding(
                        actor=operations, today=paid_on, guarantee_id=guarantee.pk, interest_fen=600_000, paid_on=paid_on,
                        bank_notice_on=paid_on, voucher_no=f"XD{guarantee.number[2:]}",
                    )  # fmt: skip
                    claim = claim_queries.of_guarantee(paid.guarantee)[0]
                post.deliver(paid_on)
                _Course(member, claim, today).run_until(stage)
            told += 1
    return told


def keep_papers(today: date, members: list[str], each: int = 6) -> None:
    """Put some of the papers that a claim would need into the files of guarantees in force: the score of readiness."""
    for member in members:
        with inside(registry.institution(member)):
            operations = people.staff(code=member)["operations"]
            rows = claim_queries.files(operations).filter(claim_file=None, state="IN_FORCE").order_by("-id")[:each]
            for number, guarantee in enumerate(list(rows)):
                early = [slot for slot in REQUIRED if slot not in AFTER_PAYMENT]
                for slot in early[: 1 + number % len(early)]:
                    _attach(operations, guarantee.pk, slot, today)


class _Course:
    """One claim on its way through both houses, day by day."""

    def __init__(self, member: str, claim: Any, today: date) -> None:
        self.member, self.claim_id, self.today = member, claim.pk, today
        self.guarantee_id, self.claim_no = claim.guarantee_id, claim.claim_no
        self.random = Random(f"claim-{member}-{claim.claim_no}")
        self.asked = claim.asked_fen
        with self.at_member():
            self.on: date = claim.compensation.paid_on
            self.bank = claim.guarantee.bank_name

    def run(self, course: str, *, stop_early: bool) -> None:
        try:
            self.prepare_papers(all_but="PURPOSE_EVIDENCE" if stop_early else "")
            if stop_early:
                return
            if course == "NETTED":
                self.recover(fen=self.asked // 2, cost=self.asked // 20, wait=6)
            self.submit(wait=self.random.randint(5, 20))
            self.take_up()
            if course == "RETURNED":
                self.give_back()
                self.answer()
                self.take_up()
            if course == "REFUSED":
                self.refuse_and_appeal()
            if course == "PART":
                self.deny_a_part()
            self.approve()
            self.pay()
            self.claim_on_the_fund()
            if course == "WRITTEN_OFF":
                self.write_off()
            self.recover(fen=self.asked // self.random.randint(2, 4), cost=self.random.randint(1, 6) * 500_000, wait=60)
            self.remit()
        except NotYet:
            return

    def run_until(self, stage: str) -> None:
        """Play the plain course only as far as a stage."""
        try:
            self.prepare_papers(all_but="PURPOSE_EVIDENCE" if stage == "DRAFT" else "")
            if stage == "DRAFT":
                return
            self.submit(wait=3)
            if stage == "RECEIVED":
                return
            self.take_up()
            if stage == "RETURNED":
                self.give_back()
            elif stage == "REJECTED":
                self.refuse()
            elif stage in ("REVIEWING", "APPROVED", "PAYING"):
                self.approve(signatures=2 if stage == "REVIEWING" else 9)
            if stage == "PAYING":
                self.prepare_payment()
        except NotYet:
            return

    # --- Days and houses

    def wait(self, days: int) -> None:
        if self.on + timedelta(days=days) > self.today:
            raise NotYet
        self.on += timedelta(days=days)

    def at_member(self) -> Any:
        return inside(registry.institution(self.member))

    def at_group(self) -> Any:
        return inside(registry.group())

    def staff(self, code: str = "") -> dict[str, Any]:
        return people.staff(code=code or self.member)

    def group_claim(self) -> Any:
        return group_queries.listing().get(member_code=self.member, claim_no=self.claim_no)

    def post(self) -> None:
        post.deliver(self.on)

    # --- The member's steps

    def prepare_papers(self, *, all_but: str) -> None:
        with self.at_member():
            for slot in REQUIRED:
                if slot != all_but:
                    _attach(self.staff()["operations"], self.guarantee_id, slot, self.on)

    def submit(self, *, wait: int) -> None:
        self.wait(wait)
        with self.at_member():
            name = registry.institution(self.member).name
            claims.submit(
                actor=self.staff()["operations"], today=self.on, claim_id=self.claim_id, account_name=name,
                account_no="340001880012345678", account_bank=self.bank,
            )  # fmt: skip
        self.post()

    def answer(self) -> None:
        self.wait(4)
        with self.at_member():
            _attach(self.staff()["operations"], self.guarantee_id, "PAYMENT_VOUCHER", self.on)
            claims.submit(actor=self.staff()["operations"], today=self.on, claim_id=self.claim_id)
        self.post()

    def recover(self, *, fen: int, cost: int, wait: int) -> None:
        self.wait(wait)
        with self.at_member():
            staff = self.staff()
            told = {"actor": staff["operations"], "today": self.on, "guarantee_id": self.guarantee_id, "on": self.on}
            recoveries.note(**told, kind="STAGE", stage="EXECUTION", text="法院立案执行")
            recoveries.record(
                **told,
                gross_fen=fen,
                method="OWN",
                voucher_no=f"ZC{self.claim_no[-6:]}{self.on:%m%d}",
                costs={"LITIGATION": cost},
            )
        self.post()

    def write_off(self) -> None:
        self.wait(30)
        with self.at_member():
            recoveries.write_off(
                actor=self.staff()["executive"], today=self.on, guarantee_id=self.guarantee_id, on=self.on,
                written_off_fen=self.asked // 4, resolution_no=f"核销决议{self.on:%Y}-{self.claim_no[-3:]}",
                reason="终结本次执行，暂无可供执行财产；账销案存，继续追偿。",
            )  # fmt: skip
        self.post()

    def remit(self) -> None:
        """What belongs to the group and the fund is passed on within the agreement's days, and comes."""
        self.wait(9)
        with self.at_member():
            dues = [due for due in moneys.dues(purposes=("RECOVERY", "BANK_RECOVERY"), open_only=True) if due.direction == "OUT"]
            for due in dues:
                pay_out(self.staff(), due.key, f"HK{self.on:%y%m%d}{due.pk:05d}{self.member[:2]}", self.on)
        self.post()
        with self.at_group():
            for due in moneys.dues(purposes=("RECOVERY",), counterparty=self.member, open_only=True):
                come(due, f"HK{self.on:%y%m%d}{due.pk:05d}G", self.on)
        self.post()

    # --- The group's steps

    def take_up(self) -> None:
        self.wait(self.random.randint(1, 2))
        with self.at_group():
            group_claims.take_up(actor=self.staff("GROUP")["claims"], today=self.on, claim_id=self.group_claim().pk)
        self.post()

    def give_back(self) -> None:
        self.wait(2)
        with self.at_group():
            group_claims.give_back(
                actor=self.staff("GROUP")["claims"], today=self.on, claim_id=self.group_claim().pk,
                lacks=[("ILLEGIBLE", "PAYMENT_VOUCHER", "付款凭证扫描件无法辨认金额，请重新上传。")], text="请补正后重新提交。",
            )  # fmt: skip
        self.post()

    def refuse(self) -> None:
        self.wait(3)
        with self.at_group():
            group_claims.refuse(
                actor=self.staff("GROUP")["claims"], today=self.on, claim_id=self.group_claim().pk, code="OUT_OF_DUTY",
                text="未按协议约定在风险发生后及时报告。",
            )  # fmt: skip
        self.post()

    def refuse_and_appeal(self) -> None:
        self.refuse()
        self.wait(6)
        with self.at_member():
            claims.submit(
                actor=self.staff()["operations"], today=self.on, claim_id=self.claim_id,
                late_reason="逾期当日已报送风险预警，附系统回执，请复核。",
            )  # fmt: skip
        self.post()
        self.take_up()

    def deny_a_part(self) -> None:
        with self.at_group():
            claim = self.group_claim()
            group_claims.deny(
                actor=self.staff("GROUP")["claims"], today=self.on, claim_id=claim.pk, code="NOT_PROVED",
                fen=max(claim.checked_fen // 20, 1), text="部分贷款用途证明与合同约定不符，该部分不予补偿。",
            )  # fmt: skip
        self.post()

    def approve(self, *, signatures: int = 9) -> None:
        self.wait(1)
        with self.at_group():
            self.let_checks_stand()
            group_claims.send_to_approval(actor=self.staff("GROUP")["claims"], today=self.on, claim_id=self.group_claim().pk)
        self.post()
        for _signature in range(signatures):
            with self.at_group():
                task = FlowTask.objects.filter(case__subject=self.group_claim().subject, state="TODO").order_by("id").first()
                if task is None:
                    return
                self.wait(1)
                actor = self.staff("GROUP")[_SIGNERS[task.post]]
                approval.decide(actor=actor, today=self.on, task_id=task.id, text=_WORDS[task.post])
            self.post()

    def let_checks_stand(self) -> None:
        """The officer lets a failing check stand where the member has explained it."""
        claim = self.group_claim()
        last = claim.checks.order_by("-run").values_list("run", flat=True).first()
        for row in claim.checks.filter(run=last):
            if row.is_blocking:
                group_claims.waive(
                    actor=self.staff("GROUP")["claims"],
                    today=self.on,
                    check_id=row.pk,
                    text="担保机构已书面说明，经核实可予认可。",
                )

    def prepare_payment(self) -> Any:
        """The cashier prepares, when anything is left to pay."""
        self.wait(1)
        with self.at_group():
            claim = self.group_claim()
            if claim.payable_fen:
                group_claims.prepare(actor=self.staff("GROUP")["cashier"], today=self.on, claim_id=claim.pk)
        self.post()
        return claim

    def pay(self) -> None:
        """The accountant confirms what the cashier prepared; the member registers what arrives."""
        claim = self.prepare_payment()
        if not claim.payable_fen:
            return
        self.wait(1)
        voucher = f"BC{self.on:%y%m%d}{self.claim_no[-6:]}{self.member[:2]}"
        with self.at_group():
            claim = group_claims.confirm(
                actor=self.staff("GROUP")["accountant"], today=self.on, claim_id=claim.pk, voucher_no=voucher
            )
        self.post()
        self.wait(1)
        with self.at_member():
            claims.receive(
                actor=self.staff()["operations"], today=self.on, claim_id=self.claim_id, fen=claim.paid_fen, on=self.on,
                voucher_no=voucher,
            )  # fmt: skip
        self.post()

    def claim_on_the_fund(self) -> None:
        with self.at_group():
            self.wait(5)
            outward = list(self.group_claim().outward.all())
            for row in outward:
                group_claims.submit_outward(actor=self.staff("GROUP")["claims"], today=self.on, outward_id=row.pk)
            self.wait(40)
            for row in outward:
                group_claims.receive_outward(
                    actor=self.staff("GROUP")["cashier"], today=self.on, outward_id=row.pk, fen=row.fen, on=self.on,
                    voucher_no=f"GD{self.on:%y%m%d}{row.number[-6:]}",
                )  # fmt: skip
        self.post()


def _attach(actor: Any, guarantee_id: int, slot: str, on: date) -> None:
    claims.attach(
        actor=actor, today=on, guarantee_id=guarantee_id, slot=slot, name=f"{REQUIRED[slot]}.pdf", file=io.BytesIO(_paper(slot))
    )


@cache
def _paper(slot: str) -> bytes:
    """A page that says which paper it stands for."""
    return papers.render(str(REQUIRED[slot]), [papers.Paragraph("演示数据：此处为扫描件。")], number=slot, on=date(2026, 1, 1))
