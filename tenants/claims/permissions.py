"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("claims.view", _("See compensations")),
    ("claims.pay", _("Pay compensation to a bank")),
    ("claims.file", _("Keep the papers of claims on the group")),
    ("claims.submit", _("Submit claims on the group, withdraw them and appeal")),
)
