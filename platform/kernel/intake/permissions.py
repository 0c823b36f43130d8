"""Permission codes of imports."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("intake.view", _("See imports and their rejected rows")),
    ("intake.import", _("Import files")),
    ("intake.undo", _("Undo imports")),
)
