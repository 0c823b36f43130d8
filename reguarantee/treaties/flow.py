"""The states of a treaty, and of one wording of it on its way into force."""

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from reguarantee.treaties.models import Treaty, TreatyVersion

DRAFT, ACTIVE, ENDED = Treaty.Status.DRAFT.value, Treaty.Status.ACTIVE.value, Treaty.Status.ENDED.value
WRITTEN, IN_APPROVAL, APPROVED, PUBLISHED = (
    TreatyVersion.State.DRAFT.value,
    TreatyVersion.State.IN_APPROVAL.value,
    TreatyVersion.State.APPROVED.value,
    TreatyVersion.State.PUBLISHED.value,
)

TREATY = Flow(
    name="treaty",
    title=_("Re-guarantee treaty"),
    states=dict(Treaty.Status.choices),
    initial=DRAFT,
    column="status",
    moves=(
        Move(
            "publish",
            (DRAFT, ACTIVE),
            ACTIVE,
            guard="a version of it is signed, whose period overlaps no other published one",
            effect="the version before it ends the day before; new drawdowns attach to this one; its members are told",
        ),
        Move(
            "end",
            (ACTIVE,),
            ENDED,
            effect="drawdowns after the last day find no treaty; what is attached keeps its version; its members are told",
        ),
    ),
    final=(ENDED,),
)

WORDING = Flow(
    name="treaty_version",
    title=_("Version of a treaty"),
    states=dict(TreatyVersion.State.choices),
    initial=WRITTEN,
    moves=(
        Move("revise", (WRITTEN, IN_APPROVAL, APPROVED), WRITTEN, effect="an approval given to the old wording falls away"),
        Move("submit", (WRITTEN,), IN_APPROVAL, guard="the terms can be executed"),
        Move(
            "approve",
            (IN_APPROVAL,),
            APPROVED,
            guard="by another person than its author, who read this very wording",
        ),
        Move("return", (IN_APPROVAL, APPROVED), WRITTEN, guard="says why"),
        Move("publish", (APPROVED,), PUBLISHED, guard="signed on paper", effect="immutable from then on"),
    ),
    final=(PUBLISHED,),
    events={
        "revise": _("Revise"),
        "submit": _("Hand in for approval"),
        "approve": _("Approve"),
        "return": _("Send back"),
        "publish": _("Sign and publish"),
    },
)
