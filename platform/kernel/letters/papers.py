"""What letters about claims carry as codes, and what people call it: English msgids, translated where they are shown.

A ClaimSubmitted names the slot of each of its papers; a ClaimDecided that returns a claim says by code what it lacks.
"""

from __future__ import annotations

from kernel.errors import gettext_noop

REQUIRED: dict[str, str] = {
    "APPLICATION": gettext_noop("Application letter under letterhead"),
    "COMPENSATION_APPROVAL": gettext_noop("Approval of the compensation"),
    "LOAN_CONTRACT": gettext_noop("The loan contract"),
    "GUARANTEE_CONTRACT": gettext_noop("Guarantee contract"),
    "ENTRUSTED_CONTRACT": gettext_noop("Entrusted-guarantee contract"),
    "DEBTOR_DOCUMENTS": gettext_noop("Basic documents of the debtor"),
    "PURPOSE_EVIDENCE": gettext_noop("Evidence of the loan's purpose"),
    "BANK_NOTICE": gettext_noop("Bank's notice and certificate of compensation"),
    "PAYMENT_VOUCHER": gettext_noop("Payment voucher or bank statement"),
    "ACCOUNT_INFORMATION": gettext_noop("Receiving account"),
}
"""The ten materials of domain.md 5.8.3."""
RELEVANT: dict[str, str] = {
    "COUNTER_GUARANTEE": gettext_noop("Counter-guarantee contracts and registrations"),
    "LITIGATION": gettext_noop("Litigation and recovery documents"),
    "OTHER": gettext_noop("Other papers"),
}
DEFICIENCIES: dict[str, str] = {
    "MISSING": gettext_noop("A paper is missing"),
    "ILLEGIBLE": gettext_noop("A paper cannot be read"),
    "WRONG_PAPER": gettext_noop("A paper belongs to something else"),
    "NOT_SIGNED": gettext_noop("A paper lacks its signature or seal"),
    "AMOUNT_DIFFERS": gettext_noop("An amount differs from its paper"),
    "DATE_DIFFERS": gettext_noop("A date differs from its paper"),
    "ACCOUNT_WRONG": gettext_noop("The receiving account is wrong"),
    "REASON_NEEDED": gettext_noop("A reason is needed"),
    "COUNTER_GUARANTEE": gettext_noop("The counter-guarantee has to be proved"),
}
