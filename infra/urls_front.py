"""localhost: the front door. No institution's data is here."""

from django.urls import include, path

from infra.front import front

urlpatterns = [
    path("", front, name="front"),
    path("", include("design.urls")),
]
