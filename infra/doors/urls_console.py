"""group.localhost: the group's console."""

from django.urls import include, path

urlpatterns = [
    path("", include("infra.doors.urls_people")),
    # Public: an institution applies. Nothing else of the group is reachable from there.
    path("apply/", include("reguarantee.console.desks.apply.urls")),
    path("", include("reguarantee.console.urls")),
]
