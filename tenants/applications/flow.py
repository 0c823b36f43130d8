"""States of an application (domain.md 7.4, the part before the guarantee)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from tenants.applications.models import Application

S = Application.State

APPLICATION = Flow(
    "application",
    _("application"),
    dict(S.choices),
    S.DRAFT,
    [
        Move("submit", (S.DRAFT,), S.SUBMITTED, "product open, within its limits, customer not blocked", "number given"),
        Move("start_review", (S.SUBMITTED,), S.IN_REVIEW, "a person took it up", "approval flow guarantee_review starts"),
        Move("return", (S.IN_REVIEW,), S.RETURNED, "a reviewer sent it back to its author", "editable again"),
        Move("resubmit", (S.RETURNED,), S.IN_REVIEW, "within the product's limits", "the flow goes on"),
        Move("approve", (S.IN_REVIEW,), S.APPROVED, "all signatures, none by the author", "approved amount fixed"),
        Move("reject", (S.IN_REVIEW,), S.REJECTED, "a reviewer refused, reason given"),
        Move("decline", (S.SUBMITTED,), S.REJECTED, "reason given", "no review takes place"),
        Move(
            "withdraw",
            (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.APPROVED),
            S.WITHDRAWN,
            "no guarantee issued yet",
            "approval flow ends",
        ),
        Move("issue", (S.APPROVED,), S.ISSUED, "by a person who is not the author", "guarantee created"),
    ],
    final=(S.REJECTED, S.WITHDRAWN, S.ISSUED),
    events={
        "submit": _("Submit"),
        "start_review": _("Take up"),
        "return": _("Send back"),
        "resubmit": _("Hand in again"),
        "approve": _("Approve"),
        "reject": _("Reject"),
        "decline": _("Decline"),
        "withdraw": _("Withdraw"),
        "issue": _("Issue the guarantee"),
    },
)
