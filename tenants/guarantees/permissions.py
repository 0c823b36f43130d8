"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("guarantees.view", _("See guarantees")),
    ("guarantees.issue", _("Issue guarantees")),
    ("guarantees.register", _("Register drawdowns, repayments and arrears")),
    ("guarantees.file", _("File guarantees with the group, correct and withdraw filings")),
    ("guarantees.release", _("Release, lapse and cancel guarantees")),
)
