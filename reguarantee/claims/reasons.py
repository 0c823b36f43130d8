"""Words of claims as codes: the papers, what a returned claim lacks, why a claim or a part of it is not paid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.letters import papers

REQUIRED = {code: _(label) for code, label in papers.REQUIRED.items()}
SLOTS = REQUIRED | {code: _(label) for code, label in papers.RELEVANT.items()}
DEFICIENCIES = {code: _(label) for code, label in papers.DEFICIENCIES.items()}
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
