"""The only writers of guarantees."""

from tenants.guarantees.services.compensating import settle
from tenants.guarantees.services.drawing import complete, drawdown
from tenants.guarantees.services.ending import cancel, lapse, release
from tenants.guarantees.services.extending import ask_extension, extension_closed
from tenants.guarantees.services.filing import correct_filing, file_again, open_filing_decided, withdraw_filing
from tenants.guarantees.services.funnel import hold
from tenants.guarantees.services.issuing import issue
from tenants.guarantees.services.listing import file_list
from tenants.guarantees.services.repaying import cure, mark_overdue, repay
from tenants.guarantees.services.scope import agree_scope, open_scope_agreed

__all__ = [
    "agree_scope",
    "ask_extension",
    "cancel",
    "complete",
    "correct_filing",
    "cure",
    "drawdown",
    "extension_closed",
    "file_again",
    "file_list",
    "hold",
    "issue",
    "lapse",
    "mark_overdue",
    "open_filing_decided",
    "open_scope_agreed",
    "release",
    "repay",
    "settle",
    "withdraw_filing",
]
