"""Pages of the settlement: accounts current and breaks; and the money of the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.money import urls as money
from desks.pages import page
from reguarantee.console.desks.settlements import acts, views

urlpatterns = [
    page("settlements/", views.listing, "settlements"),
    page("settlements/new/", acts.draft, "settlement_new"),
    page("settlements/breaks/", views.breaks, "settlement_breaks"),
    page("settlements/<int:pk>/", views.detail, "settlement"),
    page("settlements/<int:pk>/paper/", views.paper, "settlement_paper"),
    page("settlements/<int:pk>/redraft/", acts.redraft, "settlement_redraft"),
    page("settlements/<int:pk>/issue/", acts.issue, "settlement_issue"),
    page("settlements/<int:pk>/confirm/", acts.confirm, "settlement_confirm"),
    page("settlements/<int:pk>/lock/", acts.lock, "settlement_lock"),
    page("settlements/<int:pk>/pay/", acts.pay, "settlement_pay"),
    *money.urlpatterns,
]
_SEE = ("settlements.view",)
NAV: tuple[Item, ...] = (
    money.entry("money"),
    Item(
        "money", _("Accounts current"), "settlements", "report-money",
        parts=(Part(_("Accounts current"), "settlements", _SEE), Part(_("Breaks by night"), "settlement_breaks", _SEE)),
    ),
)  # fmt: skip
