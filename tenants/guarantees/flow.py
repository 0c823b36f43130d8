"""States of a guarantee (domain.md 7.4, from the issue on)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.flow import Flow, Move
from tenants.guarantees.models import Guarantee

S = Guarantee.State

GUARANTEE = Flow(
    "guarantee",
    _("guarantee"),
    dict(S.choices),
    S.ISSUED,
    [
        Move("draw", (S.ISSUED, S.PARTLY_DRAWN), S.PARTLY_DRAWN, "sum of drawdowns < loan", "balance rises"),
        Move(
            "draw_all",
            (S.ISSUED, S.PARTLY_DRAWN),
            S.IN_FORCE,
            "loan drawn in full, or the bank pays no more",
            "filing to the group",
        ),
        Move("complete", (S.PARTLY_DRAWN,), S.IN_FORCE, "the bank will pay out no more", "filing to the group"),
        Move("repay", (S.PARTLY_DRAWN,), S.PARTLY_DRAWN, "principal ≤ outstanding", "balance falls"),
        Move("repay", (S.IN_FORCE,), S.IN_FORCE, "principal ≤ outstanding", "balance falls"),
        Move("repay", (S.OVERDUE,), S.OVERDUE, "principal ≤ outstanding", "balance falls"),
        Move("mark_overdue", (S.IN_FORCE,), S.OVERDUE, "the bank reported arrears"),
        Move("cure", (S.OVERDUE,), S.IN_FORCE, "arrears paid"),
        Move("compensate_part", (S.OVERDUE,), S.OVERDUE, "principal < outstanding", "principal leaves the balance once"),
        Move("compensate", (S.OVERDUE,), S.COMPENSATED, "principal = outstanding", "balance is 0"),
        Move("release", (S.IN_FORCE, S.OVERDUE), S.RELEASED, "balance 0 and the bank's certificate"),
        Move(
            "extend",
            (S.IN_FORCE, S.OVERDUE),
            S.RELEASED,
            "written consent of the bank and every counter-guarantor; not too often",
            "what is outstanding goes on in a guarantee of its own, filed as its extension",
        ),
        Move("lapse", (S.ISSUED, S.IN_FORCE, S.OVERDUE), S.LAPSED, "time ran out without drawdown or claim", "balance is 0"),
        Move("cancel", (S.ISSUED,), S.CANCELLED, "nothing drawn, reason given"),
    ],
    final=(S.COMPENSATED, S.RELEASED, S.LAPSED, S.CANCELLED),
    events={
        "draw": _("Draw"),
        "draw_all": _("Draw"),
        "complete": _("End the drawing"),
        "repay": _("Repay"),
        "mark_overdue": _("Mark overdue"),
        "cure": _("Arrears paid"),
        "compensate_part": _("Compensate"),
        "compensate": _("Compensate"),
        "release": _("Release"),
        "extend": _("Extend"),
        "lapse": _("Lapse"),
        "cancel": _("Cancel"),
    },
)
