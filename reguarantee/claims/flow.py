"""The states of a claim (domain.md 7.6). Stages of the approval are its drawing's; the funds' claims are rows of their own."""

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from reguarantee.claims.models import Status

RECEIVED, CHECKING, RETURNED = Status.RECEIVED.value, Status.CHECKING.value, Status.RETURNED.value
REVIEWING, APPROVED, REJECTED = Status.REVIEWING.value, Status.APPROVED.value, Status.REJECTED.value
PAYING, PAID, CLOSED, WITHDRAWN = Status.PAYING.value, Status.PAID.value, Status.CLOSED.value, Status.WITHDRAWN.value

CLAIM = Flow(
    name="group_claim",
    title=_("Claim of a member"),
    states=dict(Status.choices),
    initial=RECEIVED,
    column="status",
    moves=(
        Move("take_up", (RECEIVED,), CHECKING, guard="a claims officer", effect="ClaimDecided"),
        Move(
            "return", (RECEIVED, CHECKING), RETURNED, guard="at least one deficiency", effect="ClaimDecided with an answer-by day"
        ),
        Move("resubmit", (RETURNED,), RECEIVED, guard="a letter with a higher round", effect="checked anew; deficiencies mended"),
        Move(
            "review",
            (CHECKING,),
            REVIEWING,
            guard="no check fails unless waived; something is payable",
            effect="approval flow claim_approval starts; ClaimDecided",
        ),
        Move("send_back", (REVIEWING,), CHECKING, guard="an approver returns it to its entry"),
        Move("resume", (CHECKING,), REVIEWING, guard="the officer hands it in again"),
        Move(
            "approve",
            (REVIEWING,),
            APPROVED,
            guard="the last signature",
            effect="recomputed under the treaty's lock; position kept; money due; decision letter; ClaimDecided",
        ),
        Move(
            "reject",
            (RECEIVED, CHECKING, REVIEWING),
            REJECTED,
            guard="a reason code; or not covered, or claimed already",
            effect="ClaimDecided",
        ),
        Move(
            "appeal", (REJECTED,), RECEIVED, guard="once, sent within rg.claim.appeal_days", effect="checked anew; filing frozen"
        ),
        Move(
            "lapse",
            (REJECTED,),
            REJECTED,
            guard="nightly, when the last day to appeal is over",
            effect="refused for good; the filing may change again; ClaimDecided",
        ),
        Move("prepare", (APPROVED,), PAYING, guard="the cashier", effect="order in kernel.cash; ClaimDecided"),
        Move("cancel_payment", (PAYING,), APPROVED, effect="the order is cancelled; ClaimDecided"),
        Move("pay_part", (APPROVED, PAYING), APPROVED, guard="something is still open", effect="ClaimPaid"),
        Move("undo_payment", (APPROVED, PAYING, PAID, CLOSED), APPROVED, guard="the movement of money was reversed"),
        Move(
            "pay",
            (APPROVED, PAYING),
            PAID,
            guard="another person confirmed with the bank's voucher, or all is netted",
            effect="ClaimPaid, ClaimDecided; claims on the funds are opened",
        ),
        Move("close", (PAID,), CLOSED, guard="no claim on a fund is open", effect="ClaimDecided"),
        Move("reopen", (CLOSED,), PAID, guard="a fund owes again: its receipt or a recovery was undone", effect="ClaimDecided"),
        Move(
            "withdraw",
            (RECEIVED, CHECKING, RETURNED, REVIEWING),
            WITHDRAWN,
            guard="the member's letter",
            effect="an approval under way ends",
        ),
    ),
    final=(WITHDRAWN,),
)
