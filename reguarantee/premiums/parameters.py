"""Parameters of premiums (domain.md 5.4, 4.6, 13): what is not in the treaty's terms."""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

PARAMETERS = (
    Parameter(
        "rg.premium.base", "choice", "INITIAL_PRINCIPAL", _("Premium is reckoned on"), "国融担〔2020〕23号", "C1",
        ("INITIAL_PRINCIPAL", "DAILY_BALANCE"), ("member", "product"),
    ),
    Parameter(
        "rg.premium.day_count", "choice", "ACT/365", _("Day count of premiums"), "国融担〔2020〕23号", "C1",
        ("ACT/365", "ACT/360", "30/360"), ("member", "product"),
    ),
    Parameter(
        "rg.premium.threshold", "choice", "OBLIGOR", _("The rate looks at the obligor's total, or at the single loan"),
        "NFGF; 财金〔2024〕60号", "C2+", ("OBLIGOR", "LOAN"), ("product",),
    ),
    Parameter("rg.nfgf.fee_threshold_fen", "fen", "500000000", _("Limit of the lower premium rate"), "NFGF", "C2+"),
    Parameter("rg.nfgf.fee_le5m", "rate", "0.003", _("Premium rate per year up to the limit"), "NFGF", "C1"),
    Parameter("rg.nfgf.fee_gt5m", "rate", "0.005", _("Premium rate per year above the limit"), "NFGF", "C1"),
    Parameter(
        "rg.premium.refund_on_early_release", "bool", "false", _("Give back the days after an early release"),
        "", "UNV", scopes=("member", "product"),
    ),
    Parameter("rg.premium.confirm_days", "days", "10", _("Days for the member to confirm a premium list"), "", "DESIGN"),
    Parameter("rg.premium.tacit", "bool", "true", _("A list that is not answered in time counts as confirmed"), "", "DESIGN"),
    Parameter(
        "rg.premium.billing", "choice", "QUARTER", _("Premiums are billed by"), "", "DESIGN", ("MONTH", "QUARTER"), ("member",)
    ),
    Parameter("rg.premium.due_days", "days", "15", _("Days from a bill to its due day"), "", "DESIGN", scopes=("member",)),
    Parameter(
        "rg.premium.arrears_days", "days", "30", _("Days after which an unpaid bill stops new cessions"), "", "DESIGN",
        scopes=("member",),
    ),
    Parameter("rg.premium.fund_due_days", "days", "30", _("Days to pay a fund its part after the period closed"), "", "DESIGN"),
    Parameter("rg.premium.subsidy_rate", "rate", "0", _("State subsidy per fen of premium"), "", "UNV"),
    Parameter(
        "rg.premium.subsidy_policy_only", "bool", "false", _("Only policy institutions' premiums are subsidised"), "AGR-14", "UNV"
    ),
    Parameter(
        "tax.vat.exempt_until", "text", "2027-12-31", _("VAT exemption of small and farming business ends on"),
        "公告2023-18", "C2+",
    ),
    Parameter("tax.vat.rate", "rate", "0.06", _("VAT rate"), "", "MEM"),
)  # fmt: skip
