"""Pages of members' claims at the group."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from kernel.access.permissions import may
from reguarantee.claims import queries
from reguarantee.console.desks.claims import acts, rates, views

urlpatterns = [
    page("claims/", views.listing, "claims"),
    page("claims/rates/", rates.rates, "claim_rates"),
    page("claims/fuses/", rates.fuses, "claim_fuses"),
    page("claims/fuses/<int:pk>/release/", rates.release, "claim_fuse_release"),
    page("claims/abilities/", rates.abilities, "claim_abilities"),
    page("claims/abilities/new/", rates.keep_funds, "claim_funds"),
    page("claims/<int:pk>/", views.detail, "claim"),
    page("claims/<int:pk>/papers/<uuid:paper>/", views.paper, "claim_paper"),
    page("claims/<int:pk>/take-up/", acts.take_up, "claim_take_up"),
    page("claims/<int:pk>/look/", acts.look_again, "claim_look"),
    page("claims/<int:pk>/review/", acts.send_to_approval, "claim_review"),
    page("claims/<int:pk>/return/", acts.give_back, "claim_return"),
    page("claims/<int:pk>/refuse/", acts.refuse, "claim_refuse"),
    page("claims/<int:pk>/deny/", acts.deny, "claim_deny"),
    page("claims/<int:pk>/waive/<int:check>/", acts.waive, "claim_waive"),
    page("claims/<int:pk>/write/", acts.write, "claim_write"),
    page("claims/<int:pk>/prepare/", acts.prepare, "claim_prepare"),
    page("claims/<int:pk>/confirm/", acts.confirm, "claim_confirm"),
    page("claims/<int:pk>/cancel/", acts.cancel, "claim_cancel"),
    page("claims/<int:pk>/outward/", acts.open_outward, "claim_outward"),
    page("claims/<int:pk>/outward/<int:outward>/submit/", acts.submit_outward, "claim_outward_submit"),
    page("claims/<int:pk>/outward/<int:outward>/receive/", acts.receive_outward, "claim_outward_receive"),
    page("claims/<int:pk>/outward/<int:outward>/package/", views.package, "claim_package"),
]


def _waiting(user: Any) -> int:
    return queries.open_count() if may(user, "reguarantee_claims.check") else 0


_SEE = ("reguarantee_claims.view",)
NAV: tuple[Item, ...] = (
    Item(
        "money", _("Members' claims"), "claims", "receipt-refund", key="x",
        parts=(
            Part(_("Members' claims"), "claims", _SEE, _waiting),
            Part(_("Claim rates"), "claim_rates", _SEE),
            Part(_("Fuses"), "claim_fuses", _SEE),
            Part(_("Claim-paying ability"), "claim_abilities", _SEE),
        ),
    ),
)  # fmt: skip
