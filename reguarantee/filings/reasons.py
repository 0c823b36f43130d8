"""Why a filing is covered or not: a stable code, and a sentence without places, so that any house can translate it."""

from __future__ import annotations

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
}

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
