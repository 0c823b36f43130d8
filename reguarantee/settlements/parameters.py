"""Numbers of the settlement that are not law (domain.md 13)."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter(
        "rg.settlement.period",
        "choice",
        "MONTH",
        _("Period of an account current"),
        "",
        "DESIGN",
        ("MONTH", "QUARTER"),
    ),
    Parameter("rg.settlement.confirm_days", "days", "10", _("Days for the other side to confirm an account current")),
)
