"""Every page of a member's portal. `pages.page` answers refusals; every view says whom it is for."""

from __future__ import annotations

from member_portal.desks import DESKS
from member_portal.pages import page
from member_portal.views import (
    applications,
    customers,
    events,
    guarantees,
    imports,
    office,
    papers,
    products,
    workbench,
)

app_name = "portal"
urlpatterns = [
    page("", workbench.home, "home"),
    page("charts/<slug:name>/", workbench.figures_chart, "chart"),
    # Applications
    page("applications/", applications.listing, "applications"),
    page("applications/inbox/", applications.inbox, "inbox"),
    page("applications/new/", applications.new, "application_new"),
    page("applications/limits/", applications.limits, "limits"),
    page("applications/<int:pk>/", applications.detail, "application"),
    page("applications/<int:pk>/edit/", applications.edit, "application_edit"),
    page("applications/<int:pk>/submit/", applications.submit, "application_submit"),
    page("applications/<int:pk>/take-up/", applications.take_up, "application_take_up"),
    page("applications/<int:pk>/decline/", applications.decline, "application_decline"),
    page("applications/<int:pk>/withdraw/", applications.withdraw, "application_withdraw"),
    page("applications/<int:pk>/issue/", applications.issue, "application_issue"),
    page("applications/<int:pk>/position/", applications.position, "application_position"),
    page("applications/<int:pk>/papers/add/", papers.add_to_application, "application_paper_add"),
    page("applications/<int:pk>/papers/<uuid:paper>/", papers.of_application, "application_paper"),
    page("applications/<int:pk>/papers/<uuid:paper>/remove/", papers.remove_from_application, "application_paper_remove"),
    # Guarantees
    page("guarantees/", guarantees.listing, "guarantees"),
    page("guarantees/<int:pk>/", guarantees.detail, "guarantee"),
    page("guarantees/<int:pk>/drawdown/", events.drawdown, "guarantee_drawdown"),
    page("guarantees/<int:pk>/complete/", events.complete, "guarantee_complete"),
    page("guarantees/<int:pk>/repay/", events.repay, "guarantee_repay"),
    page("guarantees/<int:pk>/overdue/", events.mark_overdue, "guarantee_mark_overdue"),
    page("guarantees/<int:pk>/cure/", events.cure, "guarantee_cure"),
    page("guarantees/<int:pk>/pay/", events.pay, "guarantee_pay"),
    page("guarantees/<int:pk>/release/", events.release, "guarantee_release"),
    page("guarantees/<int:pk>/extend/", events.extend, "guarantee_extend"),
    page("guarantees/<int:pk>/lapse/", events.lapse, "guarantee_lapse"),
    page("guarantees/<int:pk>/cancel/", events.cancel, "guarantee_cancel"),
    page("guarantees/<int:pk>/file-again/", events.file_again, "guarantee_file_again"),
    page("guarantees/<int:pk>/papers/add/", papers.add_to_guarantee, "guarantee_paper_add"),
    page("guarantees/<int:pk>/papers/<uuid:paper>/", papers.of_guarantee, "guarantee_paper"),
    page("compensations/", guarantees.compensations, "compensations"),
    # Customers
    page("customers/", customers.listing, "customers"),
    page("customers/options/", customers.options, "customer_options"),
    page("customers/check/", customers.check_code, "customer_check"),
    page("customers/new/", customers.new, "customer_new"),
    page("customers/<int:pk>/", customers.detail, "customer"),
    page("customers/<int:pk>/edit/", customers.edit, "customer_edit"),
    page("customers/<int:pk>/mark/", customers.mark, "customer_mark"),
    page("customers/<int:pk>/unmask/", customers.unmask, "customer_unmask"),
    # Products, imports, reporting
    page("products/", products.listing, "products"),
    page("products/new/", products.new, "product_new"),
    page("products/<int:pk>/edit/", products.edit, "product_edit"),
    page("products/<int:pk>/close/", products.close, "product_close"),
    page("products/<int:pk>/open/", products.open_again, "product_open"),
    page("imports/", imports.listing, "imports"),
    page("imports/new/", imports.new, "import_new"),
    page("imports/<int:pk>/", imports.detail, "import"),
    page("imports/<int:pk>/confirm/", imports.confirm, "import_confirm"),
    page("imports/<int:pk>/cancel/", imports.cancel, "import_cancel"),
    page("imports/<int:pk>/undo/", imports.undo, "import_undo"),
    page("imports/<int:pk>/rejects/", imports.rejects, "import_rejects"),
    page("reporting/", office.reporting, "reporting"),
    # Office
    page("search", office.search, "search"),
    *DESKS.urls(),
]
