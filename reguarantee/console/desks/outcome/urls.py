"""What agreements brought (成果转化): per institution and agreement, with the projects behind each number and a hint."""

from __future__ import annotations

from desks.items import Item
from desks.pages import page
from reguarantee.console.desks.outcome import views

urlpatterns = [
    page("outcome/", views.overview, "outcome"),
    page("outcome/projects/", views.rows, "outcome_projects"),
    page("outcome/<slug:member>/", views.institution, "outcome_member"),
]
NAV: tuple[Item, ...] = ()  # a tab of the treaties' analysis
