"""What one may be allowed to do with filings."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("filings.view", _("Read filings")),
    ("filings.decide", _("Decide filings above a treaty's limits")),
)
