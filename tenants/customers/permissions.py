"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("customers.view", _("See customers")),
    ("customers.edit", _("Register and change customers")),
    ("customers.block", _("Watch and block customers")),
    ("customers.unmask", _("Read identity codes and mobiles of persons in full; each time is recorded")),
)
