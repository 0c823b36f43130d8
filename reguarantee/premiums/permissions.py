"""Permission codes of this room."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("premiums.view", _("See premiums, lists and bills")),
    ("premiums.list", _("Draw up and issue premium lists, answer disputes")),
    ("premiums.bill", _("Bill premiums, credit them, settle with the funds")),
    ("premiums.propose", _("Propose a premium standard or a deviation from it")),
    ("premiums.approve", _("Approve a premium standard that another person proposed")),
)
