"""The verbs of compensations and of our claims on the group; the only writers of this room."""

from tenants.claims.services.claiming import (
    AccountNeeded,
    AppealTooLate,
    AppealUsed,
    LateNeedsReason,
    NoSuchClaim,
    NotCovered,
    NotToWithdraw,
    PapersMissing,
    ReasonNeeded,
    draft,
    submit,
    withdraw,
    write,
)
from tenants.claims.services.hearing import NothingExpected, open_claim_decided, open_claim_paid, open_message, receive
from tenants.claims.services.papers import NoSuchSlot, adopt_terms, attach, remove, subject_of
from tenants.claims.services.paying import (
    BadClaim,
    PaidBeforeNotice,
    VoucherMissing,
    VoucherTaken,
    pay,
    pay_outstanding,
)

__all__ = [
    "AccountNeeded",
    "AppealTooLate",
    "AppealUsed",
    "BadClaim",
    "LateNeedsReason",
    "NoSuchClaim",
    "NoSuchSlot",
    "NotCovered",
    "NotToWithdraw",
    "NothingExpected",
    "PaidBeforeNotice",
    "PapersMissing",
    "ReasonNeeded",
    "VoucherMissing",
    "VoucherTaken",
    "adopt_terms",
    "attach",
    "draft",
    "open_claim_decided",
    "open_claim_paid",
    "open_message",
    "pay",
    "pay_outstanding",
    "receive",
    "remove",
    "subject_of",
    "submit",
    "withdraw",
    "write",
]
