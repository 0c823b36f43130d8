"""What may be allowed about files; whose files decides the room that owns the subject."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("documents.view", _("Open files")),
    ("documents.upload", _("Add files")),
)
