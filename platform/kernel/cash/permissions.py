"""Permission codes of this engine."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("cash.view", _("See what is due and what has moved")),
    ("cash.prepare", _("Prepare payments")),
    ("cash.confirm", _("Confirm payments that another person prepared")),
    ("cash.receive", _("Register and match receipts")),
)
