"""Words for checks and events of a claim."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

CHECKS: dict[str, Any] = {
    "NAME": _("Name of the debtor"),
    "OBLIGOR": _("Code of the debtor"),
    "CONTRACT": _("Contract number"),
    "IOU": _("Drawdown note"),
    "PRINCIPAL": _("Principal within what was filed"),
    "DATES": _("Order of the dates"),
    "EXTENSION": _("Extension linked to its first filing"),
    "LEGAL_REP": _("Legal representative"),
    "COVER": _("Cover"),
    "DEADLINE": _("Deadline"),
    "PREMIUM": _("Premium paid"),
    "PRIOR": _("Prior claims"),
    "RATIO": _("Ratio equals that kept at filing"),
    "PAID": _("What the member paid the bank"),
    "ASKED": _("Asked and reckoned"),
    "CAP": _("Cap and fuse"),
    "MATERIAL": _("Papers"),
}
EVENTS: dict[str, tuple[Any, str, str]] = {
    "receive": (_("Received"), "blue", "inbox"),
    "resubmit": (_("Completed by the member"), "blue", "inbox"),
    "appeal": (_("Appeal of the member"), "orange", "inbox"),
    "appeal_late": (_("Appeal after its last day"), "orange", "clock"),
    "lapse": (_("Refusal is final"), "grey", "lock"),
    "paper_refused": (_("A paper could not be taken over"), "red", "x"),
    "take_up": (_("Taken up"), "indigo", "eye"),
    "look": (_("Checked anew"), "indigo", "refresh"),
    "waive": (_("Check waived"), "amber", "alert-triangle"),
    "deny": (_("Part denied"), "orange", "x"),
    "return": (_("Returned to the member"), "orange", "arrow-back-up"),
    "review": (_("Sent to approval"), "indigo", "send"),
    "send_back": (_("Sent back by an approver"), "orange", "arrow-back-up"),
    "approve": (_("Approved"), "green", "check"),
    "reject": (_("Refused"), "red", "x"),
    "withdraw": (_("Withdrawn by the member"), "grey", "ban"),
    "prepare": (_("Payment prepared"), "cyan", "cash"),
    "cancel_payment": (_("Payment cancelled"), "amber", "ban"),
    "pay": (_("Payment booked"), "green", "cash-banknote"),
    "net": (_("Held recovery taken off"), "cyan", "arrows-exchange"),
    "put_back": (_("Undone recovery no longer taken off"), "amber", "arrows-exchange"),
    "outward": (_("Claim on a fund opened"), "cyan", "send"),
    "outward_submit": (_("Claim submitted to a fund"), "cyan", "send"),
    "outward_paid": (_("Fund paid"), "green", "cash"),
    "outward_lower": (_("Claim on a fund lowered by a recovery"), "cyan", "arrows-exchange"),
    "close": (_("Closed"), "lime", "lock"),
    "reopen": (_("Open again: a fund owes"), "amber", "lock-open"),
    "write": (_("Message written"), "blue", "message"),
}
ACTS: dict[str, Any] = {
    **{f"reguarantee_claims.{event}": title for event, (title, _tone, _icon) in EVENTS.items()},
    "reguarantee_claims.fuse": _("Level of a fuse changed"),
    "reguarantee_claims.funds": _("Liquid funds of a member kept"),
}
