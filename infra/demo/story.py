"""Two years in the life of three members, played through the services that users press.

Case k of a member is the same on every machine: its own random source decides everything. A case that was
played already is recognised by its bank reference, so the story can stop anywhere and go on later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction

from infra.demo import meetings, names, people
from infra.demo.group import cover, post
from kernel.access.actors import Actor
from kernel.approval import services as approval
from kernel.approval.models import FlowTask
from kernel.calendar import add_months
from kernel.notices import services as notices
from registry.models import Bank, Institution
from tenants.applications import queries as applications
from tenants.applications import services as application_services
from tenants.claims import queries as claim_queries
from tenants.claims import services as claims
from tenants.guarantees import queries as guarantee_queries
from tenants.guarantees import services as guarantees

WAN = 1_000_000
_STORY_DAYS = 730
_REVIEWED_AFTER = 240
"""Days after which the group has decided a filing that needed people; what is newer still waits for some of them."""
_BAD = ("COMPENSATED", "OVERDUE")
_OPINIONS = {
    "acceptance": "资料齐全，符合受理条件。",
    "risk": "经营稳定，第一还款来源充足，同意按方案承保。",
    "legal": "合同文本与反担保措施合规。",
    "chair": "经审阅，同意承保方案。",
    "final": "同意。",
}
_SEATS = {
    "DEPT_HEAD": "head",
    "RISK_REVIEWER": "risk",
    "LEGAL_REVIEWER": "legal",
    "COMMITTEE_CHAIR": "chair",
    "EXECUTIVE": "executive",
}
PURPOSES = ("采购原材料", "补充流动资金", "购置生产设备", "支付工程款", "扩大种植规模", "研发投入", "支付货款")


@dataclass(frozen=True)
class Product:
    code: str
    kind: str
    amounts_wan: tuple[int, ...]
    terms: tuple[int, ...]


@dataclass(frozen=True)
class Fate:
    """How a case ends, and the share of cases (per cent) that end so."""

    name: str
    per_cent: int


_FATES = (
    Fate("RELEASED", 38),
    Fate("IN_FORCE", 25),
    Fate("IN_REVIEW", 9),
    Fate("COMPENSATED", 6),
    Fate("OVERDUE", 5),
    Fate("PARTLY_DRAWN", 4),
    Fate("ISSUED", 3),
    Fate("REJECTED", 3),
    Fate("SUBMITTED", 3),
    Fate("WITHDRAWN", 2),
    Fate("APPROVED", 2),
)


_POLICY_FEE = Decimal("0.008")
_WAITING_CASE = 9001


class Teller:
    """Tells the cases of one member, inside its house."""

    def __init__(self, member: Institution, banks: list[Bank], products: list[Product], today: date) -> None:
        self.member, self.banks, self.products, self.today = member, banks, products, today
        self.staff = people.staff(code=member.code)

    def tell(self, case: int) -> bool:
        """Play one case in one transaction; False when it was played before."""
        random = Random(f"{self.member.code}-{case}")
        reference = f"{self.member.code}-D{case:04d}"
        bank = random.choice(self.banks)
        if applications.by_bank_reference(bank.code, reference) is not None:
            return False
        fate = random.choices([f.name for f in _FATES], [f.per_cent for f in _FATES])[0]
        product = random.choice(self.products)
        # Two years of story see a loan of a year or less come to its end.
        term = min(product.terms) if fate in ("RELEASED", "COMPENSATED") else random.choice(product.terms)
        started = self._start(random, fate, term)
        with transaction.atomic():
            application = self._receive(random, case, reference, bank, product, term, started, fate)
            self._go_on(random, application, fate, started, term)
        return True

    def leave_waiting(self, bank: Bank) -> bool:
        """A bank's fresh application that nobody has taken up; False when it is there already."""
        reference = f"{self.member.code}-W01"
        if applications.by_bank_reference(bank.code, reference) is not None:
            return False
        with transaction.atomic():
            self._receive(Random(reference), _WAITING_CASE, reference, bank, self.products[0], 12, self.today, "SUBMITTED")
        return True

    def read_messages(self) -> None:
        """Let the staff have read what the story told them; what comes after it is new."""
        for person in self.staff.values():
            notices.mark_read(actor=person)

    def _start(self, random: Random, fate: str, term: int) -> date:
        """A first day that leaves room for the fate: a loan released in time must have come due."""
        if fate == "COMPENSATED":
            ago = random.randint(130, _STORY_DAYS - 30)
        elif fate == "RELEASED":
            latest = max(_STORY_DAYS - 40, 30) - min(term * 31, _STORY_DAYS - 90)
            ago = _STORY_DAYS - random.randint(0, max(latest, 1))
        elif fate in ("IN_FORCE", "OVERDUE", "PARTLY_DRAWN"):
            ago = random.randint(25, max(30, min(term * 30 - 20, 700)))
        elif fate in ("REJECTED", "WITHDRAWN"):
            ago = random.randint(30, _STORY_DAYS)
        else:
            ago = random.randint(1, 18)
        return self.today - timedelta(days=ago)

    def _receive(
        self, random: Random, case: int, reference: str, bank: Bank, product: Product, term: int, on: date, fate: str
    ) -> Any:
        place, region = random.choice(_PLACES.get(self.member.region_code, (("江城", "340100"),)))
        if product.kind == "PERSON" or (product.kind == "" and random.random() < 0.12):
            applicant = application_services.Applicant(
                kind="PERSON",
                name=names.person(random),
                id_number=names.resident_id(random, case),
                region_code=region,
                industry="A",
                mobile=f"139{random.randint(0, 99999999):08d}",
            )
        else:
            # Some firms come back: every fifth case belongs to the firm of an earlier one.
            owner = case - random.randint(1, 40) if case > 60 and random.random() < 0.2 else case
            firm = Random(f"firm-{self.member.code}-{owner}")
            name, section, industry = names.firm(firm, place)
            applicant = application_services.Applicant(
                kind="COMPANY",
                name=name,
                id_number=names.uscc(self.member.id * 10_000 + owner),
                region_code=region,
                industry=section,
                industry_code=industry,
                size_class=firm.choice(("SMALL", "MICRO", "MICRO", "MEDIUM")),
                legal_rep=names.person(firm),
            )
        return application_services.receive(
            actor=Actor("BANK", f"{bank.code}/demo"),
            today=on,
            bank_code=bank.code,
            bank_name=bank.name,
            bank_reference=reference,
            applicant=applicant,
            product_code=product.code,
            amount_fen=random.choice(product.amounts_wan[:3] if fate in _BAD else product.amounts_wan) * WAN,
            term_months=term,
            purpose=random.choice(PURPOSES),
            # A policy institution keeps to the cap of its fees, nearly always.
            fee_rate=_POLICY_FEE if self.member.is_policy and case % 12 else None,
        )

    def _go_on(self, random: Random, application: Any, fate: str, on: date, term: int) -> None:
        if fate == "SUBMITTED":
            return
        manager = self.staff[random.choice(("manager", "manager2"))]
        application_services.take_up(actor=manager, today=on, application_id=application.id)
        on = min(on + timedelta(days=random.randint(1, 3)), self.today)
        steps = random.randint(0, 3) if fate == "IN_REVIEW" else 99
        if fate == "WITHDRAWN":
            application_services.withdraw(actor=manager, today=on, application_id=application.id, text="客户已自筹资金")
            return
        on = self._review(random, application, on, steps, reject=fate == "REJECTED")
        if fate in ("IN_REVIEW", "REJECTED", "APPROVED"):
            return
        self._in_force(random, application, fate, min(on + timedelta(days=2), self.today), term)

    def _review(self, random: Random, application: Any, on: date, steps: int, *, reject: bool) -> date:
        """Sign by whoever holds the post until the case is closed, or `steps` signatures stand."""
        signed = 0
        while signed < steps and on <= self.today:
            task = FlowTask.objects.filter(case__subject=application.subject, state="TODO").order_by("id").first()
            if task is None:
                break
            if task.meeting:
                meetings.hold(application.subject, staff=self.staff, on=on)
                signed += 1
                continue
            user = self.staff[_SEATS[task.post]]
            last = reject and task.element == "risk"
            text = "现金流不足以覆盖还款，风险偏高，建议否决。" if last else _OPINIONS.get(task.element, "同意。")
            approval.decide(actor=user, today=on, task_id=task.id, verdict="REJECT" if last else "APPROVE", text=text)
            if last:
                break
            signed += 1
            on = min(on + timedelta(days=random.randint(0, 2)), self.today)
        return on

    def _in_force(self, random: Random, application: Any, fate: str, on: date, term: int) -> None:
        operations = self.staff["operations"]
        guarantee = guarantees.issue(actor=operations, today=on, application_id=application.id)
        if fate == "ISSUED":
            return
        bank = Actor("BANK", f"{guarantee.bank_code}/demo")
        on = min(on + timedelta(days=random.randint(1, 5)), self.today)
        parts = 2 if fate == "PARTLY_DRAWN" or random.random() < 0.15 else 1
        amount = guarantee.loan_fen // parts
        for part in range(1 if fate == "PARTLY_DRAWN" else parts):
            guarantees.drawdown(
                actor=bank, today=on, guarantee_id=guarantee.id, iou_no=f"JJ{self.member.code}{guarantee.number[2:]}-{part + 1}",
                amount_fen=amount if part + 1 < parts else guarantee.loan_fen - amount * (parts - 1), on=on,
            )  # fmt: skip
        post.deliver(on)  # a claim, and an end, need the group's answer to the filing
        if (self.today - on).days > _REVIEWED_AFTER:
            cover.decide(self.member.code, guarantee.id, on, self.today)
        if fate != "PARTLY_DRAWN":
            self._live(random, guarantee, fate, on, term)

    def _live(self, random: Random, guarantee: Any, fate: str, start: date, term: int) -> None:
        """Repayments each quarter of the term, then the end that the fate wants."""
        bank = Actor("BANK", f"{guarantee.bank_code}/demo")
        due = add_months(start, term)
        bad = fate in _BAD
        left, quarter = guarantee.loan_fen, 0
        slices = max(1, term // 3)
        stop = min(due, self.today)
        if bad:
            stop = min(stop, start + timedelta(days=random.randint(60, 240)))
        while quarter + 1 < slices and add_months(start, 3 * (quarter + 1)) < stop and random.random() < 0.85:
            quarter += 1
            part = guarantee.loan_fen * 6 // 10 // slices
            left -= part
            on = add_months(start, 3 * quarter)
            guarantees.repay(actor=bank, today=on, guarantee_id=guarantee.id, reference=f"HK{quarter}", principal_fen=part, on=on)
        if bad:
            self._go_bad(random, guarantee, fate, stop)
        elif fate == "RELEASED" and due <= self.today:
            guarantees.repay(actor=bank, today=due, guarantee_id=guarantee.id, reference="HK-END", principal_fen=left, on=due)
            guarantees.release(
                actor=self.staff["operations"], today=due, guarantee_id=guarantee.id,
                certificate=f"JQ{guarantee.number[2:]}", on=due,
            )  # fmt: skip

    def _go_bad(self, random: Random, guarantee: Any, fate: str, on: date) -> None:
        bank = Actor("BANK", f"{guarantee.bank_code}/demo")
        guarantees.mark_overdue(actor=bank, today=on, guarantee_id=guarantee.id, on=on)
        paid_on = on + timedelta(days=random.randint(30, 75))
        if fate == "OVERDUE" or paid_on > self.today:
            return
        operations = self.staff["operations"]
        now = guarantee_queries.one(operations, guarantee.id)
        interest = random.randint(5, 60) * 100_000
        claims.pay(
            actor=operations,
            today=paid_on,
            guarantee_id=guarantee.id,
            principal_fen=now.outstanding_fen,
            interest_fen=interest,
            paid_fen=claim_queries.liability(now, now.outstanding_fen, interest),
            paid_on=paid_on,
            bank_notice_on=on,
            voucher_no=f"DC{guarantee.number[2:]}",
        )


_PLACES = {
    "340000": (("江城", "340100"), ("皖江", "340200"), ("淮川", "340300"), ("徽岭", "341000")),
    "320000": (("吴江", "320500"), ("润州", "321100"), ("海陵", "321200"), ("彭城", "320300")),
    "330000": (("钱塘", "330100"), ("甬江", "330200"), ("瓯海", "330300"), ("婺州", "330700")),
}
