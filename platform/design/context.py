"""What every page knows: unit, language, institution, unread notices. The navigation is each face's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from design.templatetags import amounts


def look(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Reads `request.institution` and `request.unread_notices` where a middleware has set them."""
    institution = getattr(request, "institution", None)
    return {
        "unit": amounts.unit_of(request),
        "language": get_language() or "zh-hans",
        "institution": institution,
        "institution_name": getattr(institution, "short_name", "") or getattr(institution, "name", ""),
        # Asked when the bell is drawn: a later context processor may have set it.
        "unread": lambda: getattr(request, "unread_notices", 0),
    }
