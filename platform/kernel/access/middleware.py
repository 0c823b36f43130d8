"""Default deny: a view that does not say whom it is for is refused (design.md 1.2, law 6)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation

from kernel.access.permissions import ANYONE, SIGNED_IN, label

SCHEMA_KEY = "_schema"
SEEN_KEY = "_seen"
# allauth's own pages guard themselves; only those that infra/doors/urls_people.py includes are reachable.
_SELF_GUARDED = ("allauth.",)


class AccessMiddleware:
    """Ties a session to its institution, ends idle ones, speaks the user's language and enforces declarations."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.institution.kind == "public":
            # The public doors know no people: a cookie sent to them must not reach a table that is not there.
            request.user, request.session = AnonymousUser(), {}
        elif settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._tie_session(request)
            if request.user.is_authenticated and translation.get_language() != request.user.language:
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)

    @staticmethod
    def _tie_session(request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            return
        now = int(time.time())
        seen = request.session.get(SEEN_KEY, now)
        elsewhere = request.session.get(SCHEMA_KEY, request.institution.schema_name) != request.institution.schema_name
        if elsewhere or now - seen > settings.SESSION_IDLE_MINUTES * 60:
            logout(request)
        elif SCHEMA_KEY not in request.session or SEEN_KEY not in request.session or now - seen > 60:
            request.session[SCHEMA_KEY] = request.institution.schema_name
            request.session[SEEN_KEY] = now

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        _check_text(request)
        declared = getattr(view, "access", None) or getattr(getattr(view, "cls", None), "access", None)
        if declared == ANYONE:
            return None
        if declared is None:
            if view.__module__.startswith(_SELF_GUARDED):
                return None
            return refuse(request)
        if not request.user.is_authenticated:
            return self._to_login(request)
        if declared == SIGNED_IN or request.user.permission_codes.intersection(declared):
            return None
        return refuse(request, codes=declared)

    @staticmethod
    def _to_login(request: HttpRequest) -> HttpResponse:
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = f"/accounts/login/?next={request.headers.get('HX-Current-URL', '/')}"
            return response
        if request.method in ("GET", "HEAD"):
            return redirect_to_login(request.get_full_path(), "/accounts/login/")
        return HttpResponseRedirect("/accounts/login/")


def _check_text(request: HttpRequest) -> None:
    """PostgreSQL keeps no NUL and nobody types one: 400 here, once, instead of a broken page wherever a text is looked up.

    The banks' API reads bodies of its own (api/v1/bodies.py). Raises BadRequest.
    """
    told = [request.GET] if request.institution.kind == "public" else [request.GET, request.POST]
    texts = (text for part in told for name, values in part.lists() for text in (name, *values))
    if "\x00" in request.path_info or any("\x00" in text for text in texts):
        raise BadRequest("NUL in a text")


def address(request: HttpRequest) -> str:
    """The caller's address: the last one that a proxy of ours wrote down, or the connection's own."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    written = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(written) >= proxies:
        return written[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def tie_session(sender: Any, request: HttpRequest, **_: Any) -> None:
    """At the log-in: a session that named no institution would be adopted by the first that sees it."""
    institution = getattr(request, "institution", None)
    if institution is not None:
        request.session[SCHEMA_KEY] = institution.schema_name
        request.session[SEEN_KEY] = int(time.time())


def refuse(request: HttpRequest, *, codes: Any = ()) -> HttpResponse:
    """403 with the missing permissions named, so that the reader knows what to ask for."""
    return render(request, "403.html", {"missing": [label(code) for code in codes]}, status=403)
