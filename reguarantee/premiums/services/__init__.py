"""The verbs of premiums: standards, monthly lists, bills, arrears, funds. The only writers of this room."""

from reguarantee.premiums.services.billing import MoreThanBilled, PeriodNotOver, bill, billing_period, last_month
from reguarantee.premiums.services.drawing import BadPeriod, MonthNotBegun, draw_list, month
from reguarantee.premiums.services.funds import NothingToClaim, SubsidyStands, claim_subsidy, close_fund, funds_waiting
from reguarantee.premiums.services.listing import (
    DROPPED,
    EXPLAINED,
    RECKONED_ANEW,
    DisputesOpen,
    ListEmpty,
    ListFixed,
    MonthNotOver,
    NoDispute,
    NoSuchList,
    agree_by_silence,
    issue_list,
    open_list_answered,
    resolve,
)
from reguarantee.premiums.services.rolling import Round, roll
from reguarantee.premiums.services.settling import arrears, on_moved
from reguarantee.premiums.services.standards import (
    BadStandard,
    NoSuchStandard,
    OwnStandard,
    StandardDecided,
    decide_standard,
    propose_standard,
)

__all__ = [
    "DROPPED", "EXPLAINED", "RECKONED_ANEW", "BadPeriod", "BadStandard", "DisputesOpen", "ListEmpty", "ListFixed",
    "MonthNotBegun", "MonthNotOver", "MoreThanBilled", "NoDispute", "NoSuchList", "NoSuchStandard", "NothingToClaim",
    "OwnStandard", "PeriodNotOver", "Round", "StandardDecided", "SubsidyStands", "agree_by_silence", "arrears", "bill",
    "billing_period", "claim_subsidy", "close_fund", "decide_standard", "draw_list", "funds_waiting", "issue_list",
    "last_month", "month", "on_moved", "open_list_answered", "propose_standard", "resolve", "roll",
]  # fmt: skip
