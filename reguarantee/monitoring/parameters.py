"""Parameters of figures over the book (domain.md 3.2.4, 13)."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter(
        "rg.leverage.warn", "rate", "10", _("Leverage on paid-in capital above which an institution is marked"),
        "国务院令第683号 第15条", "C2+", scopes=("member",),
    ),
)  # fmt: skip
