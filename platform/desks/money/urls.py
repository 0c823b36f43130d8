"""Money of a house, in portal and console: what is due, payments, receipts, movements, the three-way board."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.money import acts, views
from desks.pages import page
from kernel.access.permissions import may
from kernel.cash import queries

urlpatterns = [
    page("money/", views.dues, "money"),
    page("money/orders/", views.orders, "money_orders"),
    page("money/orders/<int:pk>/confirm/", acts.confirm, "money_confirm"),
    page("money/orders/<int:pk>/cancel/", acts.cancel, "money_cancel"),
    page("money/receipts/", views.receipts, "money_receipts"),
    page("money/receipts/new/", acts.receive, "money_receipt_new"),
    page("money/movements/", views.movements, "money_movements"),
    page("money/movements/<int:pk>/", views.movement, "money_movement"),
    page("money/movements/<int:pk>/match/", acts.match, "money_match"),
    page("money/movements/<int:pk>/unmatch/", acts.unmatch, "money_unmatch"),
    page("money/movements/<int:pk>/reverse/", acts.reverse, "money_reverse"),
    page("money/board/", views.board, "money_board"),
    page("money/<int:pk>/", views.due, "money_due"),
    page("money/<int:pk>/prepare/", acts.prepare, "money_prepare"),
    page("money/<int:pk>/arrived/", acts.arrived, "money_arrived"),
]


def _to_confirm(user: Any) -> int:
    return queries.orders().exclude(prepared_by_id=user.id).count() if may(user, "cash.confirm") else 0


def _to_match(user: Any) -> int:
    return queries.unallocated().count() if may(user, "cash.receive") else 0


def entry(group: str, *more: Part) -> Item:
    """The entry in the navigation, under the heading that the face names; `more` tabs of the face's own."""
    see = ("cash.view",)
    parts = (
        Part(_("Money due"), "money", see),
        Part(_("Payments"), "money_orders", see, _to_confirm),
        Part(_("Receipts to match"), "money_receipts", see, _to_match),
        Part(_("Cash movements"), "money_movements", see),
        Part(_("Three-way board"), "money_board", see),
    )
    return Item(group, _("Payments and receipts"), "money", "cash", key="d", parts=(*parts, *more))
