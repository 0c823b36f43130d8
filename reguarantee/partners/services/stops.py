"""Stops: new cessions of a member are refused for a reason, in one scope, until the reason is gone (PAR-37)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from reguarantee.partners.models import Stop


@transaction.atomic
def stop(
    *,
    actor: Any,
    today: date,
    member_code: str,
    reason_code: str,
    product: str = "",
    bank: str = "",
    treaty: str = "",
    sentence: str,
    facts: Mapping[str, Any] | None = None,
) -> Stop:
    """Refuse new cessions of a member from today on, in this scope; what is covered stays covered.

    `sentence` is an English message id that the member may read, `facts` (primitives) fill it. Idempotent: an open stop
    of the same member, reason and scope is given back as it stands. Two at once leave one stop.
    """
    scope = {"member_code": member_code, "reason_code": reason_code, "product": product, "bank": bank, "treaty": treaty}
    row, made = Stop.objects.get_or_create(
        **scope,
        lifted_on=None,
        defaults={"sentence": sentence, "facts": dict(facts or {}), "since": today, "by": actor.label},
    )
    if made:
        audit.leave(actor=actor, act="partners.stop", subject=f"stop:{row.pk}", facts=scope)
    return row


@transaction.atomic
def lift(
    *, actor: Any, today: date, member_code: str, reason_code: str, product: str = "", bank: str = "", treaty: str = ""
) -> bool:
    """Allow new cessions again as far as this reason and scope go; other stops stay. False when nothing was open."""
    scope = {"member_code": member_code, "reason_code": reason_code, "product": product, "bank": bank, "treaty": treaty}
    row = Stop.objects.select_for_update().filter(**scope, lifted_on=None).first()
    if row is None:
        return False
    row.lifted_on, row.lifted_by = today, actor.label
    row.save(update_fields=["lifted_on", "lifted_by"])
    audit.leave(actor=actor, act="partners.lift", subject=f"stop:{row.pk}", facts=scope)
    return True
