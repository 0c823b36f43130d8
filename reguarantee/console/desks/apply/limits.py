"""How often one address may knock. Counted in the cache, so all processes count together."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from kernel.errors import DomainError, gettext_noop

# what → (times, within seconds) for one address
LIMITS = {"apply": (10, 3600), "key": (30, 600), "file": (120, 3600), "write": (60, 3600)}


class TooOften(DomainError):
    code = "TOO_OFTEN"
    status = 429
    sentence = gettext_noop("That was too often from your address. Please wait %(minutes)s minutes.")


def allow(request: HttpRequest, what: str) -> None:
    """Count one knock. Raises TooOften with the minutes until the window ends."""
    times, seconds = LIMITS[what]
    now = int(time.time())
    key = f"apply:{what}:{address(request)}:{now // seconds}"
    cache.add(key, 0, timeout=seconds)
    if cache.incr(key) > times:
        raise TooOften(minutes=(seconds - now % seconds) // 60 + 1)


def address(request: HttpRequest) -> str:
    """The caller's address: the last one that a proxy of ours wrote down, or the connection's own."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    written = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(written) >= proxies:
        return written[-proxies]
    return request.META.get("REMOTE_ADDR", "")
