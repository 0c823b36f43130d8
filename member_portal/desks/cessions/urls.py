"""With the group: agreements, premiums, money, accounts current, our own file (AGR-23, FEE-12, PAR-24 to PAR-26)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from desks.items import Item, Part
from desks.money import urls as cash
from desks.pages import page, today
from member_portal.desks.cessions import accounts, agreements, banks, institution, money, premiums
from tenants.cessions import queries

urlpatterns = [
    page("group/agreements/", agreements.listing, "agreements"),
    page("group/agreements/<int:pk>/", agreements.detail, "agreement"),
    page("group/premiums/", premiums.listing, "premium_lists"),
    page("group/premiums/<int:pk>/", premiums.detail, "premium_list"),
    page("group/premiums/<int:pk>/agree/", premiums.agree, "premium_agree"),
    page("group/premiums/<int:pk>/dispute/", premiums.dispute, "premium_dispute"),
    page("group/bills/", money.bills, "premium_bills"),
    page("group/bills/<int:pk>/", money.bill, "premium_bill"),
    page("group/bills/<int:pk>/prepare/", money.prepare, "premium_prepare"),
    page("group/orders/<int:pk>/confirm/", money.confirm, "premium_confirm"),
    page("group/orders/<int:pk>/cancel/", money.cancel, "premium_cancel"),
    page("group/receipts/", money.receipts, "group_receipts"),
    page("group/receipts/<int:pk>/", money.receive, "group_receive"),
    page("group/accounts/", accounts.listing, "accounts"),
    page("group/accounts/<int:pk>/", accounts.detail, "account"),
    page("group/accounts/<int:pk>/agree/", accounts.agree, "account_agree"),
    page("group/accounts/<int:pk>/dispute/", accounts.dispute, "account_dispute"),
    page("group/banks/", banks.listing, "banks"),
    page("group/institution/", institution.detail, "institution"),
    page("group/institution/change/", institution.change, "institution_change"),
    page("group/institution/staff/", institution.staff, "staff"),
    page("group/institution/staff/add/", institution.add, "staff_add"),
    page("group/institution/staff/<int:pk>/", institution.edit, "staff_edit"),
    page("group/institution/staff/report/", institution.report, "staff_report"),
    page("group/institution/archive/", institution.archive, "archive"),
    page("group/institution/archive/add/", institution.keep, "archive_add"),
    page("group/institution/archive/<uuid:paper>/", institution.fetch, "archive_paper"),
]
_SEE = ("cessions.view",)
NAV = (
    Item(
        "group", gettext_lazy("Premiums"), "premium_lists", "receipt",
        parts=(
            Part(gettext_lazy("Premium lists"), "premium_lists", _SEE, lambda user: queries.waiting(today())),
            Part(gettext_lazy("Premium bills"), "premium_bills", _SEE),
        ),
    ),
    Item("group", gettext_lazy("Agreements"), "agreements", "writing-sign", _SEE),
    Item("group", gettext_lazy("Partner banks"), "banks", "building-bank", ("applications.view", "cessions.view")),
    Item("group", gettext_lazy("Our institution"), "institution", "building-community", _SEE),
    cash.entry("money", Part(gettext_lazy("Money from the group"), "group_receipts", _SEE)),
    Item("money", gettext_lazy("Accounts current"), "accounts", "file-invoice", _SEE),
)  # fmt: skip
