"""What the shell of every page shows, by the face that the host names."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kernel.notices import queries as notices


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, search, notices. Nothing for people who are not signed in, nor for the public doors.

    Worked out once for each request: a list asks again for every row whose buttons are a template of their own.
    """
    if not hasattr(request, "shell"):
        request.shell = _shell(request)
    return request.shell


def _shell(request: HttpRequest) -> dict[str, Any]:
    institution = getattr(request, "institution", None)
    user = getattr(request, "user", None)
    if institution is None or institution.kind == "public" or user is None or not user.is_authenticated:
        return {}
    if institution.kind == "member":
        from member_portal import nav
    else:
        from reguarantee.console import nav
    request.unread_notices = SimpleLazyObject(lambda: notices.unread(user))
    return {"nav": nav.groups(request), "home_url": "/", **nav.links()}
