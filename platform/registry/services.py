"""Opening and closing houses, banks and their keys: the only writers of the registry."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from registry.models import Bank, Domain, Institution, PartnerKey, Template
from registry.tenancy import GROUP_SCHEMA, PUBLIC, base_domain, houses, inside
from registry.tenancy.middleware import forget_hosts

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,19}")
RESERVED = {"API", "GROUP", "WWW", "PUBLIC", "TEMPLATE", "LOCALHOST", "STATIC", "ADMIN"}


class BadCode(Invalid):
    code = "BAD_INSTITUTION_CODE"
    sentence = gettext_noop("%(code)s cannot be an institution's code. Use 2 to 20 letters A-Z and digits, a letter first.")


class CodeTaken(Conflict):
    code = "INSTITUTION_CODE_TAKEN"
    sentence = gettext_noop("An institution with the code %(code)s is open already. Choose another code.")


class NoTemplate(Conflict):
    code = "NO_TEMPLATE"
    sentence = gettext_noop("The template of member houses is not built. Run manage.py migrate first.")


class NoSuchBank(NotFound):
    code = "NO_SUCH_BANK"
    sentence = gettext_noop("There is no active partner bank with the code %(code)s.")


@dataclass(frozen=True)
class Opened:
    institution: Institution
    host: str
    seconds: float


def open_public() -> Institution:
    """The public house with its front door and the banks' API door; idempotent. Runs inside public as owner."""
    public, _ = Institution.objects.get_or_create(
        schema_name="public", defaults={"code": "PUBLIC", "name": "Zaidan", "kind": Institution.Kind.PUBLIC}
    )
    for host, door in ((base_domain(), Domain.Door.FRONT), (f"api.{base_domain()}", Domain.Door.API)):
        Domain.objects.get_or_create(
            domain=host, defaults={"tenant": public, "door": door, "is_primary": door == Domain.Door.FRONT}
        )
    return public


def open_group(*, name: str, region: str = "") -> Opened:
    """Open the re-guarantee group: its own schema, migrated and furnished. Raises `CodeTaken`."""
    start = time.perf_counter()
    host = f"group.{base_domain()}"
    with inside(PUBLIC, as_owner=True):
        if Institution.objects.filter(kind=Institution.Kind.GROUP).exists():
            raise CodeTaken(code="GROUP")
        with transaction.atomic():
            group = Institution.objects.create(
                code="GROUP", schema_name=GROUP_SCHEMA, name=name, kind=Institution.Kind.GROUP, region_code=region
            )
            houses.migrate_house(group)
            houses.furnish(group)
            with connection.cursor() as cursor:
                cursor.execute("select public.house_role(%s)", [group.schema_name])
                # The projector writes the group's narrow facts and reads the group's own filings.
                cursor.execute("select public.projector_role(%s)", [group.schema_name])
            group.migrated = houses.digest("group")
            group.save(update_fields=["migrated"])
            Domain.objects.create(domain=host, tenant=group, is_primary=True, door=Domain.Door.CONSOLE)
    forget_hosts()
    return Opened(group, host, time.perf_counter() - start)


def open_member(*, code: str, name: str, region: str, reporting_scope: str = Institution.ReportingScope.CEDED) -> Opened:
    """Open a member's house from the template's text: one transaction, so a failure leaves nothing.

    Raises `BadCode`, `CodeTaken` and `NoTemplate`.
    """
    start = time.perf_counter()
    code = code.upper()
    if not _CODE.fullmatch(code) or code in RESERVED:
        raise BadCode(field="code", code=code)
    schema, host = f"m_{code.lower()}", f"{code.lower()}.{base_domain()}"
    with inside(PUBLIC, as_owner=True):
        template = Template.objects.order_by("-id").first()
        if template is None:
            raise NoTemplate
        try:
            with transaction.atomic():
                member = Institution.objects.create(
                    code=code,
                    schema_name=schema,
                    name=name,
                    kind=Institution.Kind.MEMBER,
                    region_code=region,
                    reporting_scope=reporting_scope,
                    migrated=template.digest,
                )
                Domain.objects.create(domain=host, tenant=member, is_primary=True, door=Domain.Door.PORTAL)
                with connection.cursor() as cursor:
                    cursor.execute(houses.text_for(schema, template.text))
                    cursor.execute("select public.house_role(%s)", [schema])
                    cursor.execute(
                        f'insert into "{schema}".guarantees_reportingscope (scope, agreement, effective_on)'
                        " values (%s, '', current_date)",
                        [reporting_scope],
                    )
        except (IntegrityError, ValidationError) as error:
            # The library looks for the schema name before it saves; of two at once the database stops the second.
            if isinstance(error, IntegrityError) and "registry_" not in str(error):
                raise
            raise CodeTaken(field="code", code=code) from error
    forget_hosts()
    return Opened(member, host, time.perf_counter() - start)


def close_member(*, code: str) -> None:
    """Close a member's doors. Its schema and everything in it stay."""
    with inside(PUBLIC), transaction.atomic():
        changed = Institution.objects.filter(code=code.upper(), kind=Institution.Kind.MEMBER).update(
            status=Institution.Status.CLOSED
        )
    if not changed:
        raise NotFound(gettext_noop("There is no member with the code %(code)s."), code=code)
    forget_hosts()


def add_bank(*, code: str, name: str) -> Bank:
    """Register a partner bank; the same code again renames it."""
    with inside(PUBLIC):
        bank, _ = Bank.objects.update_or_create(code=code, defaults={"name": name, "is_active": True})
        return bank


def grade_bank(*, code: str, grade: str, on: date, below_minimum: bool) -> None:
    """Publish the group's grade of a bank (A to D), its day, and whether it is below the lowest that the group accepts.

    Called in the transaction of the group's act. A bank without keys is not in the register yet: then nothing happens.
    """
    with inside(PUBLIC):
        Bank.objects.filter(code=code).update(grade=grade, graded_on=on, below_minimum=below_minimum)


def describe_member(*, code: str, is_policy: bool, category: str) -> None:
    """Publish what kind of company the group takes a member for; its own house reads it (`tenancy.current()`).

    Called in the transaction of the group's act. Of a candidate without a house nothing is published. A web server that
    has the member in its host cache knows it within half a minute.
    """
    with inside(PUBLIC):
        members = Institution.objects.filter(code=code, kind=Institution.Kind.MEMBER)
        changed = members.exclude(is_policy=is_policy, category=category).update(is_policy=is_policy, category=category)
    if changed:
        forget_hosts()


def issue_key(
    *,
    bank: str,
    scopes: list[str],
    label: str = "",
    mode: str = PartnerKey.Mode.LIVE,
    institutions: list[str] | None = None,
    allowed_ips: list[str] | None = None,
    valid_days: int | None = None,
) -> tuple[PartnerKey, str]:
    """Issue an API key to a bank (by code). Returns the key and its secret text, which is shown this once only."""
    alphabet = string.ascii_letters + string.digits
    prefix = "".join(secrets.choice(alphabet) for _ in range(8))
    secret = "".join(secrets.choice(alphabet) for _ in range(40))
    text = f"zd_{mode.lower()}_{prefix}_{secret}"
    with inside(PUBLIC):
        owner = Bank.objects.filter(code=bank, is_active=True).first()
        if owner is None:
            raise NoSuchBank(code=bank)
        key = PartnerKey.objects.create(
            bank=owner,
            prefix=prefix,
            digest=key_digest(text),
            label=label,
            mode=mode,
            scopes=scopes,
            institutions=institutions or [],
            allowed_ips=allowed_ips or [],
            expires_at=timezone.now() + timedelta(days=valid_days) if valid_days else None,
        )
    return key, text


def key_digest(text: str) -> str:
    """SHA-256 of a key's text; keys are long and random, so no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def revoke_key(*, prefix: str) -> None:
    with inside(PUBLIC):
        if not PartnerKey.objects.filter(prefix=prefix, revoked_at=None).update(revoked_at=timezone.now()):
            raise NotFound(gettext_noop("There is no open key with the prefix %(prefix)s."), prefix=prefix)


def house_digest(institution: Any) -> str:
    return houses.digest(institution.kind)
