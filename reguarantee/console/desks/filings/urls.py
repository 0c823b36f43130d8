"""Pages of the business-management centre of filings (features BUS-01 to BUS-13)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from reguarantee.console.desks.filings import cases, coverage, figures, lists

urlpatterns = [
    # A case at its stages
    page("filings/<int:pk>/opine/", cases.opine, "filing_opine"),
    page("filings/<int:pk>/reply/", cases.reply, "filing_reply"),
    page("filings/<int:pk>/return/", cases.send_back, "filing_return"),
    page("filings/<int:pk>/certificate/", cases.certificate, "filing_certificate"),
    page("filings/<int:pk>/papers/", cases.add_paper, "filing_paper_add"),
    page("filings/<int:pk>/papers/<uuid:paper>/", cases.paper, "filing_paper"),
    # Banks' lists
    page("filings/lists/", lists.listing, "filing_lists"),
    page("filings/lists/new/", lists.new, "filing_list_new"),
    page("filings/lists/<int:pk>/", lists.detail, "filing_list"),
    page("filings/lists/<int:pk>/again/", lists.again, "filing_list_again"),
    page("filings/lists/<int:pk>/confirm/", lists.confirm, "filing_list_confirm"),
    # Figures
    page("filings/figures/", figures.statistics, "filing_figures"),
    page("filings/figures/chart/", figures.drawing, "filing_chart"),
    page("filings/events/", figures.events, "filing_events"),
    page("coverage/", coverage.overview, "coverage"),
    page("coverage/rows/", coverage.rows, "coverage_rows"),
]
_VIEW = ("filings.view",)
NAV = (
    Item(
        "business", _("Filings"), "filings", "file-text", key="f", phone=True,
        parts=(
            Part(_("Filings"), "filings", _VIEW),
            Part(_("Banks' lists"), "filing_lists", _VIEW),
            Part(_("Filing figures"), "filing_figures", _VIEW),
            Part(_("Live events"), "filing_events", _VIEW),
        ),
    ),
    Item("book", _("Coverage"), "coverage", "umbrella", ("monitoring.view",)),
)  # fmt: skip
