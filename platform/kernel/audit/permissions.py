"""What may be allowed about the trail."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (("audit.view", _("Read the audit trail")),)
