"""What the register of institutions, which every house reads, is told of a partner: in the transaction of the act."""

from __future__ import annotations

from datetime import date

from registry import services as registry
from reguarantee.partners import queries
from reguarantee.partners.models import Kind, Partner


def publish(partner: Partner, *, on: date) -> None:
    """A bank's grade with the verdict of the day, so that a member is warned before it chooses it (PAR-27); a member's kind,
    because its fees have a cap when it is a policy institution (AGR-14). Who has no house and no keys yet is not there."""
    if partner.kind == Kind.MEMBER:
        registry.describe_member(code=partner.code, is_policy=partner.is_policy, category=partner.category)
    elif partner.graded_on is not None:
        below = queries.bank_below_minimum(partner.code, on=on)
        registry.grade_bank(code=partner.code, grade=partner.grade, on=partner.graded_on, below_minimum=below)
