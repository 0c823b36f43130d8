"""Reads of the registry. All of them run in the public house."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import timezone

from kernel.errors import NotFound, gettext_noop
from registry.models import Bank, Domain, Institution, PartnerKey
from registry.tenancy import PUBLIC, inside

P = ParamSpec("P")
R = TypeVar("R")


class NoSuchInstitution(NotFound):
    code = "NO_SUCH_INSTITUTION"
    sentence = gettext_noop("There is no active institution with the code %(code)s.")


def _in_public(read: Callable[P, R]) -> Callable[P, R]:
    @wraps(read)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with inside(PUBLIC):
            return read(*args, **kwargs)

    return run


@_in_public
def domain_of(host: str) -> Domain | None:
    """The door of a host name of an institution that is open."""
    return Domain.objects.select_related("tenant").filter(domain=host, tenant__status=Institution.Status.ACTIVE).first()


@_in_public
def institution(code: str) -> Institution:
    """One active institution by its code (any case). Raises `NoSuchInstitution`."""
    found = Institution.objects.filter(code=code.upper(), status=Institution.Status.ACTIVE).first()
    if found is None:
        raise NoSuchInstitution(code=code)
    return found


@_in_public
def group() -> Institution:
    """The re-guarantee group. Raises `NoSuchInstitution` before it is opened."""
    found = Institution.objects.filter(kind=Institution.Kind.GROUP).first()
    if found is None:
        raise NoSuchInstitution(code="GROUP")
    return found


@_in_public
def has_group() -> bool:
    return Institution.objects.filter(kind=Institution.Kind.GROUP).exists()


@_in_public
def members() -> list[Institution]:
    """All open members, by code."""
    return list(Institution.objects.filter(kind=Institution.Kind.MEMBER, status=Institution.Status.ACTIVE).order_by("code"))


@_in_public
def banks() -> list[Bank]:
    """Active partner banks, by code."""
    return list(Bank.objects.filter(is_active=True).order_by("code"))


@_in_public
def bank(code: str) -> Bank | None:
    """One active partner bank with the group's grade of it."""
    return Bank.objects.filter(code=code, is_active=True).first()


@_in_public
def names() -> dict[str, str]:
    """Code → name of every institution and bank, closed ones too: their business is still read."""
    found = dict(Institution.objects.exclude(kind=Institution.Kind.PUBLIC).values_list("code", "name"))
    return found | dict(Bank.objects.values_list("code", "name"))


@_in_public
def host_of(institution: Institution) -> str:
    """The primary host name of an institution."""
    return Domain.objects.get(tenant=institution, is_primary=True).domain


@_in_public
def partner_key(*, prefix: str, text: str) -> PartnerKey | None:
    """The open key whose full text this is, with its bank; None for an unknown, expired or revoked one."""
    key = PartnerKey.objects.select_related("bank").filter(prefix=prefix, revoked_at=None, bank__is_active=True).first()
    digest = hashlib.sha256(text.encode()).hexdigest()
    if key is None or not hmac.compare_digest(key.digest, digest):
        return None
    if key.expires_at is not None and key.expires_at <= timezone.now():
        return None
    return key
