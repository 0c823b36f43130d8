"""Real things of the rooms of claims, recoveries, premiums, accounts and institutions, for the walk through every address."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kernel.access.models import User
from kernel.cash import services as cash
from kernel.cash.models import Movement
from reguarantee.admission import services as admission
from reguarantee.admission.models import Standard
from reguarantee.claims.models import Claim as GroupClaim
from reguarantee.filings.models import Filing
from reguarantee.partners.models import Branch, Partner
from reguarantee.premiums.models import Bill as GroupBill
from reguarantee.premiums.models import Item
from reguarantee.premiums.models import PremiumList as GroupList
from reguarantee.recoveries.models import Recovery
from reguarantee.settlements.models import Statement as Account
from tenants.applications.models import Channel, Introducer
from tenants.cessions.models import Agreement, Bill, Employee, PremiumList, PremiumRow, Statement, StatementRow
from tenants.cessions.services import institution
from tenants.claims import services as claims
from tenants.claims.models import Claim
from tenants.guarantees.models import FilingList
from tenants.recoveries import services as recoveries
from tests.factories import members
from tests.factories.houses import ANHE
from tests.reguarantee.admission.conftest import applied
from tests.reguarantee.claims.shared import bring

ACCOUNT = {"account_name": "测试户", "account_no": "6222000000000001", "account_bank": "华星银行"}

# View → thing: where the first word of its name does not say it.
MEMBERS_VIEWS = {
    "claim_file": "claimed", "claim_attach": "claimed", "claim_paper": "claimed", "claim_paper_remove": "claimed",
    "filing_list": "filing_list", "claim_draft": "compensation",
    "recovery": "receipt", "recovery_undo": "receipt", "recovery_open": "claimed",
    "recovery_case": "pursuit", "recovery_note": "pursuit", "recovery_spend": "pursuit",
    "recovery_record": "pursuit", "recovery_write_off": "pursuit",
    "premium_list": "premium_list", "premium_agree": "premium_list", "premium_dispute": "premium_list",
    "premium_bill": "bill", "premium_prepare": "bill", "premium_confirm": "order", "premium_cancel": "order",
    "group_receive": "refund", "staff_edit": "employee",
}  # fmt: skip
MONEYS_VIEWS = {
    "money_confirm": "order", "money_cancel": "order",
    "money_movement": "movement", "money_match": "movement", "money_unmatch": "movement", "money_reverse": "movement",
    "money_due": "due", "money_prepare": "due", "money_arrived": "refund",
}  # fmt: skip
GROUPS_VIEWS = {
    "claim_fuse_release": "fuse", "premium_list": "premium_list", "premium_issue": "premium_list",
    "premium_item": "item", "premium_resolve": "item", "premium_bill": "bill", "premium_receive": "bill",
    "premium_bill_paper": "bill", "premium_match": "movement", "premium_standard": "tariff",
    "premium_standard_approve": "tariff", "premium_standard_refuse": "tariff", "premium_bordereau": "bordereau",
    "partner_branch": "branch", "partner_change": "change", "partner_change_accept": "change", "partner_change_refuse": "change",
    "admission_standard": "standard", "admission_standard_publish": "standard",
}  # fmt: skip


def of_member(code: str, seats: dict[str, User], *, today: date, tag: str) -> dict[str, Any]:
    """A guarantee that the member paid for, claims for, and pursues; its premiums, bill, account and file of itself."""
    customer = members.make_customer(actor=seats["manager"], today=today, name=f"{tag}欠款有限公司")
    lost = members.make_guarantee(state="COMPENSATED", today=today, customer=customer)
    paid = lost.compensations.get()
    told: dict[str, Any] = {"actor": seats["operations"], "today": today}
    slot = {"slot": "OTHER", "name": f"{tag}代偿凭证.pdf", "file": io.BytesIO(f"%PDF-1.4 {tag} inside the file".encode())}
    paper = claims.attach(**told, guarantee_id=lost.pk, **slot)
    claim = Claim.objects.create(
        claim_no=f"BC-{code}-1", guarantee=lost, compensation=paid, base_fen=paid.principal_fen, asked_fen=paid.paid_fen,
        deadline_on=today + timedelta(days=60),
    )  # fmt: skip
    came = {"on": today, "gross_fen": 10_000, "method": "OWN", "voucher_no": f"HS-{code}"}
    receipt = recoveries.record(**told, guarantee_id=lost.pk, **came)
    filed = FilingList.objects.create(batch=f"{tag}批次", name=f"{tag}.csv", digest="0" * 64, on=today, by=f"{tag}员工")
    return {
        "filing_list": filed.pk, "claimed": lost.pk, "compensation": paid.pk, "claim": claim.pk, "claim_paper": paper.id,
        "receipt": receipt.pk, "channel": Channel.objects.order_by("id").first().pk,
        "introducer": Introducer.objects.create(name=f"{tag}商会").pk,
        "pursuit": receipt.case_id, **_premiums(code, lost, told, tag=tag), **_file(told, tag=tag),
    }  # fmt: skip


def _premiums(code: str, lost: Any, told: dict[str, Any], *, tag: str) -> dict[str, Any]:
    today = told["today"]
    days = {"first": today - timedelta(days=30), "last": today - timedelta(days=1), "days": 30}
    lists = PremiumList.objects.create(number=f"BFQ-{code}", period=f"{today:%Y-%m}", told_on=today, confirm_by=today)
    PremiumRow.objects.create(
        list=lists, guarantee_id=lost.pk, number=lost.number, base_fen=100, ceded_fen=40, rate=Decimal("0.003"),
        premium_fen=1_000, vat="EXEMPT", answer=f"{tag}答复", **days,
    )  # fmt: skip
    bill = Bill.objects.create(
        number=f"BF-{code}", period=f"{today:%Y-%m}", vat="EXEMPT", premium_fen=1_000, net_fen=1_000, tax_fen=0, due_on=today,
        key=f"premium:{code}:BF-{code}", status="ISSUED", lists=[lists.number], told_on=today,
    )  # fmt: skip
    expected = {**told, "counterparty": "GROUP", "subject": bill.subject, "due_on": today, "why": bill.number}
    due = cash.expect(**expected, key=bill.key, direction="OUT", purpose="PREMIUM", fen=1_000)
    back = cash.expect(**expected, key=f"premium-refund:{code}:1", direction="IN", purpose="PREMIUM_REFUND", fen=500)
    order = cash.prepare(**told, key=due.key, fen=400, **ACCOUNT)
    account = Statement.objects.create(
        number=f"ZD-{code}", period=f"{today.year - 1}-Q4", opening_fen=0, closing_fen=1_000, status="ISSUED", told_on=today,
        confirm_by=today,
    )  # fmt: skip
    StatementRow.objects.create(statement=account, key=due.key, purpose="PREMIUM", subject=f"{tag}账单", on=today, due_fen=1_000)
    return {
        "premium_list": lists.pk, "bill": bill.pk, "due": due.pk, "refund": back.pk, "order": order.pk,
        "account": account.pk, "movement": Movement.objects.get(direction="IN").pk,
    }  # fmt: skip


def _file(told: dict[str, Any], *, tag: str) -> dict[str, Any]:
    today = told["today"]
    agreement = Agreement.objects.create(
        code="P4222", version=1, title=f"{tag}协议", status="ACTIVE", effective_from=today, terms="{}", year=today.year,
        told_on=today,
    )  # fmt: skip
    employee = Employee.objects.create(name=f"{tag}员工", position="经理", joined_on=today)
    kept = {"name": f"{tag}章程.pdf", "file": io.BytesIO(b"%PDF-1.4 z"), "kind": "ARTICLES"}
    archive = institution.keep_archive(**told, **kept)
    return {"version": agreement.pk, "employee": employee.pk, "archive_paper": archive.id}


def of_group(people: dict[str, User], filing: Filing, *, today: date) -> dict[str, Any]:
    """What the group holds of ANHE beside its filing: a claim, a recovery, premiums, an account; and an applicant."""
    told: dict[str, Any] = {"actor": people["accountant"], "today": today}
    claim: GroupClaim = bring(guarantee_id=filing.guarantee_id, today=today)
    months = {"period": f"{today:%Y-%m}", "member_code": ANHE}
    lists = GroupList.objects.create(number="BFQ-1", drawn_on=today, **months)
    bill = GroupBill.objects.create(
        number="BF-1", vat="EXEMPT", premium_fen=1_000, net_fen=1_000, tax_fen=0, key=f"premium:{ANHE}:BF-1", issued_on=today,
        issued_by="x", due_on=today, **months,
    )  # fmt: skip
    item = Item.objects.create(
        filing=filing, list=lists, bill=bill, kind="COVER", first=today, last=today, days=1, base_fen=100, ceded_fen=40,
        rate=Decimal("0.003"), day_count="ACT_365", premium_fen=1_000, fund_fen=0, vat="EXEMPT",
    )  # fmt: skip
    expected = {**told, "counterparty": ANHE, "subject": bill.subject, "due_on": today, "why": bill.number, "fen": 1_000}
    refund = cash.expect(**expected, key=bill.key, direction="IN", purpose="PREMIUM")
    due = cash.expect(**expected, key=f"premium-refund:{ANHE}:1", direction="OUT", purpose="PREMIUM_REFUND")
    order = cash.prepare(actor=people["cashier"], today=today, key=due.key, fen=400, **ACCOUNT)
    came = {"counterparty": ANHE, "fen": 100, "on": today, "voucher_no": "SK-1"}
    movement = cash.receive(actor=people["cashier"], today=today, **came)
    account = Account.objects.create(
        number="ZD-1", counterparty=ANHE, kind="MEMBER", period=f"{today.year - 1}-Q4", from_on=date(today.year - 1, 10, 1),
        to_on=date(today.year - 1, 12, 31), opening_fen=0, closing_fen=0, drafted_by="x", drafted_on=today,
    )  # fmt: skip
    bank = Partner.objects.create(code="XHYH", name="新禾银行", kind="BANK", status="ACTIVE", status_since=today)
    branch = Branch.objects.create(partner=bank, name="江城分行", line_fen=1_000, valid_from=today)
    case, _token = applied(today=today)
    ask = admission.ask(actor=people["admission"], today=today, case_id=case.pk, text="请补充")
    return {
        "claim": claim.pk, "claim_paper": claim_paper(claim), "check": claim.checks.order_by("id").first().pk,
        "recovery": Recovery.objects.order_by("id").first().pk, "premium_list": lists.pk, "item": item.pk, "bill": bill.pk,
        "refund": refund.pk, "due": due.pk, "order": order.pk, "movement": movement.pk, "settlement": account.pk,
        "branch": branch.pk, "admission": case.pk, "ask": ask.pk, "standard": Standard.objects.order_by("id").first().pk,
    }  # fmt: skip


def claim_paper(claim: GroupClaim) -> Any:
    from kernel.documents.models import Document

    return Document.objects.filter(subject=claim.subject).first().id
