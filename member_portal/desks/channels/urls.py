"""Pages of channels and introducers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from member_portal.desks.channels import views

urlpatterns = [
    page("channels/", views.channels, "channels"),
    page("channels/new/", views.new_channel, "channel_new"),
    page("channels/<int:pk>/edit/", views.edit_channel, "channel_edit"),
    page("introducers/", views.introducers, "introducers"),
    page("introducers/new/", views.new_introducer, "introducer_new"),
    page("introducers/<int:pk>/edit/", views.edit_introducer, "introducer_edit"),
]
_SEE = ("applications.view",)
NAV: tuple[Item, ...] = (
    Item(
        "data", _("Channels"), "channels", "route",
        parts=(Part(_("Channels"), "channels", _SEE), Part(_("Introducers"), "introducers", _SEE)),
    ),
)  # fmt: skip
