"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("products.view", _("See products")),
    ("products.edit", _("Change products")),
)
