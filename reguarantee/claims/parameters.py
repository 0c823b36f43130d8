"""Numbers of claims that are not law (domain.md 5.7, 5.8.2, 13). A treaty's own terms come first."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

_SCOPES = ("member", "product")
PARAMETERS = (
    Parameter(
        "rg.claim.deadline_days", "days", "120", _("Days to claim after a compensation, both days counted"),
        "Shaanxi rule", "C1", scopes=_SCOPES,
    ),
    Parameter("rg.claim.accept_days", "days", "2", _("Working days to take up a claim"), "", "DESIGN"),
    Parameter("rg.claim.check_days", "days", "5", _("Working days to check a claim"), "", "DESIGN"),
    Parameter("rg.claim.answer_days", "days", "10", _("Working days for a member to complete a returned claim"), "", "DESIGN"),
    Parameter("rg.claim.appeal_days", "days", "15", _("Working days to appeal against a refusal"), "domain.md 7.6", "DESIGN"),
    Parameter("rg.claim.review_days", "days", "15", _("Working days to decide a checked claim"), "domain.md 5.8.2", "UNV"),
    Parameter("rg.claim.pay_days", "days", "5", _("Working days to pay an approved claim"), "", "DESIGN"),
    Parameter(
        "rg.claim.chairman_above_fen", "fen", "500000000", _("Claims above this amount go to the chairman"), "", "DESIGN"
    ),
    Parameter(
        "rg.claim.annualised_base", "bool", "false", _("The cap is measured by annualised released principal"),
        "国融担〔2020〕23号", "C1", scopes=("product",),
    ),
    Parameter(
        "rg.batch.system_share", "rate", "0.80", _("Part of annualised released principal that the cap is measured by"),
        "国融担〔2020〕23号", "C1", scopes=("product",),
    ),
    Parameter("rg.claim.outward_automatic", "bool", "true", _("A paid claim opens those on the funds by itself"), "", "DESIGN"),
    Parameter("rg.claim.outward_due_days", "days", "90", _("Days in which a fund is expected to pay"), "domain.md 5.8.2", "UNV"),
    Parameter("rg.fuse.warn", "rate", "0.60", _("Yellow from this part of the cap on"), "domain.md 5.7", "UNV"),
    Parameter("rg.fuse.hold", "rate", "0.80", _("Orange from this part of the cap on"), "domain.md 5.7", "UNV"),
    Parameter("rg.fuse.stop", "rate", "1.00", _("Red from this part of the cap on"), "domain.md 5.7", "UNV"),
    Parameter(
        "rg.fuse.scope", "choice", "MEMBER", _("A fuse looks at"), "domain.md 5.7", "DESIGN",
        ("MEMBER", "PRODUCT", "BANK", "PRODUCT_BANK"),
    ),
    Parameter(
        "rg.ordinary.claim_cap", "rate", "0.04",
        _("Cap of claims on released principal where a treaty with a fuse names none"),
        "财金〔2024〕60号", "C2+", scopes=("product",),
    ),
)  # fmt: skip
