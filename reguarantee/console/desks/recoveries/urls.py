"""Pages of what members recover."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from reguarantee.console.desks.recoveries import views

urlpatterns = [
    page("recoveries/", views.listing, "recoveries"),
    page("recoveries/write-offs/", views.write_offs, "write_offs"),
    page("recoveries/<int:pk>/", views.detail, "recovery"),
]
_SEE = ("reguarantee_recoveries.view",)
NAV: tuple[Item, ...] = (
    Item(
        "money", _("Recoveries"), "recoveries", "arrow-back-up",
        parts=(Part(_("Recoveries"), "recoveries", _SEE), Part(_("Write-offs"), "write_offs", _SEE)),
    ),
)  # fmt: skip
