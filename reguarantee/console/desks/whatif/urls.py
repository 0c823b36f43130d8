"""What would these years have cost under these terms: draft wording over a real history (design.md 5)."""

from __future__ import annotations

from desks.items import Item
from desks.pages import page
from reguarantee.console.desks.whatif import views

urlpatterns = [
    page("whatif/", views.whatif, "whatif"),
    page("whatif/scenarios/", views.scenarios, "scenarios"),
    page("whatif/scenarios/<int:pk>/", views.scenario, "scenario"),
    page("whatif/scenarios/<int:pk>/drop/", views.drop, "scenario_drop"),
]
NAV: tuple[Item, ...] = ()  # a tab of the treaties' analysis
