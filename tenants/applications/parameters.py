"""Parameters of applications (domain.md 3.5, 13)."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

_SOURCE = "国办发〔2019〕6号"

PARAMETERS = (
    Parameter(
        "risk.bank_min_grade_blocks", "bool", "false", _("A bank below the group's lowest grade is refused, not only warned of"),
        "PAR-28", "DESIGN",
    ),
    Parameter(
        "risk.fee_cap.le5m", "rate", "0.010", _("Highest fee per year of a policy institution, guarantees up to 5 million yuan"),
        _SOURCE, "C1", scopes=("product",),
    ),
    Parameter(
        "risk.fee_cap.gt5m", "rate", "0.015", _("Highest fee per year of a policy institution, guarantees above 5 million yuan"),
        _SOURCE, "C1", scopes=("product",),
    ),
    Parameter(
        "risk.fee_cap.action", "choice", "WARN", _("A policy institution's fee above the cap warns or is refused"), _SOURCE, "C1",
        choices=("WARN", "REFUSE"),
    ),
)  # fmt: skip
