"""Business of a member for tests. Everything is made by the services, so no fixture is in an impossible state.

Call inside the member's house. `TODAY` is the day on which the made things happen unless another is named.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from random import Random
from typing import Any

from infra.demo import meetings, names
from kernel.access.actors import Actor
from kernel.access.models import User
from kernel.approval import queries as approvals
from kernel.approval import services as approval
from registry.tenancy import current
from tenants.applications import services as applications
from tenants.applications.models import Application
from tenants.claims import services as claims
from tenants.customers import services as customers
from tenants.customers.models import Customer
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee
from tests.factories.houses import BANK, staff

TODAY = date(2026, 3, 2)
LOAN_FEN = 500_000_000
BANK_NAME = "华星银行"
REVIEWERS = {
    "DEPT_HEAD": "head",
    "RISK_REVIEWER": "risk",
    "LEGAL_REVIEWER": "legal",
    "COMMITTEE_CHAIR": "chair",
    "EXECUTIVE": "executive",
}
_numbers = count(1)


def people() -> dict[str, User]:
    """The staff of the house we are inside, by seat (manager, manager2, head, risk, legal, chair, executive …)."""
    return staff(current().code)


def bank(code: str = BANK) -> Actor:
    return Actor("BANK", f"{code}/test")


def applicant(**more: Any) -> applications.Applicant:
    """A company that nobody has seen before."""
    number = next(_numbers)
    name, section, industry = names.firm(Random(number), "江城")
    told = {
        "kind": "COMPANY",
        "name": f"{name}{number}",
        "id_number": names.uscc(number),
        "region_code": "340100",
        "industry": section,
        "industry_code": industry,
        "size_class": "SMALL",
    }
    return applications.Applicant(**{**told, **more})


def make_customer(*, actor: Any = None, today: date = TODAY, kind: str = "COMPANY", **fields: Any) -> Customer:
    number = next(_numbers)
    told: dict[str, Any] = {"name": f"江城样例{number}有限公司", "id_number": names.uscc(number), "industry": "C"}
    if kind == "PERSON":
        told = {"name": f"样例{number}", "id_number": names.resident_id(Random(number), number)}
    told |= {"region_code": "340100", **fields}
    return customers.register(actor=actor or people()["manager"], today=today, kind=kind, **told)


def make_application(
    *,
    actor: User | None = None,
    today: date = TODAY,
    customer: Customer | None = None,
    state: str = "DRAFT",
    loan_fen: int = LOAN_FEN,
    **fields: Any,
) -> Application:
    """An application written by `actor` (the manager), in state DRAFT, IN_REVIEW or APPROVED; or SUBMITTED by a bank."""
    if state == "SUBMITTED":
        return make_received(today=today, amount_fen=loan_fen, **fields)
    author = actor or people()["manager"]
    told: dict[str, Any] = {
        "product_code": "WORKING_CAPITAL",
        "bank_code": BANK,
        "bank_name": BANK_NAME,
        "amount_fen": loan_fen,
        "term_months": 12,
        "purpose": "采购原材料",
    }
    customer = customer or make_customer(actor=author, today=today)
    made = applications.draft(actor=author, today=today, customer_id=customer.pk, **(told | fields))
    if state in ("IN_REVIEW", "APPROVED"):
        made = applications.submit(actor=author, today=today, application_id=made.pk)
    if state == "APPROVED":
        sign_all(made.subject, today=today)
        made.refresh_from_db()
    return made


def make_received(*, today: date = TODAY, **fields: Any) -> Application:
    """An application that a bank sent and nobody has taken up."""
    told: dict[str, Any] = {
        "bank_code": BANK,
        "bank_name": BANK_NAME,
        "bank_reference": f"HX-{next(_numbers)}",
        "product_code": "WORKING_CAPITAL",
        "amount_fen": LOAN_FEN,
        "term_months": 12,
        "purpose": "采购原材料",
    }
    told |= fields
    told.setdefault("applicant", applicant())
    return applications.receive(actor=bank(told["bank_code"]), today=today, **told)


def sign_all(subject: str, *, today: date = TODAY, until: str = "") -> None:
    """Let the holders of the posts agree one after the other, up to (not including) the element `until`."""
    seats, case = people(), approvals.case_of(subject)
    while task := case.tasks.filter(state="TODO").first():
        if task.element == until:
            return
        if task.meeting:
            meetings.hold(subject, staff=seats, on=today)
            continue
        approval.decide(actor=seats[REVIEWERS[task.post]], today=today, task_id=task.id, text="同意")


def make_approved(**fields: Any) -> Application:
    return make_application(**{"state": "APPROVED", **fields})


def make_guarantee(*, state: str = "ISSUED", today: date = TODAY, loan_fen: int = LOAN_FEN, **fields: Any) -> Guarantee:
    """A guarantee in any state of its flow, reached the way the business reaches it, all on `today`."""
    seats = people()
    application = make_approved(today=today, loan_fen=loan_fen, **fields)
    guarantee = guarantees.issue(actor=seats["operations"], today=today, application_id=application.pk)
    told = {"actor": seats["operations"], "today": today, "guarantee_id": guarantee.pk}
    if state == "CANCELLED":
        return guarantees.cancel(**told, reason="客户另行融资")
    if state == "LAPSED":
        return guarantees.lapse(**told, reason="逾期未放款")
    if state == "PARTLY_DRAWN":
        guarantees.drawdown(**told, iou_no=f"JJ-1-{current().code}{guarantee.number}", amount_fen=loan_fen // 2, on=today)
    elif state != "ISSUED":
        guarantees.drawdown(**told, iou_no=f"JJ-1-{current().code}{guarantee.number}", amount_fen=loan_fen, on=today)
    if state == "RELEASED":
        guarantees.repay(**told, reference="HK-1", principal_fen=loan_fen, on=today)
        guarantees.release(**told, certificate="JQ-1", on=today)
    elif state in ("OVERDUE", "COMPENSATED"):
        guarantees.mark_overdue(**told, on=today)
    if state == "COMPENSATED":
        claims.pay_outstanding(
            **told, interest_fen=1_000_000, paid_on=today, bank_notice_on=today, voucher_no=f"DC-{guarantee.number}"
        )
    guarantee.refresh_from_db()
    return guarantee
