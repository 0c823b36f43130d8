from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from design.pages import views

app_name = "design"
urlpatterns = [
    path("look/unit/", views.unit, name="unit"),
    path("look/language/", views.language, name="language"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", include("design.pages.guide")))
