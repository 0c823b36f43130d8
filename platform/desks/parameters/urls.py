"""Parameters, in portal and console."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from desks.items import Item
from desks.pages import page
from desks.parameters import views
from kernel.access.permissions import may
from kernel.parameters import queries


def _waiting(user: Any) -> int:
    return queries.proposals().count() if may(user, "parameters.approve") else 0


urlpatterns = [
    page("parameters/", views.listing, "parameters"),
    page("parameters/<str:parameter>/", views.detail, "parameter"),
    page("parameters/<str:parameter>/propose/", views.propose, "parameter_propose"),
    page("parameters/<str:parameter>/values/<int:pk>/", views.decide, "value_decide"),
]
NAV = (Item("administration", _("Parameters"), "parameters", "adjustments", ("parameters.view",), waiting=_waiting),)
