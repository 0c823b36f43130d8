"""/v1 of the bank API."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from api.v1 import views
from kernel.access.permissions import ANYONE


class Description(SpectacularJSONAPIView):
    """The OpenAPI document; it names no institution and is open to every engineer."""

    access = ANYONE
    permission_classes = [AllowAny]


_house = "institutions/<str:code>/"

urlpatterns = [
    path(_house + "applications", views.Applications.as_view()),
    path(_house + "applications/<int:application_id>", views.Application.as_view()),
    path(_house + "guarantees/<int:guarantee_id>", views.Guarantee.as_view()),
    path(_house + "guarantees/<int:guarantee_id>/drawdowns", views.Drawdowns.as_view()),
    path(_house + "guarantees/<int:guarantee_id>/repayments", views.Repayments.as_view()),
    path("openapi.json", Description.as_view()),
]
