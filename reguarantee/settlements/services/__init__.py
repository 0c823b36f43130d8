"""The only writers of accounts current and of the breaks of the board; readers of the other side's word."""

from reguarantee.settlements.services.agreeing import NotTheirs, confirm_on_paper, issue, open_statement_answered
from reguarantee.settlements.services.closing import SamePerson, StillOpen, lock, mark_paid, pay
from reguarantee.settlements.services.comparing import check, open_money_reported
from reguarantee.settlements.services.drafting import (
    BadPeriod,
    NoSuchStatement,
    PeriodNotOver,
    PeriodOpen,
    draft,
    redraft,
)

__all__ = [
    "BadPeriod",
    "NoSuchStatement",
    "NotTheirs",
    "PeriodNotOver",
    "PeriodOpen",
    "SamePerson",
    "StillOpen",
    "check",
    "confirm_on_paper",
    "draft",
    "issue",
    "lock",
    "mark_paid",
    "open_money_reported",
    "open_statement_answered",
    "pay",
    "redraft",
]
