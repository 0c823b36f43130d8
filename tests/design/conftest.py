"""The style guide without a database: every component and page of the look, served as a face would serve it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.testcases import LiveServerThread

_MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tests.design.conftest.nobody",
    "allauth.account.middleware.AccountMiddleware",
]


def nobody(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Everybody is a stranger: there is no database to ask."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.user = AnonymousUser()
        return get_response(request)

    return answer


@pytest.fixture
def guide(settings: Any) -> Client:
    """A client of the style guide at /styleguide/, speaking Chinese."""
    settings.ROOT_URLCONF = "tests.design.guide_urls"
    settings.MIDDLEWARE = _MIDDLEWARE
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    settings.ALLOWED_HOSTS = ["*"]
    return Client(HTTP_ACCEPT_LANGUAGE="zh-CN")


@pytest.fixture
def served(guide: Client) -> Iterator[str]:
    """The style guide at an address for a browser."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}/styleguide/"
    server.terminate()
