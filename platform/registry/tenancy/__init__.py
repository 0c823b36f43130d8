"""The one door between institutions (design.md 2).

Every statement belongs to exactly one institution. `inside(institution)` opens its house on this
connection: its schema leads the search path and its own PostgreSQL role limits what the database
will do. Outside every house a statement is refused with `NoInstitution`; it never falls back to
`public`.

Only this package knows django_tenants.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from kernel.errors import DomainError, gettext_noop

if TYPE_CHECKING:
    from registry.models import Institution

PUBLIC_SCHEMA = "public"
TEMPLATE_SCHEMA = "template_member"
GROUP_SCHEMA = "g_group"


class NoInstitution(DomainError):
    """Work was about to run outside every institution: always a programming error, never "all rows"."""

    code = "NO_INSTITUTION"
    status = 500
    sentence = gettext_noop("This work belongs to no institution. Open one with inside(institution) first.")


def role_of(schema_name: str) -> str:
    """The PostgreSQL role under which the statements of one schema run."""
    return f"zd_{schema_name}"


class House:
    """A schema that is not (yet) an `Institution` row, or one entered under another role than its own."""

    def __init__(self, schema_name: str, kind: str, role: str = "") -> None:
        self.schema_name = schema_name
        self.kind = kind
        self.code = schema_name
        self.role = role or role_of(schema_name)

    def get_tenant_type(self) -> str:
        return self.kind

    def __repr__(self) -> str:
        return f"House({self.schema_name!r})"


PUBLIC = House(PUBLIC_SCHEMA, "public")
TEMPLATE = House(TEMPLATE_SCHEMA, "member")
# The group's house under the only role that may read the members' published views (design.md 3).
PROJECTOR = House(GROUP_SCHEMA, "group", "zd_projector")


@contextlib.contextmanager
def inside(house: Institution | House, *, as_owner: bool = False, using: str = DEFAULT_DB_ALIAS) -> Iterator[Any]:
    """Run the block in one institution's house and leave it as it was found, also on an error.

    `as_owner` keeps the log-in role of the database instead of the institution's own; only opening,
    migrating and closing a house may ask for it.
    """
    connection = connections[using]
    before = (connection.tenant, connection.schema_name, connection.include_public_schema, connection.acts_as_owner)
    connection.enter(house, as_owner=as_owner)
    try:
        yield house
    finally:
        tenant, schema_name, include_public, owner = before
        if schema_name is None:
            connection.leave()
        else:
            connection.enter(tenant, as_owner=owner, include_public=include_public)


def current(using: str = DEFAULT_DB_ALIAS) -> Any:
    """The institution whose house this connection is in. Raises `NoInstitution` outside."""
    connection = connections[using]
    if connection.schema_name is None:
        raise NoInstitution
    return connection.tenant


def current_schema(using: str = DEFAULT_DB_ALIAS) -> str:
    return current(using).schema_name


def base_domain() -> str:
    return settings.BASE_DOMAIN
