"""Every page of the group's console. `pages.page` answers refusals; every view says whom it is for."""

from __future__ import annotations

from reguarantee.console.desks import DESKS
from reguarantee.console.pages import page
from reguarantee.console.views import (
    book,
    charts,
    comparison,
    dimensions,
    filings,
    guarantees,
    members,
    office,
    treaties,
)

app_name = "console"
urlpatterns = [
    # The consolidated book
    page("", book.home, "home"),
    page("charts/<slug:name>/", charts.figures, "chart"),
    page("by/<slug:by>/", dimensions.listing, "dimension"),
    page("guarantees/", guarantees.listing, "guarantees"),
    page("guarantees/banks/", guarantees.bank_options, "bank_options"),
    page("guarantees/<slug:member>/<int:pk>/", guarantees.detail, "guarantee"),
    page("comparisons/", comparison.listing, "comparisons"),
    page("comparisons/<int:pk>/", comparison.detail, "comparison"),
    page("members/", members.listing, "members"),
    page("members/<slug:code>/", members.detail, "member"),
    page("members/<slug:code>/resync/", members.resync, "resync"),
    # Filings
    page("todo/", filings.todo, "todo"),
    page("filings/", filings.listing, "filings"),
    page("filings/<int:pk>/", filings.detail, "filing"),
    page("filings/<int:pk>/confirm/", filings.confirm, "filing_confirm"),
    page("filings/<int:pk>/reject/", filings.reject, "filing_reject"),
    page("filings/<int:pk>/reopen/", filings.reopen, "filing_reopen"),
    # Treaties
    page("treaties/", treaties.listing, "treaties"),
    page("treaties/new/", treaties.new, "treaty_new"),
    page("treaties/<slug:code>/", treaties.detail, "treaty"),
    page("treaties/<slug:code>/revise/", treaties.revise, "treaty_revise"),
    page("treaties/<slug:code>/end/", treaties.end, "treaty_end"),
    page("treaties/<slug:code>/line/", treaties.line, "treaty_line"),
    # Office
    page("search", office.search, "search"),
    *DESKS.urls(),
]
