"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("settlements.view", _("See accounts current and the three-way board")),
    ("settlements.draft", _("Draft and issue accounts current")),
    ("settlements.lock", _("Close the period of an account current")),
)
