"""The verbs of a member's business with the group: readers of its letters, and our answers. The only writers of this room."""

from tenants.cessions.services.accounts import (
    NoSuchStatement,
    StatementNotOpen,
    answer_statement,
    open_agreement,
    open_standing,
    open_statement,
)
from tenants.cessions.services.institution import (
    ARCHIVE,
    ARCHIVE_KINDS,
    BadEmployee,
    ChangeOpen,
    NoSuchEmployee,
    NothingChanged,
    ReasonMissing,
    keep_archive,
    open_change_decided,
    open_institution_file,
    report_change,
    report_staff,
    save_employee,
)
from tenants.cessions.services.premiums import (
    AnsweredAlready,
    DisputeEmpty,
    NoSuchPremiumList,
    answer_list,
    open_bill,
    open_money_reported,
    open_premium_list,
)

__all__ = [
    "ARCHIVE", "ARCHIVE_KINDS", "AnsweredAlready", "BadEmployee", "ChangeOpen", "DisputeEmpty", "NoSuchEmployee",
    "NoSuchPremiumList", "NoSuchStatement", "NothingChanged", "ReasonMissing", "StatementNotOpen", "answer_list",
    "answer_statement", "keep_archive", "open_agreement", "open_bill", "open_change_decided", "open_money_reported",
    "open_institution_file", "open_premium_list", "open_standing", "open_statement", "report_change", "report_staff",
    "save_employee",
]  # fmt: skip
