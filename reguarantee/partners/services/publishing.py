"""What others are told of a partner, in the transaction of the act: the register that every house reads, and its own house."""

from __future__ import annotations

import json
from datetime import date

from kernel.letters import InstitutionFileTold
from kernel.outbox import services as outbox
from registry import services as registry
from registry.tenancy import current
from reguarantee.partners import queries
from reguarantee.partners.models import Kind, Partner, Status

# Whoever has one of these has a house that can read a letter.
TOLD = (Status.ACTIVE, Status.WATCH, Status.SUSPENDED, Status.EXITED)
# What a file says of the group's own dealings with the institution is not for it.
_OWN = (
    "name", "uscc", "established_on", "legal_rep", "licence_no", "licence_issuer", "licence_valid_to", "registered_capital_fen",
    "paid_in_capital_fen", "address", "shareholders", "management", "contacts", "bank_accounts", "staff",
)  # fmt: skip


def tell_file(partner: Partner) -> None:
    """The member's house hears what the group holds of it; a bank has no house."""
    if partner.kind == Kind.MEMBER and partner.status in TOLD:
        file = {name: getattr(partner, name) for name in _OWN}
        letter = InstitutionFileTold(file=json.dumps(file, default=str, ensure_ascii=False))
        outbox.post(letter, sender=current().code, to=partner.code, subject=f"partner:{partner.code}")


def publish(partner: Partner, *, on: date) -> None:
    """A bank's grade with the verdict of the day, so that a member is warned before it chooses it (PAR-27); a member's kind,
    because its fees have a cap when it is a policy institution (AGR-14). Who has no house and no keys yet is not there."""
    if partner.kind == Kind.MEMBER:
        registry.describe_member(code=partner.code, is_policy=partner.is_policy, category=partner.category)
    elif partner.graded_on is not None:
        below = queries.bank_below_minimum(partner.code, on=on)
        registry.grade_bank(code=partner.code, grade=partner.grade, on=partner.graded_on, below_minimum=below)
