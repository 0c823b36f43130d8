"""Parameters of partner institutions (domain.md 13)."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter("rg.bank.min_grade", "choice", "C", _("Lowest grade of a bank"), "PAR-28", "DESIGN", choices=("A", "B", "C", "D")),
    Parameter(
        "rg.leverage.warn", "rate", "10", _("Leverage on paid-in capital above which an institution is marked"),
        "国务院令第683号 第15条", "C2+", scopes=("member",),
    ),
    Parameter("rg.licence.warn_days", "days", "90", _("Days before its end in which a licence is listed"), "PAR-31", "DESIGN"),
)  # fmt: skip
