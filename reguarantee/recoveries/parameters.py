"""Numbers of recoveries that are not law (domain.md 5.9, 13). A treaty's own terms come first."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter(
        "rg.recovery.pass_on_days",
        "days",
        "15",
        _("Working days in which a member passes on what it recovered"),
        "domain.md 5.9",
        "UNV",
        scopes=("member",),
    ),
    Parameter(
        "rg.recovery.order",
        "choice",
        "COST_FIRST_PRO_RATA",
        _("Order in which a recovery is shared"),
        "NFGF principle",
        "C1",
        ("COST_FIRST_PRO_RATA", "PRO_RATA", "BANK_SUBORDINATE", "PRINCIPAL_THEN_INTEREST"),
    ),
)
