"""<member>.localhost: a member's portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("infra.doors.urls_people")),
    path("", include("member_portal.urls")),
]
