"""What one may be allowed to do with the consolidated book."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("monitoring.view", _("Read the consolidated book")),
    ("monitoring.resync", _("Read a member's book again")),
)
