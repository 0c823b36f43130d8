"""allauth in a house: no sign-up, log-in by e-mail at one's own institution only."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class HouseAccountAdapter(DefaultAccountAdapter):
    """People are added by their institution's security administrator; nobody signs up by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        context["institution"] = self.request.institution
        super().send_mail(template_prefix, email, context)
