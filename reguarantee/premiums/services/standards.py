"""Standards of premiums: proposed by one person, approved by another, dated, never changed (FEE-10, FEE-11)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, gettext_noop
from reguarantee.filings.models import Filing
from reguarantee.premiums.models import Standard
from reguarantee.premiums.tariff import read_table


class NoSuchStandard(NotFound):
    code = "NO_SUCH_STANDARD"
    sentence = gettext_noop("There is no such premium standard.")


class BadStandard(Invalid):
    code = "BAD_STANDARD"
    sentence = gettext_noop("Give a rate table or a factor of at least 0, a reason, and an end that is not before the start.")


class OwnStandard(NotAllowed):
    code = "OWN_STANDARD"
    sentence = gettext_noop("You proposed this standard; another person has to approve it.")


class StandardDecided(Conflict):
    code = "STANDARD_DECIDED"
    sentence = gettext_noop("This standard is decided already.")


class NoSuchFilingHere(Invalid):
    code = "NO_SUCH_FILING"
    sentence = gettext_noop("There is no such filing.")


@transaction.atomic
def propose_standard(
    *,
    actor: Any,
    today: date,
    kind: str,
    effective_from: date,
    effective_to: date | None = None,
    rates: Sequence[dict[str, Any]] = (),
    factor: Decimal | None = None,
    payee: str = "",
    treaty_code: str = "",
    product_code: str = "",
    member_code: str = "",
    filing_id: int | None = None,
    reason: str,
) -> Standard:
    """Propose a TABLE (rates per year by size in fen) or a FACTOR (0 waives, 0.5 halves) from one day to another.

    `filing_id` makes it a deviation for one guarantee. The most specific standard of a day counts: filing, member,
    product, treaty. Needs premiums.propose. Raises BadTable, BadStandard, NoSuchFilingHere.
    """
    check(actor, "premiums.propose")
    is_table = kind == Standard.Kind.TABLE
    if not reason.strip() or (effective_to is not None and effective_to < effective_from):
        raise BadStandard(field="effective_to" if reason.strip() else "reason")
    if is_table:
        read_table(rates)
    elif kind != Standard.Kind.FACTOR or factor is None or not 0 <= factor <= 1:
        raise BadStandard(field="factor")
    if filing_id is not None and not Filing.objects.filter(pk=filing_id).exists():
        raise NoSuchFilingHere(field="filing_id")
    row = Standard.objects.create(
        kind=kind,
        payee=payee,
        treaty_code=treaty_code,
        product_code=product_code,
        member_code=member_code,
        filing_id=filing_id,
        rates=json.dumps(list(rates)) if is_table else "[]",
        factor=None if is_table else factor,
        effective_from=effective_from,
        effective_to=effective_to,
        reason=reason.strip(),
        proposed_by_id=actor.id,
        proposed_by=actor.label,
        proposed_on=today,
    )
    _note(actor, "premiums.propose", row)
    return row


@transaction.atomic
def decide_standard(*, actor: Any, today: date, standard_id: int, approve: bool) -> Standard:
    """Approve or refuse a proposal. Needs premiums.approve, and another person to approve. Raises NoSuchStandard,
    OwnStandard, StandardDecided."""
    check(actor, "premiums.approve")
    row = Standard.objects.select_for_update().filter(pk=standard_id).first()
    if row is None:
        raise NoSuchStandard
    if row.state != Standard.State.PROPOSED:
        raise StandardDecided
    if approve and row.proposed_by_id == actor.id:
        raise OwnStandard
    row.state = Standard.State.APPROVED if approve else Standard.State.REFUSED
    row.decided_by, row.decided_on = actor.label, today
    row.save(update_fields=["state", "decided_by", "decided_on"])
    _note(actor, "premiums.approve" if approve else "premiums.refuse", row)
    return row


def _note(actor: Any, act: str, row: Standard) -> None:
    names = ("kind", "payee", "treaty_code", "product_code", "member_code", "filing_id", "rates", "factor", "effective_from")
    facts = {name: getattr(row, name) for name in names} | {"until": row.effective_to, "reason": row.reason}
    audit.leave(actor=actor, act=act, subject=f"premium-standard:{row.pk}", facts=facts)
