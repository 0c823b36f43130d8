"""The few views of the look itself: unit, language, the offline page and what a phone needs to install the site."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from design.templatetags.amounts import FEN_OF
from design.templatetags.assets import asset
from kernel.access.permissions import anyone
from kernel.access.services import prefer

_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponse:
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(to if safe else "/")


def _person(request: HttpRequest) -> bool:
    return getattr(getattr(request, "user", None), "is_authenticated", False)


@anyone
@require_POST
def unit(request: HttpRequest) -> HttpResponse:
    """Show money in 元 or 万元 from now on."""
    response = _back(request)
    chosen = request.POST.get("unit", "")
    if chosen in FEN_OF:
        if _person(request):
            prefer(actor=request.user, money_unit=chosen)
        response.set_cookie("unit", chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response


@anyone
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak Chinese or English from now on."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        if _person(request):
            prefer(actor=request.user, language=chosen)
        name = settings.LANGUAGE_COOKIE_NAME
        response.set_cookie(name, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response


@anyone
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")


@anyone
@require_GET
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker stands at the root, because its path is the part of the site that it serves."""
    names = " ".join(asset(name) for name in ("style.css", "app.js", "sprite.svg"))
    version = f"zaidan-{hashlib.sha256(names.encode()).hexdigest()[:12]}"
    facts = {"version": version, "offline": reverse("design:offline")}
    return render(request, "design/shell/sw.js", facts, content_type="text/javascript")


@anyone
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    name = getattr(getattr(request, "institution", None), "name", "") or gettext("Zaidan")
    body = {
        "name": name,
        "short_name": name[:12],
        "start_url": "/",
        "display": "standalone",
        "background_color": "#0e3c76",
        "theme_color": "#0e3c76",
        "icons": [{"src": asset("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(body, content_type="application/manifest+json")
