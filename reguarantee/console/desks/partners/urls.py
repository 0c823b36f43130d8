"""Pages of the register of partner institutions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desks.items import Item, Part
from desks.pages import page
from kernel.access.permissions import may
from reguarantee.admission import queries as admission
from reguarantee.console.desks.partners import banks, changes, views

urlpatterns = [
    page("partners/", views.listing, "partners"),
    page("partners/new/", views.new, "partner_new"),
    page("partners/licences/", views.licences, "partner_licences"),
    page("partners/stops/", views.stops, "partner_stops"),
    page("partners/changes/", changes.listing, "partner_changes"),
    page("partners/changes/<int:pk>/", changes.detail, "partner_change"),
    page("partners/changes/<int:pk>/accept/", changes.accept, "partner_change_accept"),
    page("partners/changes/<int:pk>/refuse/", changes.refuse, "partner_change_refuse"),
    page("partners/branches/", banks.branches, "partner_branches"),
    page("partners/branches/<int:pk>/", banks.branch, "partner_branch"),
    page("partners/capital/", banks.capital, "partner_capital"),
    page("partners/<slug:code>/", views.detail, "partner"),
    page("partners/<slug:code>/branches/new/", banks.new_branch, "partner_branch_new"),
    page("partners/<slug:code>/edit/", views.edit, "partner_edit"),
    page("partners/<slug:code>/lists/<slug:name>/", views.edit_list, "partner_list"),
    page("partners/<slug:code>/grade/", views.grade, "partner_grade"),
    page("partners/<slug:code>/move/<slug:name>/", views.move, "partner_move"),
]


def _reported(user: Any) -> int:
    return admission.changes(state="REPORTED").count() if may(user, "admission.decide_change") else 0


_VIEW = ("partners.view",)
NAV: tuple[Item, ...] = (
    Item(
        "partners", _("Partner institutions"), "partners", "building-community", key="p",
        parts=(
            Part(_("Partner institutions"), "partners", _VIEW),
            Part(_("Reported changes"), "partner_changes", ("admission.decide_change", "partners.edit"), _reported),
            Part(_("Licences"), "partner_licences", _VIEW),
            Part(_("Stops"), "partner_stops", _VIEW),
            Part(_("Bank branches"), "partner_branches", _VIEW),
            Part(_("Capital and leverage"), "partner_capital", _VIEW),
        ),
    ),
)  # fmt: skip
