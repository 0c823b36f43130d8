"""Numbers of the committee (domain.md 7.2, 13). How it counts is a rule of its own (CommitteeRule), kept with each meeting."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter(
        "proc.committee.from_fen",
        "fen",
        "1000000000",
        _("Loan above which a meeting of the committee decides"),
        "domain.md 7.2 (authority by amount)",
    ),
    Parameter(
        "proc.committee.resubmissions",
        "int",
        "2",
        _("How often a matter that the committee rejected may come back"),
        "domain.md 7.2",
        "UNV",
    ),
)
