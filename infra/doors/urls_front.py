"""localhost: the front door. No institution's data is here."""

from django.urls import include, path

from infra.doors.front import front

urlpatterns = [
    path("", front, name="front"),
    path("", include("design.urls")),
]
