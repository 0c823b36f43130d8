"""The front door: says what this is and shows people the way to their own institution's door."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from kernel.access.permissions import anyone
from kernel.errors import NotFound
from registry import queries as registry


@anyone
def front(request: HttpRequest) -> HttpResponse:
    """GET /?code=… goes to that institution's log-in; an unknown code is told so. No list: who is here is nobody's business."""
    code = request.GET.get("code", "").strip()
    error = ""
    if code:
        try:
            host = registry.host_of(registry.institution(code))
        except NotFound as refusal:
            error = gettext(refusal.sentence) % refusal.facts
        else:
            port = request.get_port()
            suffix = "" if port in ("80", "443") else f":{port}"
            return HttpResponseRedirect(f"{settings.PUBLIC_SCHEME}://{host}{suffix}/")
    return render(request, "infra/front.html", {"code": code, "error": error}, status=422 if error else 200)
