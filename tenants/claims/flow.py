"""The states of our claim on the group: drafted and sent by us, then what the group tells (domain.md 7.6)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from tenants.claims.models import Claim

S = Claim.State
_SENT = (S.SUBMITTED, S.RECEIVED, S.CHECKING, S.RETURNED, S.REVIEWING, S.APPROVED, S.REJECTED, S.PAYING, S.PAID, S.CLOSED)
TOLD = (S.RECEIVED, S.CHECKING, S.RETURNED, S.REVIEWING, S.APPROVED, S.REJECTED, S.PAYING, S.PAID, S.CLOSED, S.WITHDRAWN)

CLAIM = Flow(
    "claim",
    _("claim"),
    dict(S.choices),
    S.DRAFT,
    [
        Move("submit", (S.DRAFT,), S.SUBMITTED, "all required papers; late only with a reason", "ClaimSubmitted, round 1"),
        Move("answer", (S.RETURNED,), S.SUBMITTED, "all required papers", "ClaimSubmitted, one round more"),
        Move("appeal", (S.REJECTED,), S.SUBMITTED, "once, by the day that the group told", "ClaimSubmitted as an appeal"),
        Move("drop", (S.DRAFT,), S.WITHDRAWN, "nothing was sent yet"),
        *(Move(f"hear_{state.lower()}", _SENT, state, "the group's letter ClaimDecided") for state in TOLD),
    ],
    final=(S.WITHDRAWN,),
    events={"submit": _("Submit"), "answer": _("Send again"), "appeal": _("Appeal"), "drop": _("Withdraw")},
)
