"""The states of a filing: those of domain.md 7.5 that are in use."""

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from reguarantee.filings.models import Status

SUBMITTED, REVIEWING, RETURNED = Status.SUBMITTED.value, Status.REVIEWING.value, Status.RETURNED.value
CONFIRMED, REJECTED = Status.CONFIRMED.value, Status.REJECTED.value
WITHDRAWN, VOIDED = Status.WITHDRAWN.value, Status.VOIDED.value

FILING = Flow(
    name="filing",
    title=_("Filing"),
    states=dict(Status.choices),
    initial=SUBMITTED,
    column="status",
    moves=(
        Move(
            "accept",
            (SUBMITTED,),
            CONFIRMED,
            guard="a treaty of the drawdown's day applies, and all or (where it says PART) a part is within its limits",
            effect="the line is used; FilingDecided",
        ),
        Move(
            "refer",
            (SUBMITTED,),
            REVIEWING,
            guard="above a limit of a treaty that says REVIEW, late, or the member is watched",
            effect="what is left of the line is reserved; FilingDecided",
        ),
        Move(
            "refuse",
            (SUBMITTED,),
            REJECTED,
            guard="no treaty applies, or nothing fits",
            effect="FilingDecided with the reason",
        ),
        Move(
            "return",
            (SUBMITTED, REVIEWING),
            RETURNED,
            guard="something is missing or wrong, named by code",
            effect="the reserve is released; FilingDecided with the deficiencies",
        ),
        Move(
            "confirm",
            (REVIEWING,),
            CONFIRMED,
            guard="an officer at the last stage, and the line holds it",
            effect="the reserve becomes use; FilingDecided",
        ),
        Move(
            "reject", (REVIEWING,), REJECTED, guard="an officer, with a reason", effect="the reserve is released; FilingDecided"
        ),
        Move("reopen", (REJECTED,), REVIEWING, guard="an officer, with a reason", effect="FilingDecided"),
        Move(
            "withdraw",
            (SUBMITTED, REVIEWING, RETURNED, REJECTED),
            WITHDRAWN,
            guard="the member takes it back, or the guarantee ended before the answer",
            effect="the reserve is released; FilingDecided",
        ),
        Move(
            "void",
            (CONFIRMED,),
            VOIDED,
            guard="the member takes it back; no premium is billed, nothing claimed, not ended",
            effect="the line is free again; FilingDecided",
        ),
        Move(
            "amend",
            (CONFIRMED, REVIEWING, RETURNED, REJECTED, WITHDRAWN, VOIDED),
            SUBMITTED,
            guard="the member files the same guarantee with other figures; not claimed, not ended",
            effect="decided anew under the version it attached to; cover given before is never less",
        ),
    ),
)
