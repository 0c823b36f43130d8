"""A member with a covered guarantee that it paid the bank for: the two houses, and the post between them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from infra import wiring
from kernel.access.models import User
from registry.tenancy import inside
from tenants.claims import services
from tenants.claims.models import Claim
from tenants.claims.slots import REQUIRED
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee
from tests.factories import members
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings.test_filings import publish

PDF = b"%PDF-1.4 paper"
ACCOUNT = {"account_name": "安和融资担保有限公司", "account_no": "62220000", "account_bank": "华星银行"}
PAID_ON = members.TODAY


def agree(**terms: Any) -> None:
    with inside(house(GROUP)):
        publish(staff(GROUP), **terms)


def covered(code: str = ANHE, **fields: Any) -> Guarantee:
    """A guarantee in force that the group covers: 5,000,000 lent, 4,000,000 guaranteed."""
    with inside(house(code)):
        guarantee = members.make_guarantee(state="IN_FORCE", **fields)
    wiring.deliver()
    return guarantee


def paid(code: str = ANHE, *, today: date = PAID_ON, **fields: Any) -> Claim:
    """The running case: 1,000,000 repaid, 4,000,000 and 60,000 interest unpaid, 80 % of both paid to the bank."""
    guarantee = covered(code, **fields)
    with inside(house(code)):
        people = members.people()
        told = {"actor": people["operations"], "today": today, "guarantee_id": guarantee.pk}
        guarantees.repay(**told, reference="HK-1", principal_fen=MILLION, on=today)
        guarantees.mark_overdue(**told, on=today)
        services.pay_outstanding(**told, interest_fen=6_000_000, paid_on=today, bank_notice_on=today, voucher_no="DC-1")
        return Claim.objects.select_related("guarantee").get(guarantee=guarantee)


def fill(claim: Claim, people: dict[str, User], *, without: tuple[str, ...] = (), today: date = PAID_ON) -> None:
    """Put a paper into every required slot. Inside the member's house."""
    for slot in REQUIRED:
        if slot not in without:
            told = {"guarantee_id": claim.guarantee_id, "slot": slot, "name": f"{slot}.pdf", "file": BytesIO(PDF)}
            services.attach(actor=people["operations"], today=today, **told)


def submitted(code: str = ANHE, *, today: date = PAID_ON, **fields: Any) -> Claim:
    """A claim with all its papers, sent and delivered."""
    claim = paid(code, today=today, **fields)
    with inside(house(code)):
        people = members.people()
        fill(claim, people, today=today)
        services.submit(actor=people["operations"], today=today, claim_id=claim.pk, **ACCOUNT)
    wiring.deliver()
    with inside(house(code)):
        claim.refresh_from_db()
    return claim
