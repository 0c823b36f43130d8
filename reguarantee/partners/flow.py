"""The life of a partner (PAR-03, domain.md 7.7)."""

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from reguarantee.partners.models import Status

CANDIDATE, ADMITTED, ACTIVE = Status.CANDIDATE.value, Status.ADMITTED.value, Status.ACTIVE.value
WATCH, SUSPENDED, EXITED = Status.WATCH.value, Status.SUSPENDED.value, Status.EXITED.value

PARTNER = Flow(
    name="partner",
    title=_("Partner institution"),
    states=dict(Status.choices),
    initial=CANDIDATE,
    column="status",
    moves=(
        Move("admit", (CANDIDATE,), ADMITTED, guard="the admission case was approved"),
        Move("activate", (ADMITTED,), ACTIVE, guard="the agreement is signed", effect="the house is open or the key is issued"),
        Move("watch", (ACTIVE,), WATCH, effect="filings are decided case by case"),
        Move("ease", (WATCH,), ACTIVE),
        Move("suspend", (ACTIVE, WATCH), SUSPENDED, effect="new cessions are refused; what is covered goes on"),
        Move("resume", (SUSPENDED,), ACTIVE, effect="the stop is lifted"),
        Move(
            "exit",
            (CANDIDATE, ADMITTED, ACTIVE, WATCH, SUSPENDED),
            EXITED,
            effect="new cessions are refused for good; what is covered runs to its end",
        ),
    ),
    final=(EXITED,),
    events={
        "admit": _("Admit"),
        "activate": _("Activate"),
        "watch": _("Put on watch"),
        "ease": _("Take off the watch"),
        "suspend": _("Suspend"),
        "resume": _("Resume"),
        "exit": _("End the cooperation"),
    },
)
