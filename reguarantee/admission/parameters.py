"""Parameters of evaluations (domain.md 5.10.2, 5.12).

The sources give the dimensions' weights (policy 40, operation 25, risk control 25, system 10); how each is dealt out to
its metrics is ours. Targets count where there is nobody to be ranked against.
"""

from django.utils.translation import gettext_lazy as _

from kernel.parameters.declared import Parameter

_SOURCE = "domain.md 5.10.2"
_GRADES = ("A", "B", "C", "D")


def _rate(key: str, default: str, label: object, *scopes: str) -> Parameter:
    return Parameter(f"rg.evaluation.{key}", "rate", default, label, _SOURCE, "UNV", scopes=scopes)


def _fen(key: str, default: str, label: object) -> Parameter:
    return Parameter(f"rg.evaluation.{key}", "fen", default, label, _SOURCE, "UNV", scopes=("member",))


PARAMETERS = (
    _rate("weight.new_volume", "0.15", _("Evaluation: weight of new guarantees")),
    _rate("weight.small_agri_share", "0.25", _("Evaluation: weight of the small and farming share")),
    _rate("weight.filed_volume", "0.15", _("Evaluation: weight of filed guarantees")),
    _rate("weight.risk_shared_share", "0.05", _("Evaluation: weight of the share in which a bank bears risk")),
    _rate("weight.leverage", "0.10", _("Evaluation: weight of the leverage")),
    _rate("weight.compensation_rate", "0.15", _("Evaluation: weight of the compensation rate")),
    _rate("weight.return_rate", "0.10", _("Evaluation: weight of the return rate")),
    _rate("weight.filing_rate", "0.05", _("Evaluation: weight of the filing rate")),
    _fen("target.new_volume", "50000000000", _("Evaluation: new guarantees for full points")),
    _rate("target.small_agri_share", "0.80", _("Evaluation: small and farming share for full points"), "member"),
    _fen("target.filed_volume", "30000000000", _("Evaluation: filed guarantees for full points")),
    _rate("target.risk_shared_share", "0.80", _("Evaluation: share with bank risk for full points"), "member"),
    _rate("target.leverage", "3", _("Evaluation: leverage for full points"), "member"),
    _rate("limit.leverage", "15", _("Evaluation: leverage above which there are no points"), "member"),
    _rate("target.compensation_rate", "0.05", _("Evaluation: compensation rate that still gives full points"), "member"),
    _rate("target.return_rate", "0.30", _("Evaluation: return rate for full points"), "member"),
    _rate("target.filing_rate", "0.90", _("Evaluation: filing rate for full points"), "member"),
    Parameter("rg.evaluation.cut.a", "int", "90", _("Evaluation: points from which the grade is A"), _SOURCE, "UNV"),
    Parameter("rg.evaluation.cut.b", "int", "75", _("Evaluation: points from which the grade is B"), _SOURCE, "UNV"),
    Parameter("rg.evaluation.cut.c", "int", "60", _("Evaluation: points from which the grade is C"), _SOURCE, "UNV"),
    _rate("factor.a", "1.10", _("Factor on the line for grade A")),
    _rate("factor.b", "1.00", _("Factor on the line for grade B")),
    _rate("factor.c", "0.80", _("Factor on the line for grade C")),
    _rate("factor.d", "0.50", _("Factor on the line for grade D")),
    Parameter("rg.evaluation.watch_from", "choice", "C", _("Grade that puts on watch"), _SOURCE, "DESIGN", choices=_GRADES),
    Parameter("rg.evaluation.stop_from", "choice", "D", _("Grade that stops cessions"), _SOURCE, "DESIGN", choices=_GRADES),
    Parameter("rg.evaluation.lead_days", "days", "30", _("Days before it is due in which an evaluation is opened"), "", "DESIGN"),
)
