"""The verbs of filings: the only writers of filings. Locks: see settling.py."""

from reguarantee.filings.services.batches import (
    BadList,
    BadPeriod,
    ListConfirmed,
    ListKnown,
    ListTooLong,
    NoSuchList,
    compare_again,
    confirm_list,
    receive_list,
)
from reguarantee.filings.services.cases import BadRisk, NotUnderReview, opine, reply
from reguarantee.filings.services.deciding import (
    BadGrant,
    DeficiencyMissing,
    FirstGone,
    LineTooShort,
    NoteTaken,
    NothingToReview,
    OpinionRequired,
    SamePerson,
    StageNotYet,
    Stopped,
    TextRequired,
    confirm,
    reject,
    reopen,
    return_filing,
)
from reguarantee.filings.services.ending import freeze, mark_billed, open_ended, open_overdue, open_withdrawn, thaw
from reguarantee.filings.services.opening import open_filing
from reguarantee.filings.services.settling import NoSuchFiling

__all__ = [
    "BadGrant", "BadList", "BadPeriod", "BadRisk", "DeficiencyMissing", "FirstGone", "LineTooShort", "ListConfirmed",
    "ListKnown", "ListTooLong", "NoSuchFiling", "NoSuchList", "NotUnderReview", "NoteTaken", "NothingToReview",
    "OpinionRequired", "SamePerson", "StageNotYet", "Stopped", "TextRequired", "compare_again", "confirm", "confirm_list",
    "freeze", "mark_billed", "open_ended", "open_filing", "open_overdue", "open_withdrawn", "opine", "receive_list",
    "reject", "reopen", "reply", "return_filing", "thaw",
]  # fmt: skip
