"""Pages about filings with the group."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from member_portal.desks.filings import views
from tenants.guarantees import queries

urlpatterns = [
    page("filings/", views.listing, "filings"),
    page("filings/lists/", views.lists, "filing_lists"),
    page("filings/lists/new/", views.new, "filing_list_new"),
    page("filings/lists/<int:pk>/", views.one_list, "filing_list"),
    page("filings/<int:pk>/correct/", views.correct, "filing_correct"),
    page("filings/<int:pk>/withdraw/", views.withdraw, "filing_withdraw"),
    page("filings/<int:pk>/file/", views.file, "filing_file"),
]
NAV = (
    Item(
        "group", _("Filings"), "filings", "umbrella", key="f",
        parts=(
            Part(_("Filings"), "filings", ("guarantees.view",), lambda user: queries.filings_to_mend(user)),
            Part(_("Filed lists"), "filing_lists", ("guarantees.view",)),
        ),
    ),
)  # fmt: skip
