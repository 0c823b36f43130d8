"""Words of claims as codes: the papers, what a returned claim lacks, why a claim or a part of it is not paid."""

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
"""The ten materials of domain.md 5.8.3."""
RELEVANT: dict[str, object] = {
    "COUNTER_GUARANTEE": _("Counter-guarantee contracts and registrations"),
    "LITIGATION": _("Litigation and recovery documents"),
    "OTHER": _("Other papers"),
}
SLOTS: dict[str, object] = {**REQUIRED, **RELEVANT}

DEFICIENCIES: dict[str, object] = {
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
REFUSALS: dict[str, object] = {
    "NOT_COVERED": _("The guarantee is not covered"),
    "DUPLICATE": _("The payment was claimed already"),
    "LATE": _("The claim came too late"),
    "OUT_OF_DUTY": _("The member did not do what the agreement asks"),
    "INELIGIBLE": _("The guarantee was not eligible"),
    "FALSE_PAPERS": _("Papers are not true"),
    "NOT_APPROVED": _("Refused in the approval"),
    "CAP": _("Above the cap"),
}
DENIALS: dict[str, object] = {
    "INELIGIBLE_PART": _("A part of the loan was not eligible"),
    "LATE": _("Cut because the claim came late"),
    "DUTY": _("Cut because a duty was not fulfilled"),
    "NOT_PROVED": _("A part is not proved"),
    "CAP": _("Above the cap"),
    "ABOVE_SIGNED": _("Above the amount that was signed"),
}
OFFICERS_DENIALS = {code: label for code, label in DENIALS.items() if code not in ("CAP", "ABOVE_SIGNED")}
