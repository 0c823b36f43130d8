"""Pages of the member's claims on the group, and of the papers kept for them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from member_portal.desks.claims import views
from tenants.claims import queries

urlpatterns = [
    page("claims/", views.listing, "claims"),
    page("claims/files/", views.files, "claim_files"),
    page("claims/files/<int:pk>/", views.claim_file, "claim_file"),
    page("claims/files/<int:pk>/add/", views.attach, "claim_attach"),
    page("claims/files/<int:pk>/<uuid:paper>/", views.paper, "claim_paper"),
    page("claims/files/<int:pk>/<uuid:paper>/remove/", views.remove, "claim_paper_remove"),
    page("claims/rates/", views.rates, "claim_rates"),
    page("claims/new/<int:pk>/", views.draft, "claim_draft"),
    page("claims/<int:pk>/", views.detail, "claim"),
    page("claims/<int:pk>/submit/", views.submit, "claim_submit"),
    page("claims/<int:pk>/withdraw/", views.withdraw, "claim_withdraw"),
    page("claims/<int:pk>/write/", views.write, "claim_write"),
    page("claims/<int:pk>/receive/", views.receive, "claim_receive"),
]


def _waiting(user: Any) -> int:
    return queries.open_count(user)


_SEE = ("claims.view",)
NAV: tuple[Item, ...] = (
    Item(
        "business", _("Compensations"), "compensations", "building-bank", key="c",
        parts=(Part(_("Compensations"), "compensations", _SEE), Part(_("Compensation rates"), "claim_rates", _SEE)),
    ),
    Item(
        "group", _("Claims on the group"), "claims", "receipt-refund", key="x",
        parts=(Part(_("Claims on the group"), "claims", _SEE, _waiting), Part(_("Claim files"), "claim_files", _SEE)),
    ),
)  # fmt: skip
