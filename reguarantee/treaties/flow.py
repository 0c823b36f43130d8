"""The states of a treaty."""

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from reguarantee.treaties.models import Treaty

DRAFT, ACTIVE, ENDED = Treaty.Status.DRAFT.value, Treaty.Status.ACTIVE.value, Treaty.Status.ENDED.value

TREATY = Flow(
    name="treaty",
    title=_("Re-guarantee treaty"),
    states=dict(Treaty.Status.choices),
    initial=DRAFT,
    moves=(
        Move(
            "publish",
            (DRAFT, ACTIVE),
            ACTIVE,
            guard="the version's period overlaps no other published one",
            effect="the version before it ends the day before; new drawdowns attach to this one",
        ),
        Move(
            "end",
            (ACTIVE,),
            ENDED,
            effect="drawdowns after the last day find no treaty; what is attached keeps its version",
        ),
    ),
    final=(ENDED,),
)
