"""File a guarantee to the group, and read what the group decided (domain.md 5.5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.audit import services as audit
from kernel.errors import Conflict, gettext_noop
from kernel.letters import FilingDecided, FilingSubmitted
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import current
from tenants.acts import act
from tenants.customers.queries import obligor_key
from tenants.guarantees.models import Guarantee
from tenants.guarantees.services.funnel import hold, own_share


class NotToBeFiled(Conflict):
    code = "NOT_TO_BE_FILED"
    sentence = gettext_noop("Only a guarantee in force that the group has not covered can be filed again.")


def file(guarantee: Guarantee) -> None:
    """Post the filing in the caller's transaction; the guarantee's row is held. Figures are of what was drawn."""
    customer = guarantee.customer
    letter = FilingSubmitted(
        guarantee_id=guarantee.pk,
        number=guarantee.number,
        product_code=guarantee.product.code,
        obligor_kind=customer.kind,
        obligor_name=customer.name,
        obligor_key=obligor_key(customer),
        bank_code=guarantee.bank_code,
        bank_name=guarantee.bank_name,
        region_code=guarantee.region_code,
        industry=guarantee.industry,
        principal_fen=guarantee.drawn_fen,
        guaranteed_fen=own_share(guarantee, guarantee.drawn_fen),
        term_months=guarantee.term_months,
        drawdown_on=guarantee.start_on,
        due_on=guarantee.due_on,
    )
    outbox.post(letter, sender=current().code, to=registry.group().code, subject=guarantee.subject)
    guarantee.filing_status = Guarantee.Filing.SUBMITTED
    guarantee.coverage_reason_code = "FILED"
    guarantee.coverage_reason = ""
    guarantee.save(update_fields=["filing_status", "coverage_reason_code", "coverage_reason"])


def file_again(*, actor: Any, today: date, guarantee_id: int) -> Guarantee:
    """File once more what the group refused. Raises NotToBeFiled."""
    with act("guarantees.file", actor=actor):
        guarantee = hold(guarantee_id)
        refused = guarantee.filing_status in ("", Guarantee.Filing.REJECTED)
        if not refused or guarantee.state != Guarantee.State.IN_FORCE:
            raise NotToBeFiled
        file(guarantee)
        audit.leave(actor=actor, act="guarantees.file", subject=guarantee.subject, facts={"number": guarantee.number})
    return guarantee


def open_filing_decided(letter: FilingDecided, *, sender: str, actor: Any, today: date) -> None:
    """Reader of FILING_DECIDED: keep status, coverage, ceded amount and reason beside the guarantee."""
    with act("guarantees.filing_decided", actor=actor):
        guarantee = hold(letter.guarantee_id)
        guarantee.filing_status = Guarantee.Filing(letter.status)
        guarantee.coverage = Guarantee.Coverage(letter.coverage)
        guarantee.ceded_fen = letter.ceded_fen
        guarantee.coverage_reason_code = letter.reason_code
        guarantee.coverage_reason = letter.reason[:500]
        guarantee.treaty_code = letter.treaty_code
        guarantee.save(
            update_fields=[
                "filing_status",
                "coverage",
                "ceded_fen",
                "coverage_reason_code",
                "coverage_reason",
                "treaty_code",
            ]
        )
        audit.leave(
            actor=actor,
            act="guarantees.filing_decided",
            subject=guarantee.subject,
            facts={
                "number": guarantee.number,
                "status": letter.status,
                "coverage": letter.coverage,
                "ceded_fen": letter.ceded_fen,
                "treaty": letter.treaty_code,
                "reason": letter.reason_code,
            },
        )
