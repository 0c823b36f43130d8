"""A compensated guarantee of domain.md 12: 5,000,000 lent, 4,000,000 and 60,000 interest unpaid, 3,248,000 paid."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kernel.access.models import User
from kernel.letters import LETTERS, RecoveryShared
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from tenants.claims import services as claims
from tenants.guarantees import services as guarantees
from tenants.guarantees.models import Guarantee
from tests.factories import members
from tests.factories.members import TODAY

YUAN = 100
MEMBER_ACCOUNT = {"account_name": "集团", "account_no": "6222000099998888", "account_bank": "华星银行"}


def compensated(staff: dict[str, User], *, interest_fen: int = 60_000 * YUAN, **more: Any) -> Guarantee:
    made = members.make_guarantee(state="IN_FORCE", loan_fen=5_000_000 * YUAN, **more)
    told = {"actor": staff["operations"], "today": TODAY, "guarantee_id": made.pk}
    guarantees.repay(**told, reference="HK-1", principal_fen=1_000_000 * YUAN, on=TODAY)
    guarantees.mark_overdue(**told, on=TODAY)
    claims.pay_outstanding(**told, interest_fen=interest_fen, paid_on=TODAY, bank_notice_on=TODAY, voucher_no=f"DC-{made.number}")
    made.refresh_from_db()
    return made


@pytest.fixture
def guarantee(staff: dict[str, User]) -> Guarantee:
    return compensated(staff)


def posted(kind: str) -> list[Any]:
    """The letters of a kind that wait or went, oldest first."""
    with inside(PUBLIC):
        rows = list(Letter.objects.filter(kind=kind).order_by("id"))
    return [LETTERS[row.kind].read(json.loads(row.body)) for row in rows]


def answer(number: str, **more: Any) -> Any:
    """The group's answer to worked example 13, once its claim is paid."""
    told: dict[str, Any] = {
        "recovery_no": number,
        "claim_no": "PC-1",
        "shares": {
            "bank": 180_000 * YUAN,
            "member": 360_000 * YUAN,
            "group": 180_000 * YUAN,
            "nfgf": 180_000 * YUAN,
        },
        "roles": {"bank": "BANK", "member": "GUARANTOR", "group": "REGUARANTOR", "nfgf": "FUND"},
        "remit_fen": 360_000 * YUAN,
        "held_fen": 0,
        "key": f"recovery:ANHE:{number}",
        "due_on": TODAY,
        "why": "按比例分配",
    }
    return RecoveryShared(**(told | more))
