"""Why a filing is covered or not: a stable code, and a sentence without places, so that any house can translate it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.errors import gettext_noop


class Reason(models.TextChoices):
    SUBMITTED = "SUBMITTED", _("Not decided yet")
    WITHIN_TREATY = "WITHIN_TREATY", _("Within the treaty")
    NO_TREATY = "NO_TREATY", _("No treaty")
    PRODUCT_OUT_OF_SCOPE = "PRODUCT_OUT_OF_SCOPE", _("Product out of scope")
    OBLIGOR_KIND_OUT_OF_SCOPE = "OBLIGOR_KIND_OUT_OF_SCOPE", _("Kind of obligor out of scope")
    BANK_OUT_OF_SCOPE = "BANK_OUT_OF_SCOPE", _("Bank out of scope")
    REGION_OUT_OF_SCOPE = "REGION_OUT_OF_SCOPE", _("Region out of scope")
    INDUSTRY_OUT_OF_SCOPE = "INDUSTRY_OUT_OF_SCOPE", _("Industry out of scope")
    NOTHING_CEDED = "NOTHING_CEDED", _("Nothing to cede")
    BAD_FIGURES = "BAD_FIGURES", _("Contradictory figures")
    PRINCIPAL_ABOVE_LIMIT = "PRINCIPAL_ABOVE_LIMIT", _("Loan above the limit")
    OBLIGOR_ABOVE_LIMIT = "OBLIGOR_ABOVE_LIMIT", _("Obligor above the limit")
    TERM_ABOVE_LIMIT = "TERM_ABOVE_LIMIT", _("Term above the limit")
    LINE_PART = "LINE_PART", _("Line nearly used")
    LINE_EXHAUSTED = "LINE_EXHAUSTED", _("Line used up")
    COVER_KEPT = "COVER_KEPT", _("Increase not covered")
    APPROVED_CASE = "APPROVED_CASE", _("Approved case by case")
    REFUSED_CASE = "REFUSED_CASE", _("Refused case by case")
    REOPENED = "REOPENED", _("Under review again")
    RETURNED = "RETURNED", _("To be corrected")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn by the member")
    ENDED_BEFORE = "ENDED_BEFORE", _("Ended before the answer")
    TOO_LATE_TO_WITHDRAW = "TOO_LATE_TO_WITHDRAW", _("Can no longer be withdrawn")
    FROZEN = "FROZEN", _("Frozen by a claim")
    ENDED_STANDS = "ENDED_STANDS", _("Ended, nothing changes")
    LATE_FILING = "LATE_FILING", _("Filed late")
    CHECK_NEEDED = "CHECK_NEEDED", _("To be checked by an officer")
    ON_WATCH = "ON_WATCH", _("Member on watch")
    DUPLICATE_IOU = "DUPLICATE_IOU", _("Drawdown note filed twice")
    BANK_SHARE = "BANK_SHARE", _("Bank keeps too little")
    EXTENSION_WITHOUT_FIRST = "EXTENSION_WITHOUT_FIRST", _("Extension without its first")
    EXTENDED_TOO_OFTEN = "EXTENDED_TOO_OFTEN", _("Extended too often")
    # Stops of new cessions; the codes are those of reguarantee.partners.
    SUSPENDED = "SUSPENDED", _("Cooperation suspended")
    PREMIUM_ARREARS = "PREMIUM_ARREARS", _("Premiums in arrears")
    FUSE = "FUSE", _("Fuse of the treaty")
    GRADE = "GRADE", _("Grade too low")
    STOPPED = "STOPPED", _("New cessions stopped")


SENTENCES: dict[str, str] = {
    Reason.SUBMITTED: gettext_noop("The filing has arrived and is not decided yet."),
    Reason.WITHIN_TREATY: gettext_noop("Within the treaty."),
    Reason.NO_TREATY: gettext_noop("No treaty was in force for this member on the day of drawdown."),
    Reason.PRODUCT_OUT_OF_SCOPE: gettext_noop("The treaty does not cover this product."),
    Reason.OBLIGOR_KIND_OUT_OF_SCOPE: gettext_noop("The treaty does not cover this kind of obligor."),
    Reason.BANK_OUT_OF_SCOPE: gettext_noop("The treaty does not cover loans of this bank."),
    Reason.REGION_OUT_OF_SCOPE: gettext_noop("The treaty does not cover this region."),
    Reason.INDUSTRY_OUT_OF_SCOPE: gettext_noop("The treaty does not cover this industry."),
    Reason.NOTHING_CEDED: gettext_noop("Under the treaty the whole risk stays with the member."),
    Reason.BAD_FIGURES: gettext_noop("The amounts or dates of the filing contradict each other."),
    Reason.PRINCIPAL_ABOVE_LIMIT: gettext_noop("The loan is above the treaty's limit for one loan."),
    Reason.OBLIGOR_ABOVE_LIMIT: gettext_noop(
        "With its guarantees at all members the obligor is above the treaty's limit for one obligor."
    ),
    Reason.TERM_ABOVE_LIMIT: gettext_noop("The term is longer than the treaty allows."),
    Reason.LINE_PART: gettext_noop("Only a part fits into what is left of the year's line."),
    Reason.LINE_EXHAUSTED: gettext_noop("Nothing is left of the year's line."),
    Reason.COVER_KEPT: gettext_noop("The increase is above a limit and not covered; the cover given before stays."),
    Reason.APPROVED_CASE: gettext_noop("Approved case by case."),
    Reason.REFUSED_CASE: gettext_noop("Refused case by case."),
    Reason.REOPENED: gettext_noop("The filing is under review again."),
    Reason.RETURNED: gettext_noop("Something must be corrected before the group can decide. Correct it and file again."),
    Reason.WITHDRAWN: gettext_noop("The member has withdrawn the filing."),
    Reason.ENDED_BEFORE: gettext_noop("The guarantee ended before the filing was decided; nothing is left to cover."),
    Reason.TOO_LATE_TO_WITHDRAW: gettext_noop(
        "The filing can no longer be withdrawn: a premium is billed, a claim is submitted, an extension of it is filed or the"
        " guarantee has ended."
    ),
    Reason.FROZEN: gettext_noop(
        "A claim is submitted for this guarantee, so what was filed stands. Report what is new as a message of the claim."
    ),
    Reason.ENDED_STANDS: gettext_noop("The guarantee has ended, so its filing stands as it is."),
    Reason.LATE_FILING: gettext_noop("Filed after the deadline. An officer decides whether it is accepted all the same."),
    Reason.CHECK_NEEDED: gettext_noop("The group checks something about this filing before it answers."),
    Reason.ON_WATCH: gettext_noop("While the member is on watch, each filing is decided case by case."),
    Reason.DUPLICATE_IOU: gettext_noop("Another guarantee is filed with the same drawdown note. Check its number."),
    Reason.BANK_SHARE: gettext_noop("The bank keeps less of the loan than the national fund demands."),
    Reason.EXTENSION_WITHOUT_FIRST: gettext_noop(
        "An extension must name the covered guarantee of the same borrower and bank that ends when it begins."
        " Correct it and file again."
    ),
    Reason.EXTENDED_TOO_OFTEN: gettext_noop("The guarantee was extended as often as is allowed without an officer's decision."),
    Reason.SUSPENDED: gettext_noop("The cooperation is suspended; no new guarantees are covered meanwhile."),
    Reason.PREMIUM_ARREARS: gettext_noop("Premiums are in arrears; no new guarantees are covered until they are paid."),
    Reason.FUSE: gettext_noop("The compensation rate under the treaty has reached its limit; no new guarantees are covered."),
    Reason.GRADE: gettext_noop("The member's grade does not allow new guarantees to be covered."),
    Reason.STOPPED: gettext_noop("No new guarantees are covered for the time being."),
}

DEFICIENCIES: dict[str, Any] = {
    "CONTRACT_NO": _("The number of the loan contract is missing or wrong"),
    "IOU_NO": _("The number of the drawdown note is missing or wrong"),
    "AMOUNT": _("Amounts do not agree with the contract"),
    "DATES": _("Dates do not agree with the contract"),
    "OBLIGOR": _("Name or identity of the borrower is wrong"),
    "BANK": _("The bank or its branch is wrong"),
    "INDUSTRY": _("Industry or size class is wrong"),
    "RATE": _("Interest or fee is missing or wrong"),
    "EXTENSION": _("The guarantee that is prolonged is not named"),
    "CONSENT": _("The counter-guarantors' consent is missing"),
    "OTHER": _("Something else"),
}
"""Why a filing goes back for correction (codes are told to the member)."""

OUT_OF_SCOPE: dict[str, str] = {
    "product": Reason.PRODUCT_OUT_OF_SCOPE,
    "obligor_kind": Reason.OBLIGOR_KIND_OUT_OF_SCOPE,
    "bank": Reason.BANK_OUT_OF_SCOPE,
    "region": Reason.REGION_OUT_OF_SCOPE,
    "industry": Reason.INDUSTRY_OUT_OF_SCOPE,
}
"""The engine's name of the field that decided → the reason."""

ABOVE_LIMIT: dict[str, str] = {
    "principal_max_fen": Reason.PRINCIPAL_ABOVE_LIMIT,
    "obligor_total_max_fen": Reason.OBLIGOR_ABOVE_LIMIT,
    "term_max_months": Reason.TERM_ABOVE_LIMIT,
}
"""The treaty's limits that an officer may set aside case by case (domain.md 5.5)."""
