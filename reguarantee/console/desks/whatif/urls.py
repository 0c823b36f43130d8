"""What would these years have cost under these terms: draft wording over a real history (design.md 5)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from desks.items import Item
from desks.pages import page
from reguarantee.console.desks.whatif import views

urlpatterns = [
    page("whatif/", views.whatif, "whatif"),
    page("whatif/scenarios/", views.scenarios, "scenarios"),
    page("whatif/scenarios/<int:pk>/", views.scenario, "scenario"),
    page("whatif/scenarios/<int:pk>/drop/", views.drop, "scenario_drop"),
]
NAV = (Item("business", gettext_lazy("What if"), "whatif", "calculator", ("treaties.view",)),)
