"""The papers of a claim (domain.md 5.8.3). Some can be there from the first day of a guarantee, some only after the payment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REQUIRED: dict[str, object] = {
    "APPLICATION": _("Application letter under letterhead"),
    "COMPENSATION_APPROVAL": _("Approval of the compensation"),
    "LOAN_CONTRACT": _("The loan contract"),
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

# What the group's codes of deficiencies mean; an unknown code shows as it is.
_DEFICIENCIES: dict[str, object] = {
    "MISSING": _("A paper is missing"),
    "ILLEGIBLE": _("A paper cannot be read"),
    "WRONG_PAPER": _("A paper belongs to something else"),
    "NOT_SIGNED": _("A paper lacks its signature or seal"),
    "AMOUNT_DIFFERS": _("An amount differs from its paper"),
    "DATE_DIFFERS": _("A date differs from its paper"),
    "ACCOUNT_WRONG": _("The receiving account is wrong"),
    "REASON_NEEDED": _("A reason is needed"),
    "COUNTER_GUARANTEE": _("The counter-guarantee has to be proved"),
}


def deficiency(code: str) -> str:
    return str(_DEFICIENCIES.get(code, code))
