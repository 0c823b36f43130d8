"""Claims of members on the group (domain.md 5.7, 5.8, 7.6)."""

from reguarantee.claims.models.claim import Claim, Netting, Payment, Status
from reguarantee.claims.models.fuse import Fuse, FuseEvent, Level, LiquidFunds
from reguarantee.claims.models.outward import OutwardClaim
from reguarantee.claims.models.record import Amount, CaseNote, Check, Deficiency, Denial, Ruling, Step

__all__ = [
    "Amount",
    "CaseNote",
    "Check",
    "Claim",
    "Deficiency",
    "Denial",
    "Fuse",
    "FuseEvent",
    "Level",
    "LiquidFunds",
    "Netting",
    "OutwardClaim",
    "Payment",
    "Ruling",
    "Status",
    "Step",
]
