"""One table: which letter is opened by whom, in the group's house and in a member's.

Nothing wakes the post: the clock asks for what is due twice a second (infra/celery.py). A commit that also had to reach
the broker would hang when the broker is down, and the letter is safe without it.
"""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string

from kernel import letters
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import PUBLIC, current, inside

# Read by the group.
GROUP: dict[type[letters.Letter], str] = {
    letters.FilingSubmitted: "reguarantee.filings.services.open_filing",
    letters.FilingWithdrawn: "reguarantee.filings.services.open_withdrawn",
    letters.GuaranteeEnded: "reguarantee.filings.services.open_ended",
    letters.GuaranteeOverdue: "reguarantee.filings.services.open_overdue",
    letters.ClaimSubmitted: "reguarantee.recoveries.services.open_claim",
    letters.ClaimWithdrawn: "reguarantee.claims.services.open_withdrawn",
    letters.RecoveryReported: "reguarantee.recoveries.services.open_recovery",
    letters.WriteOffReported: "reguarantee.recoveries.services.open_write_off",
    letters.CaseMessage: "reguarantee.claims.services.open_message",
    letters.MoneyReported: "reguarantee.settlements.services.open_money_reported",
    letters.PremiumListAnswered: "reguarantee.premiums.services.open_list_answered",
    letters.StatementAnswered: "reguarantee.settlements.services.open_statement_answered",
    letters.InstitutionChangeReported: "reguarantee.admission.services.open_change",
}
# Read by a member.
MEMBER: dict[type[letters.Letter], str] = {
    letters.FilingDecided: "tenants.guarantees.services.open_filing_decided",
    letters.ReportingScopeAgreed: "tenants.guarantees.services.open_scope_agreed",
    letters.ClaimDecided: "tenants.claims.services.open_claim_decided",
    letters.ClaimPaid: "tenants.claims.services.open_claim_paid",
    letters.RecoveryShared: "tenants.recoveries.services.open_shared",
    letters.CaseMessage: "tenants.claims.services.open_message",
    letters.MoneyReported: "tenants.cessions.services.open_money_reported",
    letters.PremiumListIssued: "tenants.cessions.services.open_premium_list",
    letters.PremiumBilled: "tenants.cessions.services.open_bill",
    letters.StatementIssued: "tenants.cessions.services.open_statement",
    letters.AgreementTold: "tenants.cessions.services.open_agreement",
    letters.PartnerStanding: "tenants.cessions.services.open_standing",
    letters.InstitutionFileTold: "tenants.cessions.services.open_institution_file",
    letters.InstitutionChangeDecided: "tenants.cessions.services.open_change_decided",
}
_TABLES = {"group": GROUP, "member": MEMBER}


def read(letter: letters.Letter, **more: Any) -> None:
    """Hand the letter to its reader in the house we are inside. A room is imported when its first letter comes."""
    import_string(_TABLES[current().kind][type(letter)])(letter, **more)


def deliver() -> int:
    """Deliver all letters that are due, answers to them included. Returns how many were read."""
    if not outbox.readers:
        outbox.readers.update(dict.fromkeys(letters.LETTERS, read))
    total = 0
    with inside(PUBLIC):
        while came := outbox.deliver(house_of=registry.institution, enter=inside):
            total += came
    return total
