"""The only way into the banks' API (design.md 8).

key → bank → scope → network → institution → idempotency. A view behind this door declares `scope` and
implements `act`; it never sees a key, a lock or another bank's rows.
"""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from api import problems
from api.models import Exchange
from api.problems import Problem
from api.refusal import Refused
from kernel.access.actors import Actor
from kernel.access.middleware import address
from kernel.access.permissions import ANYONE
from kernel.errors import DomainError, gettext_noop
from registry import queries as registry
from registry.tenancy import PUBLIC, base_domain, inside
from registry.tenancy.middleware import find

_TOKEN = re.compile(r"^Bearer (zd_(live|sandbox)_([A-Za-z0-9]{8})_[A-Za-z0-9]{40})$")
_IDEMPOTENCY = re.compile(r"^[\x21-\x7e]{1,255}$")
_KEPT = timedelta(hours=24)
RATE_PER_MINUTE = 1200
BODY_MAX = 256 * 1024


class NoKey(Problem):
    code, status = "NO_KEY", 401
    sentence = gettext_noop("The request carries no valid partner key. Send Authorization: Bearer with your key.")

    def __init__(self, **facts: Any) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="zaidan"'}, **facts)


class NoScope(Problem):
    code, status = "NO_SCOPE", 403
    sentence = gettext_noop("This key lacks the scope %(scope)s. Ask the group for a key that has it.")


class WrongNetwork(Problem):
    code, status = "WRONG_NETWORK", 403
    sentence = gettext_noop("This key may not be used from %(address)s.")


class TooMany(Problem):
    code, status = "RATE_LIMITED", 429
    sentence = gettext_noop("This key has used its %(limit)s requests of this minute. Wait %(seconds)s seconds.")


class BodyTooLarge(Problem):
    code, status = "BODY_TOO_LARGE", 413
    sentence = gettext_noop("The body is larger than %(limit)s bytes, more than any request here needs.")


class NeedsIdempotencyKey(Problem):
    code, status = "IDEMPOTENCY_KEY_MISSING", 400
    sentence = gettext_noop("Every POST needs an Idempotency-Key header of 1 to 255 visible characters.")


class KeyReused(Problem):
    code, status = "IDEMPOTENCY_KEY_REUSED", 422
    sentence = gettext_noop("This Idempotency-Key was used for another request. Use a new one for a new request.")


class InProgress(Problem):
    code, status = "IN_PROGRESS", 409
    sentence = gettext_noop("A request with this Idempotency-Key is being worked on. Repeat it in a moment.")


class Door(APIView):
    """Base of all endpoints. `scope` is the right a key needs."""

    access = ANYONE  # the people's middleware lets it pass; this class does its own asking
    permission_classes = [Refused]
    behind_door = True
    scope = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.partner = _authenticate(request)
        if self.scope not in self.partner.scopes:
            raise NoScope(scope=self.scope)
        self.limit = _throttle(self.partner)
        if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_MAX:
            raise BodyTooLarge(limit=BODY_MAX)
        self.bank = self.partner.bank
        self.actor = Actor("BANK", f"{self.bank.code}/{self.partner.prefix}")
        self.house = None
        if "code" in kwargs:
            self.house = _house(kwargs["code"], self.partner.institutions)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if limit := getattr(self, "limit", None):
            response["RateLimit-Limit"], response["RateLimit-Remaining"], response["RateLimit-Reset"] = map(str, limit)
        return response

    def once(self, request: Request, act: Callable[[], tuple[int, dict[str, Any]]]) -> HttpResponse:
        """Run `act` in the institution's house at most once per Idempotency-Key; replay its answer afterwards.

        One transaction holds the lock, the business rows and the stored answer, so a crash at any moment leaves
        either all of them or nothing. A refusal by the domain is an answer too and is replayed.
        """
        key = request.headers.get("Idempotency-Key", "")
        if not _IDEMPOTENCY.match(key):
            raise NeedsIdempotencyKey
        digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
        with inside(PUBLIC), transaction.atomic():
            if not _try_lock(f"{self.partner.id}:{key}"):
                raise InProgress
            known = Exchange.objects.filter(partner_key_id=self.partner.id, idempotency_key=key).first()
            if known is not None and known.at > timezone.now() - _KEPT:
                return _replay(known, digest)
            if known is not None:
                known.delete()
            status, document, content_type = self._run(act)
            text = JSONRenderer().render(document).decode()
            Exchange.objects.create(
                partner_key_id=self.partner.id,
                idempotency_key=key,
                digest=digest,
                status=status,
                body=text,
                content_type=content_type,
            )
        return HttpResponse(text, status=status, content_type=content_type)

    def _run(self, act: Callable[[], tuple[int, dict[str, Any]]]) -> tuple[int, dict[str, Any], str]:
        try:
            with inside(self.house), transaction.atomic():
                status, document = act()
                # A sandbox key sees what would happen: the answer is real, the rows are not kept.
                transaction.set_rollback(self.partner.mode == "SANDBOX")
            return status, document, "application/json"
        except DomainError as error:
            if error.status >= 500:
                raise
            return error.status, problems.of_domain(error), problems.CONTENT_TYPE


def _replay(known: Exchange, digest: str) -> HttpResponse:
    if known.digest != digest:
        raise KeyReused
    response = HttpResponse(known.body, status=known.status, content_type=known.content_type)
    response["Idempotency-Replayed"] = "true"
    return response


def _try_lock(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def _authenticate(request: Request) -> Any:
    found = _TOKEN.match(request.headers.get("Authorization", ""))
    if found is None:
        raise NoKey
    partner = registry.partner_key(prefix=found.group(3), text=found.group(1))
    if partner is None:
        raise NoKey
    caller = address(request)
    if partner.allowed_ips and not _within(caller, partner.allowed_ips):
        raise WrongNetwork(address=caller)
    return partner


def _within(caller: str, networks: list[str]) -> bool:
    """What is no address (a proxy may write "unknown") is in no network."""
    try:
        return any(ipaddress.ip_address(caller) in ipaddress.ip_network(network) for network in networks)
    except ValueError:
        return False


def _house(code: str, allowed: list[str]) -> Any:
    """The member's house. One outside the key's list, the group and the public house answer like one that does not exist."""
    code = code.upper()
    found = find(f"{code.lower()}.{base_domain()}") if not allowed or code in allowed else None
    if found is None or found[0].kind != "member":
        raise registry.NoSuchInstitution(code=code)
    return found[0]


def _throttle(partner: Any) -> tuple[int, int, int]:
    """Count this call in the key's current minute: (limit, remaining, seconds to the next minute)."""
    now = int(time.time())
    reset = 60 - now % 60
    with inside(PUBLIC):
        counter = cache.make_key(f"rate:{partner.id}:{now // 60}")
    # One round trip for both; Django's cache would make three of it.
    used, _ = _valkey().pipeline().incr(counter).expire(counter, 120).execute()
    if used > RATE_PER_MINUTE:
        raise TooMany(limit=RATE_PER_MINUTE, seconds=reset, headers={"Retry-After": str(reset)})
    return RATE_PER_MINUTE, RATE_PER_MINUTE - used, reset


@functools.cache
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.CACHES["default"]["LOCATION"])
