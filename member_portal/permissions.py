"""Permission codes of the portal itself: pages that belong to no single room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("workbench.view", _("See the workbench")),
    ("reporting.view", _("See what is reported to the group")),
)
