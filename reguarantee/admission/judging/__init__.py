"""How an institution is judged: figures of the application, rules, dimensions and the credit line (domain.md 5.10).

Pure functions over a standard's document; no table, no clock. The same inputs and version always give the same result.
"""

from reguarantee.admission.judging.inputs import DERIVED, LABELS, UNITS, inputs
from reguarantee.admission.judging.line import Working, credit_line
from reguarantee.admission.judging.rules import Judged, judge, overall
from reguarantee.admission.judging.scoring import Dimension, rating, score
from reguarantee.admission.judging.standard import BadStandard, named, read_standard

__all__ = [
    "DERIVED", "LABELS", "UNITS", "BadStandard", "Dimension", "Judged", "Working", "credit_line", "inputs", "judge", "named",
    "overall", "rating", "read_standard", "score",
]  # fmt: skip
