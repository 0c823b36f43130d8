"""A member's claim as its letter brings it, and the people who take it through the group."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from kernel.documents import services as files
from kernel.letters import ClaimSubmitted
from reguarantee.claims import services
from reguarantee.claims.models import Claim
from reguarantee.claims.reasons import REQUIRED
from tests.factories.houses import ANHE
from tests.reguarantee.engine.terms import MILLION

POST = Actor("LETTER", ANHE)
DAY = date(2027, 3, 10)
"""The loan was due on 2027-03-01; the member paid on the 8th and claims on the 10th."""
PDF = b"%PDF-1.4 test"
SEATS = {
    "CLAIMS_OFFICER": "claims",
    "CLAIMS_HEAD": "claims_head",
    "GROUP_RISK": "risk",
    "GROUP_LEGAL": "legal",
    "GROUP_EXECUTIVE": "executive",
    "GROUP_CHAIRMAN": "chair",
}
# The running case (domain.md 12): unpaid 4,000,000 of 5,000,000, interest 60,000, the member paid 80 % of both.
LETTER = ClaimSubmitted(
    guarantee_id=1,
    claim_no="BC2027-000001",
    round=1,
    obligor_name="甲公司",
    obligor_key="k1",
    legal_rep="王一",
    iou_no="",
    contract_no="",
    principal_fen=4 * MILLION,
    interest_fen=6_000_000,
    paid_fen=324_800_000,
    asked_fen=160_000_000,
    paid_on=date(2027, 3, 8),
    bank_notice_on=date(2027, 3, 5),
    voucher_no="DC-1",
    submitted_on=DAY,
    account_name="安和融资担保有限公司",
    account_no="6222000011112222",
    account_bank="华星银行",
)


def bring(sender: str = ANHE, *, today: date = DAY, papers: bool = True, **changes: Any) -> Claim:
    """Open a claim as the letter's reader does. The papers are put beside it, as if they had been handed over."""
    letter = replace(LETTER, **changes)
    services.open_claim(letter, sender=sender, actor=Actor("LETTER", sender), today=today)
    claim = Claim.objects.get(member_code=sender, claim_no=letter.claim_no)
    if papers:
        bring_papers(claim, *REQUIRED)
    return claim


def bring_papers(claim: Claim, *slots: str) -> None:
    for slot in slots:
        told = {"subject": claim.subject, "kind": slot, "name": f"{slot}.pdf"}
        files.store(actor=POST, today=DAY, file=BytesIO(PDF), **told)


def sign(claim: Claim, people: dict[str, User], *, until: str = "", today: date = DAY, verdict: str = "APPROVE") -> Claim:
    """Let the holders of the posts decide one after the other, up to the element `until`."""
    case = approvals.case_of(claim.subject)
    while task := case.tasks.filter(state="TODO").first():
        if task.element == until:
            break
        approval.decide(actor=people[SEATS[task.post]], today=today, task_id=task.id, verdict=verdict, text="同意")
    claim.refresh_from_db()
    return claim


def review(claim: Claim, people: dict[str, User], today: date = DAY) -> Claim:
    """Take up, check and send to approval."""
    services.take_up(actor=people["claims"], today=today, claim_id=claim.id)
    return services.send_to_approval(actor=people["claims"], today=today, claim_id=claim.id)


def approve(claim: Claim, people: dict[str, User], today: date = DAY) -> Claim:
    return sign(review(claim, people, today), people, today=today)


def pay(claim: Claim, people: dict[str, User], *, voucher: str = "", today: date = DAY) -> Claim:
    services.prepare(actor=people["cashier"], today=today, claim_id=claim.id)
    told = {"claim_id": claim.id, "voucher_no": voucher or f"FK-{claim.number}"}
    paid = services.confirm(actor=people["accountant"], today=today, **told)
    claim.refresh_from_db()
    return paid
