"""What one may be allowed to do with filings."""

from django.utils.translation import gettext_lazy as _

PERMISSIONS = (
    ("filings.view", _("Read filings")),
    ("filings.accept", _("Accept filings for a case and receive banks' lists")),
    ("filings.examine", _("Examine filings")),
    ("filings.verify", _("Verify filings")),
    ("filings.review", _("Review the risk of filings")),
    ("filings.reply", _("Give the formal reply to filings")),
    ("filings.decide", _("Decide filings above a treaty's limits")),
)
