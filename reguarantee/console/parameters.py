"""Numbers by which the console advises how to go on with an institution (AGR-11). Advice, so not law."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter("rg.outcome.claim_rate_high", "rate", "0.03", _("Claim rate from which cooperation is narrowed"), "", "DESIGN"),
    Parameter("rg.outcome.claim_rate_low", "rate", "0.01", _("Claim rate below which cooperation may be widened"), "", "DESIGN"),
    Parameter("rg.outcome.brought_well", "rate", "0.80", _("Part of the agreed volume that counts as brought"), "", "DESIGN"),
    Parameter("rg.outcome.brought_little", "rate", "0.30", _("Part of the agreed volume that counts as little"), "", "DESIGN"),
    Parameter("rg.outcome.line_tight", "rate", "0.90", _("Use of a line from which it is tight"), "", "DESIGN"),
)
