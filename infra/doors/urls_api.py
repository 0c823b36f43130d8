"""api.localhost: the banks' REST door."""

from django.urls import include, path

urlpatterns = [path("v1/", include("api.v1.urls"))]
handler404 = "api.problems.not_found"
