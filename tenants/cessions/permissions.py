"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("cessions.view", _("See agreements, premiums and accounts with the group")),
    ("cessions.answer", _("Confirm or dispute the group's lists and statements")),
    ("cessions.institution", _("Keep the institution's own file")),
)
