"""Pages of recoveries; and the money of the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.money import urls as money
from desks.pages import page
from kernel.access.permissions import may
from member_portal.desks.recoveries import acts, views
from tenants.recoveries import queries

urlpatterns = [
    page("recoveries/", views.listing, "recoveries"),
    page("recoveries/receipts/", views.receipts, "recovery_receipts"),
    page("recoveries/receipts/<int:pk>/", views.receipt, "recovery"),
    page("recoveries/receipts/<int:pk>/undo/", acts.undo, "recovery_undo"),
    page("recoveries/open/<int:pk>/", acts.open_case, "recovery_open"),
    page("recoveries/<int:pk>/", views.detail, "recovery_case"),
    page("recoveries/<int:pk>/note/", acts.note, "recovery_note"),
    page("recoveries/<int:pk>/spend/", acts.spend, "recovery_spend"),
    page("recoveries/<int:pk>/record/", acts.record, "recovery_record"),
    page("recoveries/<int:pk>/write-off/", acts.write_off, "recovery_write_off"),
    *money.urlpatterns,
]


def _waiting(user: Any) -> int:
    return queries.to_pursue(user).count() if may(user, "recoveries.record") else 0


_SEE = ("recoveries.view",)
NAV: tuple[Item, ...] = (
    Item(
        "business", _("Recoveries"), "recoveries", "arrow-back-up",
        parts=(
            Part(_("Recoveries"), "recoveries", _SEE, _waiting),
            Part(_("Recovered money"), "recovery_receipts", _SEE),
        ),
    ),
)  # fmt: skip
