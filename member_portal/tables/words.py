"""Words of the portal for what rooms keep as codes, and personal data as a reader may see it (domain.md 9.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.templatetags.design import mask_id
from desks.words import Subject, Words
from tenants.applications import queries as applications
from tenants.customers import queries as customers
from tenants.guarantees import queries as guarantees

_ACTS: dict[str, Any] = {
    "applications.draft": gettext_lazy("Application drafted"),
    "applications.revise": gettext_lazy("Application changed"),
    "applications.receive": gettext_lazy("Application received from a bank"),
    "applications.submit": gettext_lazy("Application submitted"),
    "applications.take_up": gettext_lazy("Application taken up"),
    "applications.decline": gettext_lazy("Application declined"),
    "applications.return": gettext_lazy("Application returned to its author"),
    "applications.resubmit": gettext_lazy("Application handed in again"),
    "applications.approve": gettext_lazy("Application approved"),
    "applications.reject": gettext_lazy("Application rejected"),
    "applications.withdraw": gettext_lazy("Application withdrawn"),
    "applications.add_channel": gettext_lazy("Channel added"),
    "applications.change_channel": gettext_lazy("Channel changed"),
    "applications.add_introducer": gettext_lazy("Introducer added"),
    "applications.change_introducer": gettext_lazy("Introducer changed"),
    "claims.pay": gettext_lazy("Compensation paid"),
    "claims.draft": gettext_lazy("Claim on the group drafted"),
    "claims.submit": gettext_lazy("Claim on the group submitted"),
    "claims.answer": gettext_lazy("Returned claim sent again"),
    "claims.appeal": gettext_lazy("Appeal against the group's refusal"),
    "claims.withdraw": gettext_lazy("Claim on the group withdrawn"),
    "claims.write": gettext_lazy("Message to the group"),
    "claims.decided": gettext_lazy("Claim answered by the group"),
    "claims.paid": gettext_lazy("Group sent money for a claim"),
    "claims.receive": gettext_lazy("Money of the group registered"),
    "customers.register": gettext_lazy("Customer registered"),
    "customers.change": gettext_lazy("Customer changed"),
    "customers.mark": gettext_lazy("Customer's status set"),
    "customers.unmask": gettext_lazy("Personal data shown in full"),
    "guarantees.issue": gettext_lazy("Guarantee issued"),
    "guarantees.draw": gettext_lazy("Drawdown registered"),
    "guarantees.draw_all": gettext_lazy("Loan fully drawn"),
    "guarantees.complete": gettext_lazy("Drawing ended"),
    "guarantees.repay": gettext_lazy("Repayment registered"),
    "guarantees.mark_overdue": gettext_lazy("Marked overdue"),
    "guarantees.ask_extension": gettext_lazy("Extension asked for"),
    "guarantees.refuse_extension": gettext_lazy("Extension not approved"),
    "guarantees.extend": gettext_lazy("Extended: goes on in another guarantee"),
    "guarantees.issue_extension": gettext_lazy("Issued as an extension"),
    "guarantees.cure": gettext_lazy("Arrears paid"),
    "guarantees.compensate": gettext_lazy("Compensated"),
    "guarantees.compensate_part": gettext_lazy("Compensated in part"),
    "guarantees.release": gettext_lazy("Guarantee released"),
    "guarantees.lapse": gettext_lazy("Guarantee lapsed"),
    "guarantees.cancel": gettext_lazy("Guarantee cancelled"),
    "guarantees.file": gettext_lazy("Filed to the group again"),
    "guarantees.filing_decided": gettext_lazy("Filing decided by the group"),
    "guarantees.correct_filing": gettext_lazy("Filing corrected"),
    "guarantees.withdraw_filing": gettext_lazy("Filing withdrawn"),
    "guarantees.file_list": gettext_lazy("List filed with the group"),
    "guarantees.agree_scope": gettext_lazy("Reporting scope agreed"),
    "intake.check": gettext_lazy("Import checked"),
    "intake.import": gettext_lazy("Import carried out"),
    "intake.cancel": gettext_lazy("Import cancelled"),
    "intake.undo": gettext_lazy("Import undone"),
    "products.add": gettext_lazy("Product added"),
    "products.change": gettext_lazy("Product changed"),
    "products.close": gettext_lazy("Product closed"),
    "products.open_again": gettext_lazy("Product opened again"),
    "cessions.agreement": gettext_lazy("Agreement told by the group"),
    "cessions.answer_list": gettext_lazy("Premium list answered"),
    "cessions.answer_statement": gettext_lazy("Account current answered"),
    "cessions.bill": gettext_lazy("Premium bill of the group kept"),
    "cessions.change_decided": gettext_lazy("Reported change decided by the group"),
    "cessions.employee": gettext_lazy("Staff list changed"),
    "cessions.premium_list": gettext_lazy("Premium list of the group kept"),
    "cessions.report_change": gettext_lazy("Change reported to the group"),
    "cessions.standing": gettext_lazy("Standing told by the group"),
    "cessions.institution_file": gettext_lazy("Own file told by the group"),
    "cessions.statement": gettext_lazy("Account current of the group kept"),
    "claims.adopt_terms": gettext_lazy("Terms of claims taken from an agreement"),
    "claims.attach": gettext_lazy("Paper put into the claim file"),
    "claims.message": gettext_lazy("Message of the group"),
    "claims.remove": gettext_lazy("Paper taken out of the claim file"),
    "recoveries.note": gettext_lazy("Entry in the log of a pursuit"),
    "recoveries.open": gettext_lazy("Recovery case opened"),
    "recoveries.record": gettext_lazy("Recovery recorded"),
    "recoveries.shared": gettext_lazy("Recovery shared by the group"),
    "recoveries.spend": gettext_lazy("Cost of a pursuit noted"),
    "recoveries.undo": gettext_lazy("Recovery undone"),
    "recoveries.write_off": gettext_lazy("Receivable written off"),
}
_SUBJECTS = {
    "application": Subject(gettext_lazy("Application"), "portal:application", "applications.view"),
    "guarantee": Subject(gettext_lazy("Guarantee"), "portal:guarantee", "guarantees.view"),
    "customer": Subject(gettext_lazy("Customer"), "portal:customer", "customers.view"),
    "product": Subject(gettext_lazy("Product")),
    "import": Subject(gettext_lazy("Import"), "portal:import", "intake.view"),
    "scope": Subject(gettext_lazy("Reporting scope")),
}
_FACTS: dict[str, Any] = {
    "fields": gettext_lazy("Fields"),
    "customer": gettext_lazy("Customer"),
    "bank": gettext_lazy("Bank"),
    "amount_fen": gettext_lazy("Amount"),
    "loan_fen": gettext_lazy("Loan"),
    "paid_fen": gettext_lazy("Paid"),
    "principal_fen": gettext_lazy("Principal"),
    "interest_fen": gettext_lazy("Interest"),
    "drawn_fen": gettext_lazy("Drawn"),
    "guaranteed_fen": gettext_lazy("Guaranteed"),
    "ceded_fen": gettext_lazy("Ceded"),
    "balance_fen": gettext_lazy("Balance in force"),
    "outstanding_fen": gettext_lazy("Outstanding principal"),
    "iou_no": gettext_lazy("IOU"),
    "reference": gettext_lazy("Reference"),
    "voucher_no": gettext_lazy("Voucher"),
    "certificate": gettext_lazy("Certificate"),
    "treaty": gettext_lazy("Treaty"),
    "coverage": gettext_lazy("Re-guarantee"),
    "mapping": gettext_lazy("Mapping"),
    "accepted": gettext_lazy("Accepted"),
    "unchanged": gettext_lazy("Unchanged"),
    "rejected": gettext_lazy("Rejected rows"),
    "state": gettext_lazy("State"),
    "from": gettext_lazy("State before"),
    "kind": gettext_lazy("Kind"),
    "application": gettext_lazy("Application"),
    "scope": gettext_lazy("Scope"),
    "agreement": gettext_lazy("Agreement"),
}
# Codes that stand as values in an audit line.
_VALUES: dict[str, Any] = {
    **dict(customers.KINDS),
    **dict(customers.STATUSES),
    **dict(applications.STATES),
    **dict(guarantees.STATES),
    **dict(guarantees.COVERAGES),
}
WORDS = Words(acts=_ACTS, subjects=_SUBJECTS, facts=_FACTS, values=_VALUES)
"""What the portal calls the acts of its house."""
# Why the group gives no cover, where it never said: the others carry the group's own sentence.
_REASONS = {
    "NOT_FILED": gettext_lazy("Not filed to the group yet: it is filed when the loan is fully drawn."),
    "": gettext_lazy("Not filed to the group yet: it is filed when the loan is fully drawn."),
}


def coverage_reason(guarantee: Any) -> str:
    """Why a guarantee is covered, partly covered or not, in the reader's language."""
    if guarantee.coverage_reason:
        return _(guarantee.coverage_reason)
    return str(_REASONS.get(guarantee.coverage_reason_code, guarantee.coverage_reason_code))


def masked_code(customer: Any) -> str:
    """The identity code as a list shows it: a company's is public, a person's is not."""
    return mask_id(customer.id_number) if customer.kind == "PERSON" else customer.id_number or "-"
