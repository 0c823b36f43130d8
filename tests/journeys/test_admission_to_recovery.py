"""A guarantee company from its application to its first recovered money, clicked in a real browser.

It applies on the group's public page, is judged, visited and voted on, signs, and gets a house of its own. Its first guarantee is
ceded, goes bad, is claimed (returned once for a missing paper), paid by two people, and what is recovered is shared. The
figures are those of domain.md 12.
"""

from __future__ import annotations

import http.client
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from infra import wiring
from infra.demo import names, people
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.cash import queries as moneys
from kernel.outbox import queries as post
from registry import services as registry
from registry.tenancy import PUBLIC, inside
from reguarantee.monitoring import services as monitoring
from tenants.applications import services as applications
from tenants.claims import services as claims
from tenants.claims.slots import REQUIRED
from tenants.guarantees import services as guarantees
from tests.factories.houses import BANK, GROUP, PASSWORD, house, staff
from tests.factories.members import REVIEWERS
from tests.factories.treaties import agree
from tests.journeys.clicks import Person, Site
from tests.reguarantee.engine.terms import N_4222, document, quota

pytestmark = pytest.mark.browser

CODE, NAME = "HUAIXIN", "淮信融资担保有限公司"
FIRM = "江城恒远精密机械有限公司"
SCOPES = ["applications:write", "applications:read", "guarantees:read", "guarantees:write"]
LOAN_FEN, REPAID_FEN, INTEREST_FEN, PAID_FEN = 500_000_000, 100_000_000, 6_000_000, 324_800_000
CLAIM_FEN, REMIT_FEN = 160_000_000, 36_000_000
TERMS = document(quota(**N_4222), attaches={"from": "2020-01-01", "to": "2099-12-31", "by": "drawdown"})
PAPERS = ("LICENCE", "BUSINESS_LICENCE", "ARTICLES", "AUDIT_REPORTS", "CAPITAL_PROOF", "RISK_RULES", "CREDIT_REPORT", "PORTFOLIO")
APPLICATION = {
    "name": NAME, "code": CODE, "uscc": names.uscc(77), "region_code": "340100", "legal_rep": "方明远",
    "established_on": "2012-05-18",
    "licence_no": "RZDB340077", "licence_issuer": "省地方金融管理局", "licence_valid_to": "2030-05-17",
    "address": "高新区创新大道 7 号",
    "capital_source": "LOCAL_FINANCE", "registered_capital_fen": "300000000", "paid_in_capital_fen": "300000000",
    "net_assets_fen": "320000000", "liquid_assets_fen": "200000000", "reserves_fen": "60000000", "liability_fen": "900000000",
    "net_profit_fen": "9600000", "prior_year_volume_fen": "600000000", "volume_before_fen": "500000000",
    "policy_target_fen": "650000000", "requested_line_fen": "500000000", "planned_growth": "10", "small_agri_share": "86",
    "le5m_share": "61", "risk_shared_share": "72", "compensation_rate": "1.2", "recovery_rate": "46", "fee_rate": "0.9",
    "largest_obligor_share": "6", "platform_share": "0", "staff_total": "42", "risk_staff": "9", "violations": "0",
    "risk_rules": True, "accepts_data_link": True, "contact_name": "孙予安", "contact_phone": "13900001234",
    "contact_email": "sun@huaixin.example", "admin_name": "邓一凡", "admin_email": "sysadmin@huaixin.example",
    "security_name": "罗静", "security_email": "security@huaixin.example",
}  # fmt: skip


def carry_on() -> None:
    """What the worker does every half second: deliver letters, project changes."""
    wiring.deliver()
    with inside(house(GROUP)):
        monitoring.catch_up(today=timezone.localdate())


def today() -> str:
    return timezone.localdate().isoformat()


class Journey:
    """The steps in their order; each says who does it."""

    def __init__(self, browser: Any, site: Site, paper: Path) -> None:
        self.browser, self.site, self.paper = browser, site, paper
        self.complaints: list[str] = []
        self.people: dict[tuple[str, str], Person] = {}
        self.applicant = Person(browser, site("group.localhost"), "applicant", self.complaints)
        self.case = self.guarantee_id = self.claim = 0

    def group(self, seat: str) -> Person:
        return self.person(seat, GROUP)

    def member(self, seat: str) -> Person:
        return self.person(seat, CODE)

    def person(self, seat: str, code: str) -> Person:
        if (seat, code) not in self.people:
            base = self.site(f"{code.lower()}.localhost")
            person = Person(self.browser, base, f"{seat}@{code}", self.complaints)
            self.people[seat, code] = person.sign_in(people.email(seat, code), PASSWORD)
        return self.people[seat, code]

    # --- Admission

    def apply(self) -> None:
        """On the public page, with nothing but the address; then the papers, over the private link."""
        one = self.applicant
        one.open("/apply/")
        one.leaves(lambda: one.page.click('a[href="/apply/new/member/"]'))
        one.fill("main form", APPLICATION)
        one.leaves(lambda: one.page.press("main form [name=name]", "Enter"))  # sends, and reads no table of figures
        one.says(NAME)
        link = one.page.inner_text("pre")
        one.open(link)
        for slot in PAPERS:
            one.fill('form[action="/apply/case/paper/"]', {"slot": slot, "file": self.paper})
            one.leaves(lambda: one.page.click('form[action="/apply/case/paper/"] button[type=submit]'))
        officer = self.group("admission")
        officer.open("/admission/cases/?q=")
        self.case = int(re.findall(r"\d+", officer.link(r"/admission/cases/\d+/"))[0])

    def judge(self) -> None:
        """Accepted, complete, analysed by the officer; visited and reviewed by another person."""
        officer, at = self.group("admission"), f"/admission/cases/{self.case}/"
        officer.open(at)
        officer.dialog(f"{at}do/accept/", text="资料真实，予以受理。")
        officer.dialog(f"{at}do/complete/", text="资料齐全。")
        officer.dialog(f"{at}analyse/", text="经营稳健，代偿能力充足。")
        officer.dialog(f"{at}do/conclude/", text="建议准入，授信按政策目标核定。")
        assert officer.page.locator(f'[hx-get="{at}do/review/"]').count() == 0, "nobody reviews his own analysis"
        reviewer = self.group("risk")
        reviewer.open(at)
        reviewer.dialog(
            f"{at}visit/",
            place="淮信公司本部",
            visitors="韩志远、丁若兰",
            met="方明远",
            findings="现场核对台账与内控制度，一致。",
            score="86",
        )
        reviewer.dialog(f"{at}do/review/", score="85", text="同意提交评审会。")

    def decide(self) -> None:
        """The secretary convenes, five members vote by name, the item and the meeting are closed."""
        secretary = self.group("secretary")
        secretary.open("/meetings/new/")
        secretary.fill("main form", {"title": "机构准入评审会", "place": "第一会议室"})
        secretary.leaves(lambda: secretary.page.click("main form button[type=submit]"))
        meeting = urlsplit(secretary.page.url).path
        secretary.dialog(f"{meeting}agenda/", summary="申请机构资质良好。")
        item = secretary.link(r"/meetings/agenda/\d+/")
        secretary.confirm(f"{item}call/")
        for seat in ("chair", "executive", "risk2", "legal", "claims_head"):
            voter = self.group(seat)
            voter.open(item)
            voter.page.check('input[name=choice][value="AGREE"]')
            voter.page.fill("#id_text", "同意准入。")
            voter.leaves(lambda voter=voter: voter.page.click(f'form[action="{item}vote/"] button.btn-primary'))
        secretary.open(item)
        secretary.dialog(f"{item}close/")
        secretary.says("通过")
        secretary.open(meeting)
        secretary.dialog(f"{meeting}close/")
        assert secretary.page.locator(f'a[href="{meeting}minutes/"]').count() == 1

    def contract(self) -> None:
        """Line and agreement by the officer; signed and activated by the general manager: the house is open."""
        officer, at = self.group("admission"), f"/admission/cases/{self.case}/"
        officer.open(at)
        officer.dialog(f"{at}line/", is_new=True, target_fen="650000000")
        officer.dialog(f"{at}agree/", agreement_no="皖再担合〔2026〕77号", treaty_code="P4222")
        signer = self.group("executive")
        signer.open(at)
        signer.dialog(f"{at}do/sign/", file=self.paper)
        signer.confirm(f"{at}do/activate/")
        links = signer.page.locator("td a[href*='/accounts/password/reset/key/']")
        assert links.count() == 2
        self.invitation = links.first.get_attribute("href")
        self.applicant.open("/apply/case/")
        self.applicant.says("huaixin.localhost")

    def move_in(self) -> None:
        """The first administrator sets a password and adds a colleague; the rest of the staff follows by the same verb."""
        admin = Person(self.browser, self.site(f"{CODE.lower()}.localhost"), "first administrator", self.complaints)
        admin.page.goto(self.invitation)
        admin.page.fill("input[name=password1]", PASSWORD)
        admin.page.fill("input[name=password2]", PASSWORD)
        admin.leaves(lambda: admin.page.click("main button[type=submit]"))
        admin.sign_in("sysadmin@huaixin.example", PASSWORD)
        admin.open("/people/")
        admin.dialog("/people/new/", name="王佳琪", email="teller@huaixin.example", password=PASSWORD)
        admin.says("王佳琪")
        with inside(house(CODE)):
            known = {"sysadmin", "security"}
            people.hire(tuple(job for job in people.MEMBER_JOBS if job.key not in known), code=CODE, password=PASSWORD)

    # --- The first guarantee, and its end

    def guarantee(self) -> None:
        """The bank's system applies; the house reviews and issues; the bank's drawdown puts it in force and files it."""
        _, key = registry.issue_key(bank=BANK, scopes=SCOPES)
        obligor = {"kind": "COMPANY", "name": FIRM, "id_number": names.uscc(8), "region_code": "340100", "industry": "C"}
        body = {
            "bank_reference": "YH-2026-0077", "product": "TECH", "amount_fen": LOAN_FEN, "term_months": 12, "purpose": "购置设备",
            "fee_rate": "0.010000", "obligor": obligor,
        }  # fmt: skip
        status, application = self.call(key, "applications", body)
        assert status == 201, application
        with inside(house(CODE)), transaction.atomic():
            seats, on = staff(CODE), timezone.localdate()
            applications.take_up(actor=seats["manager"], today=on, application_id=application["id"])
            case = approvals.case_of(f"application:{application['id']}")
            while task := case.tasks.filter(state="TODO").first():
                approval.decide(actor=seats[REVIEWERS[task.post]], today=on, task_id=task.id, text="同意")
            made = guarantees.issue(actor=seats["operations"], today=on, application_id=application["id"])
            self.guarantee_id = made.pk
        drawn = {"iou_no": "JJ-HX-0001", "on": today(), "amount_fen": LOAN_FEN}
        status, answer = self.call(key, f"guarantees/{self.guarantee_id}/drawdowns", drawn)
        assert (status, answer["guarantee"]["state"]) == (201, "IN_FORCE")
        carry_on()
        operations = self.member("operations")
        operations.open(f"/guarantees/{self.guarantee_id}/")
        operations.says("已分保")
        officer = self.group("filing")
        officer.open("/filings/?q=")
        officer.says(FIRM)

    def call(self, key: str, path: str, body: Any) -> tuple[int, Any]:
        port = urlsplit(self.site("api.localhost")).port
        headers = {
            "Host": f"api.localhost:{port}", "Authorization": f"Bearer {key}", "Content-Type": "application/json",
            "Idempotency-Key": uuid4().hex,
        }  # fmt: skip
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as wire:
            wire.request("POST", f"/v1/institutions/{CODE}/{path}", json.dumps(body), headers)
            answer = wire.getresponse()
            return answer.status, json.loads(answer.read())

    def default(self) -> None:
        """1,000,000 were repaid; then the firm defaults and the member pays the bank 3,248,000."""
        with inside(house(CODE)), transaction.atomic():
            actor, on = staff(CODE)["operations"], timezone.localdate()
            told = {"actor": actor, "today": on, "guarantee_id": self.guarantee_id}
            guarantees.repay(**told, reference="HK-1", principal_fen=REPAID_FEN, on=on)
            guarantees.mark_overdue(**told, on=on)
            paid = claims.pay_outstanding(**told, interest_fen=INTEREST_FEN, paid_on=on, bank_notice_on=on, voucher_no="DC-HX-1")
            assert paid.paid_fen == PAID_FEN
            for slot in list(REQUIRED)[1:]:
                file = io.BytesIO(self.paper.read_bytes())
                claims.attach(actor=actor, today=on, guarantee_id=self.guarantee_id, slot=slot, name=f"{slot}.pdf", file=file)
        carry_on()

    # --- The claim

    def submit(self) -> None:
        """The last paper is added and the claim sent; without it the page says what is missing."""
        one = self.member("operations")
        one.open("/claims/?q=")
        at = one.link(r"/claims/\d+/")
        self.claim = int(re.findall(r"\d+", at)[0])
        one.open(at)
        self.attach("APPLICATION")
        one.dialog(f"{at}submit/", account_name=NAME, account_no="340001880012345678", account_bank="华星银行江城分行")
        carry_on()

    def attach(self, slot: str) -> None:
        one = self.member("operations")
        one.open(f"/claims/{self.claim}/")
        button = one.page.locator(f'[hx-get^="/claims/files/{self.guarantee_id}/add/?slot={slot}"]').first
        one.dialog(button.get_attribute("hx-get"), file=self.paper)

    def give_back(self) -> None:
        """The group's officer misses the counter-guarantee and returns the claim; the member reads why and sends it again."""
        officer = self.group("claims")
        officer.open("/claims/?q=")
        at = officer.link(r"/claims/\d+/")
        officer.open(at)
        officer.confirm(f"{at}take-up/")
        officer.dialog(
            f"{at}return/", code_0="MISSING", slot_0="COUNTER_GUARANTEE", words_0="请补充反担保合同及登记证明。", text="请补正。"
        )
        carry_on()
        one = self.member("operations")
        one.open(f"/claims/{self.claim}/")
        one.says("请补充反担保合同及登记证明。")
        self.attach("COUNTER_GUARANTEE")
        one.dialog(f"/claims/{self.claim}/submit/")
        carry_on()
        officer.open(at)
        officer.says("paper.pdf")
        officer.confirm(f"{at}take-up/")
        officer.confirm(f"{at}review/")
        self.at = at

    def approve(self) -> None:
        """Four people of four posts sign one after the other."""
        for seat in ("claims_head", "risk", "legal", "executive"):
            signer = self.group(seat)
            signer.open("/tasks/")
            task = signer.page.locator('main a[href^="/tasks/"]').filter(has_text=re.compile("BC")).first.get_attribute("href")
            signer.open(task)
            signer.page.fill("textarea[name=text]", "同意补偿。")
            signer.leaves(lambda signer=signer: signer.page.click("button[name=verdict][value=APPROVE]"))
        carry_on()

    def pay(self) -> None:
        """The cashier prepares and cannot confirm; the accountant confirms; the member registers what arrives."""
        cashier, accountant = self.group("cashier"), self.group("accountant")
        cashier.open(self.at)
        cashier.dialog(f"{self.at}prepare/")
        assert cashier.page.locator(f'[hx-get="{self.at}confirm/"]').count() == 0, "who prepared a payment may not confirm it"
        accountant.open(self.at)
        accountant.dialog(f"{self.at}confirm/", voucher_no="BC-2026-1", on=today())
        carry_on()
        one = self.member("operations")
        one.open(f"/claims/{self.claim}/")
        one.dialog(f"/claims/{self.claim}/receive/", fen="1600000", on=today(), voucher_no="BC-2026-1")
        carry_on()
        accountant.open(self.at)
        accountant.says("1,600,000.00")

    def claim_on_the_fund(self) -> None:
        officer, cashier = self.group("claims"), self.group("cashier")
        officer.open(self.at)
        button = officer.page.locator("form[action*='/outward/'][action$='/submit/']").first
        at = button.get_attribute("action")
        officer.confirm(at)
        cashier.open(self.at)
        cashier.dialog(at.replace("/submit/", "/receive/"), fen="800000", on=today(), voucher_no="GD-2026-1")

    # --- The recovery

    def recover(self) -> None:
        """1,000,000 come from the debtor at a cost of 100,000; the group shares it, the member passes its part on."""
        one = self.member("operations")
        one.open("/recoveries/?q=")
        case = one.page.locator("main form[action^='/recoveries/open/']")
        if case.count():
            one.leaves(lambda: case.first.locator("button").click())
        else:
            one.open(one.link(r"/recoveries/\d+/"))
        at = urlsplit(one.page.url).path
        one.dialog(
            f"{at}record/", gross_fen="1000000", on=today(), method="ENFORCEMENT", voucher_no="ZX-2026-1", cost_kind="LITIGATION",
            cost_fen="100000",
        )  # fmt: skip
        carry_on()
        one.open(at)
        one.says("90.00", "36.00", "18.00")  # in 万元: net, to the group, to the bank

    def remit(self) -> None:
        with inside(house(CODE)):
            due = next(one for one in moneys.dues(purposes=("RECOVERY",), open_only=True) if one.direction == "OUT")
            assert due.open_fen == REMIT_FEN
        operations, executive, cashier = self.member("operations"), self.member("executive"), self.group("cashier")
        operations.open(f"/money/{due.pk}/")
        operations.dialog(
            f"/money/{due.pk}/prepare/", account_name="测试再担保集团", account_no="340002019000012345", account_bank="华星银行"
        )
        executive.open("/money/orders/?q=")
        button = executive.page.locator('[hx-get^="/money/orders/"][hx-get$="/confirm/"]').first
        executive.dialog(button.get_attribute("hx-get"), voucher_no="HK-2026-1", on=today())
        carry_on()
        with inside(house(GROUP)):
            there = moneys.due(due.key)
        cashier.open(f"/money/{there.pk}/")
        cashier.dialog(f"/money/{there.pk}/arrived/", fen="360000", on=today(), voucher_no="HK-2026-1")
        carry_on()


@pytest.fixture
def journey(chromium: Any, site: Site, tmp_path: Path) -> Iterator[Journey]:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\n" + b"x" * 2000)
    one = Journey(chromium, site, paper)
    yield one
    for person in (one.applicant, *one.people.values()):
        person.page.context.close()
    assert [text for text in one.complaints if "status of 404" not in text] == []


def test_an_applicant_becomes_a_member_and_its_first_loss_is_shared(journey: Journey) -> None:
    """PAR-08…14, PAR-36, AGR-18…21, CLM-07, REC-10."""
    with inside(house(GROUP)):
        agree(
            actor=staff(GROUP)["treaty"],
            today=timezone.localdate(),
            code="P4222",
            terms=TERMS,
            members=["ANHE"],
        )
    steps: tuple[Callable[[], None], ...] = (
        journey.apply, journey.judge, journey.decide, journey.contract, journey.move_in, journey.guarantee, journey.default,
        journey.submit, journey.give_back, journey.approve, journey.pay, journey.claim_on_the_fund, journey.recover,
        journey.remit,
    )  # fmt: skip
    for step in steps:
        step()
    _, member, group, fund, bank = _outcome()
    assert (member, group, fund, bank) == (128_800_000, 62_000_000, 62_000_000, 63_200_000)
    assert member + group + fund + bank == 316_000_000, "the losses of all add up to the loss (domain.md 12)"
    with inside(PUBLIC):
        assert not post.waiting().exists()


def _outcome() -> tuple[int, int, int, int, int]:
    """What each party has lost in the end, from the money that moved in both houses, in fen."""
    with inside(house(CODE)):
        paid = sum(one.moved_fen for one in moneys.dues(purposes=("COMPENSATION",)))
        claim = sum(one.moved_fen for one in moneys.dues(purposes=("CLAIM",)))
        gross = sum(one.moved_fen for one in moneys.dues(purposes=("DEBTOR",)))
        remit = sum(one.moved_fen for one in moneys.dues(purposes=("RECOVERY",)))
        to_bank = sum(one.fen for one in moneys.dues(purposes=("BANK_RECOVERY",)))
    with inside(house(GROUP)):
        out = sum(one.moved_fen for one in moneys.dues(purposes=("CLAIM",)))
        funded = sum(one.moved_fen for one in moneys.dues(purposes=("FUND_CLAIM",)))
        to_fund = sum(one.fen for one in moneys.dues(purposes=("FUND_RECOVERY",)))
    net = gross - 10_000_000
    member = paid - claim - (net - remit - to_bank)
    return net, member, out - funded - (remit - to_fund), funded - to_fund, 406_000_000 - paid - to_bank
