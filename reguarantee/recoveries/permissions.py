"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (("reguarantee_recoveries.view", _("See recoveries of the members")),)
