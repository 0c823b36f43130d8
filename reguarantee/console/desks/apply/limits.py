"""How often one address may knock. Counted in the cache, so all processes count together."""

from __future__ import annotations

import time

from django.core.cache import cache
from django.http import HttpRequest

from kernel.access.middleware import address
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
