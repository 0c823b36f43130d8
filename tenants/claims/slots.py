"""The papers of a claim (domain.md 5.8.3). Some can be there from the first day of a guarantee, some only after the payment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REQUIRED: dict[str, object] = {
    "APPLICATION": _("Application letter under letterhead"),
    "COMPENSATION_APPROVAL": _("Approval of the compensation"),
    "LOAN_CONTRACT": _("Loan contract"),
    "GUARANTEE_CONTRACT": _("Guarantee contract"),
    "ENTRUSTED_CONTRACT": _("Entrusted-guarantee contract"),
    "DEBTOR_DOCUMENTS": _("Basic documents of the debtor"),
    "PURPOSE_EVIDENCE": _("Evidence of the loan's purpose"),
    "BANK_NOTICE": _("Bank's notice and certificate of compensation"),
    "PAYMENT_VOUCHER": _("Payment voucher or bank statement"),
    "ACCOUNT_INFORMATION": _("Receiving account"),
}
RELEVANT: dict[str, object] = {
    "COUNTER_GUARANTEE": _("Counter-guarantee contracts and registrations"),
    "LITIGATION": _("Litigation and recovery documents"),
    "OTHER": _("Other papers"),
}
SLOTS: dict[str, object] = {**REQUIRED, **RELEVANT}
AFTER_PAYMENT = frozenset({"APPLICATION", "COMPENSATION_APPROVAL", "BANK_NOTICE", "PAYMENT_VOUCHER"})
"""These cannot exist before the borrower defaults, so they do not count before it."""
