"""From a host name to an institution, for one request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import set_urlconf

from registry.tenancy import PUBLIC, inside

_TTL_SECONDS = 30
_known_hosts: dict[str, tuple[float, Any, str]] = {}


def forget_hosts() -> None:
    """Drop the host cache of this process (an institution was opened, renamed or closed)."""
    _known_hosts.clear()


def find(host: str) -> tuple[Any, str] | None:
    """(institution or PUBLIC, url module) of a host; only hosts that exist are remembered."""
    known = _known_hosts.get(host)
    now = time.monotonic()
    if known and known[0] > now:
        return known[1], known[2]
    from registry import queries

    with inside(PUBLIC):
        domain = queries.domain_of(host)
    if domain is None:
        return None
    house = PUBLIC if domain.tenant.schema_name == PUBLIC.schema_name else domain.tenant
    urls = settings.DOOR_URLCONFS[domain.door]
    _known_hosts[host] = (now + _TTL_SECONDS, house, urls)
    return house, urls


class HouseMiddleware:
    """First in the list: opens the house that the host names; an unknown host sees no house at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return self._health()
        try:
            host = request.get_host().rsplit(":", 1)[0].lower()
        except DisallowedHost:
            return HttpResponse(status=404)
        found = find(host)
        if found is None:
            request.urlconf = settings.DOOR_URLCONFS["FRONT"]
            set_urlconf(request.urlconf)
            return render(request, "404.html", status=404)
        house, request.urlconf = found
        set_urlconf(request.urlconf)
        request.institution = house
        connection.enter(house)
        try:
            response = self.get_response(request)
        except BaseException:
            connection.leave()
            raise
        if getattr(response, "streaming", False):
            # The body is still to be read, perhaps from this house's tables; the server closes the response after it.
            response._resource_closers.append(connection.leave)
        else:
            connection.leave()
        return response

    @staticmethod
    def _health() -> HttpResponse:
        with inside(PUBLIC), connection.cursor() as cursor:
            cursor.execute("select 1")
        return HttpResponse("ok", content_type="text/plain")
