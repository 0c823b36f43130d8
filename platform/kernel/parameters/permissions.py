"""Permission codes of this engine."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("parameters.view", _("See parameters")),
    ("parameters.propose", _("Propose a parameter's new value")),
    ("parameters.approve", _("Approve a value that another person proposed")),
)
