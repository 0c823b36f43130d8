"""Parameters of filings (domain.md 5.5, 5.6, 13)."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter(
        "rg.filing.deadline_days", "days", "30", _("Days from the drawdown to the filing"), "domain.md 5.5", "UNV",
        scopes=("member", "product"),
    ),
    Parameter(
        "rg.filing.monthly_cutoff_day", "int", "10", _("Day of the next month up to which a bank's list is in time"),
        "domain.md 5.5", "UNV",
    ),
    Parameter(
        "rg.filing.line_near", "rate", "0.10", _("A limit is near when no more than this part of it is left"), "", "DESIGN",
    ),
    Parameter("rg.bank.min_share", "rate", "0.20", _("Least part of the loan that stays with its bank"), "财政部 2019", "C2+"),
    Parameter(
        "rg.line.measure", "choice", "ANNUAL_FLOW", _("A line counts what is ceded in a year, or what is in force"),
        "陕西", "C1", ("ANNUAL_FLOW", "REVOLVING"), ("treaty", "member"),
    ),
    Parameter(
        "rg.fee_cap.le5m", "rate", "0.010", _("Highest fee per year of a policy institution, obligors up to 5 million yuan"),
        "国办发〔2019〕6号", "C1", scopes=("member",),
    ),
    Parameter(
        "rg.fee_cap.gt5m", "rate", "0.015", _("Highest fee per year of a policy institution, obligors above 5 million yuan"),
        "国办发〔2019〕6号", "C1", scopes=("member",),
    ),
    Parameter("proc.extension.max_count", "int", "1", _("Extensions without an officer's decision"), "", "UNV"),
)  # fmt: skip
