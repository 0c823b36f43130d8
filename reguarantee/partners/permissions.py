"""What one may be allowed to do with partner institutions."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("partners.view", _("See partner institutions")),
    ("partners.edit", _("Keep the files of partner institutions")),
    ("partners.status", _("Watch, suspend, resume and end a cooperation")),
)
