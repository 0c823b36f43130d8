"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("applications.view", _("See applications")),
    ("applications.create", _("Write, take up and withdraw applications")),
    ("applications.channels", _("Keep the registers of channels and introducers")),
)
