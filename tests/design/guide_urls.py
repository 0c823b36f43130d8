"""The style guide's pages, which the program itself serves only with DEBUG, and the log-in in our look."""

from django.urls import include, path

from design import urls as look

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include(([*look.urlpatterns, path("styleguide/", include("design.pages.guide"))], "design"))),
]
