"""Premiums: lists, bills, receipts, standards, funds, what comes (FEE-10 to FEE-17, FEE-38, FEE-41)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from desks.items import Item, Part
from desks.pages import page
from reguarantee.console.desks.premiums import bills, funds, lists, overview, standards
from reguarantee.premiums import queries

urlpatterns = [
    page("premiums/", overview.home, "premiums"),
    page("premiums/guarantees/", overview.guarantees, "premium_guarantees"),
    page("premiums/forecast/", overview.forecast, "premium_forecast"),
    page("premiums/forecast/chart/", overview.forecast_chart, "premium_forecast_chart"),
    page("premiums/forecast/rows/", overview.forecast_rows, "premium_forecast_rows"),
    page("premiums/lists/", lists.listing, "premium_lists"),
    page("premiums/lists/draw/", lists.draw, "premium_draw"),
    page("premiums/lists/<int:pk>/", lists.detail, "premium_list"),
    page("premiums/lists/<int:pk>/issue/", lists.issue, "premium_issue"),
    page("premiums/items/<int:pk>/", lists.item, "premium_item"),
    page("premiums/items/<int:pk>/resolve/", lists.resolve, "premium_resolve"),
    page("premiums/bills/", bills.listing, "premium_bills"),
    page("premiums/bills/make/", bills.make, "premium_bill_make"),
    page("premiums/bills/<int:pk>/", bills.detail, "premium_bill"),
    page("premiums/bills/<int:pk>/receive/", bills.receive, "premium_receive"),
    page("premiums/bills/<int:pk>/papers/<uuid:paper>/", bills.paper, "premium_bill_paper"),
    page("premiums/receipts/", bills.receipts, "premium_receipts"),
    page("premiums/receipts/<int:pk>/match/<int:bill>/", bills.match, "premium_match"),
    page("premiums/standards/", standards.listing, "premium_standards"),
    page("premiums/standards/propose/", standards.propose, "premium_standard_propose"),
    page("premiums/standards/<int:pk>/", standards.detail, "premium_standard"),
    page("premiums/standards/<int:pk>/approve/", standards.approve, "premium_standard_approve"),
    page("premiums/standards/<int:pk>/refuse/", standards.refuse, "premium_standard_refuse"),
    page("premiums/funds/", funds.listing, "premium_funds"),
    page("premiums/funds/close/", funds.close, "premium_fund_close"),
    page("premiums/funds/<int:pk>/", funds.bordereau, "premium_bordereau"),
    page("premiums/subsidies/", funds.subsidies, "premium_subsidies"),
    page("premiums/subsidies/claim/", funds.claim, "premium_subsidy_claim"),
    page("premiums/subsidies/rows/", funds.subsidy_rows, "premium_subsidy_rows"),
]
_SEE, _STANDARDS = ("premiums.view",), ("premiums.propose", "premiums.approve")
NAV = (
    Item(
        "money", gettext_lazy("Premiums"), "premiums", "receipt",
        parts=(
            Part(gettext_lazy("Overview"), "premiums", _SEE),
            Part(gettext_lazy("By guarantee"), "premium_guarantees", _SEE),
            Part(gettext_lazy("Premium lists"), "premium_lists", ("premiums.list",), queries.waiting),
            Part(gettext_lazy("Premium bills"), "premium_bills", _SEE),
            Part(gettext_lazy("Premium receipts"), "premium_receipts", ("cash.receive",)),
            Part(gettext_lazy("Forecast"), "premium_forecast", _SEE),
            Part(gettext_lazy("Premiums to funds"), "premium_funds", _SEE),
            Part(gettext_lazy("Subsidies"), "premium_subsidies", _SEE),
            Part(gettext_lazy("Premium standards"), "premium_standards", _STANDARDS, queries.standards_waiting),
        ),
    ),
)  # fmt: skip
