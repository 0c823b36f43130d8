"""What one may be allowed to do with treaties."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("treaties.view", _("Read treaties")),
    ("treaties.edit", _("Draft and revise treaties, set lines")),
    ("treaties.approve", _("Approve treaties that another person wrote")),
    ("treaties.publish", _("Publish and end treaties")),
)
