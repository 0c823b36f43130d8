"""What members can pay with at once: kept by hand from their returns (CLM-06)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Invalid, gettext_noop
from reguarantee.claims.models import LiquidFunds


class BadFunds(Invalid):
    code = "BAD_LIQUID_FUNDS"
    sentence = gettext_noop("Enter liquid funds of 0 or more, of a day that has come.")


@transaction.atomic
def keep_funds(*, actor: Any, today: date, member_code: str, as_of: date, liquid_fen: int, source: str) -> LiquidFunds:
    """Keep a member's liquid funds (fen) of a day; the latest day counts. Needs reguarantee_claims.outward. Raises BadFunds."""
    check(actor, "reguarantee_claims.outward")
    if liquid_fen < 0 or as_of > today:
        raise BadFunds(field="liquid_fen" if liquid_fen < 0 else "as_of")
    row = LiquidFunds.objects.create(
        member_code=member_code, as_of=as_of, liquid_fen=liquid_fen, source=source.strip()[:200], on=today, by=actor.label
    )
    facts = {"member": member_code, "as_of": as_of, "liquid_fen": liquid_fen}
    audit.leave(actor=actor, act="reguarantee_claims.funds", subject=f"member:{member_code}", facts=facts)
    return row
