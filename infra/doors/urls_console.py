"""group.localhost: the group's console."""

from django.urls import include, path

urlpatterns = [
    path("", include("infra.doors.urls_people")),
    path("", include("reguarantee.console.urls")),
]
