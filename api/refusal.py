"""The default answer of the framework: no."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission


class Refused(BasePermission):
    """A DRF view that does not stand behind the door is refused. In a file of its own: the framework imports it first."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return getattr(view, "behind_door", False)
