"""Activation: a member's house with its first administrators, or a bank with its key; all of it or nothing (PAR-36)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.utils.translation import gettext

from kernel.access import queries as people
from kernel.access import services as access
from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, DomainError, gettext_noop
from kernel.notices import services as notices
from registry import queries as registry
from registry import services as houses
from registry.tenancy import inside
from reguarantee.admission.flow import ACTIVATING, ACTIVE
from reguarantee.admission.models import Case
from reguarantee.admission.services.agreeing import through
from reguarantee.admission.services.cases import advance, hold, within
from reguarantee.partners import services as partners
from reguarantee.treaties import services as treaties

SCOPES = ["applications:write", "applications:read", "guarantees:read", "guarantees:write"]
_BROKEN = gettext_noop("Something broke while the house was being opened. Nothing of it is left; press again.")
_ACTIVE = gettext_noop("%(name)s is active (%(number)s).")


class NotActiveYet(Conflict):
    code = "NOT_ACTIVE_YET"
    sentence = gettext_noop("The institution is not active yet.")


@dataclass(frozen=True)
class Invitation:
    """How an administrator comes in: the path of the page where the first password is set, good for three days."""

    name: str
    email: str
    path: str


@dataclass(frozen=True)
class Activated:
    """`key` is a bank's key: shown now and never again."""

    case: Case
    host: str = ""
    invitations: tuple[Invitation, ...] = field(default=())
    key: str = ""


def activate(*, actor: Any, today: date, case_id: int) -> Activated:
    """Open the member's house, invite its administrators, let it join the treaty with its line; or issue the bank's key.

    One transaction: when anything fails, nothing is left, the case stays ACTIVATING with the reason, and the verb can be
    called again. Of two at once the second hears that it is done. Needs admission.sign.
    Raises NotInStep, CodeTaken, BadCode, NoTemplate, NoSuchTreaty and whatever else the rooms refuse.
    """
    check(actor, "admission.sign")
    try:
        with transaction.atomic():
            return _activate(actor=actor, today=today, case_id=case_id)
    except Exception as error:
        _remember(case_id, error)
        raise


def _activate(*, actor: Any, today: date, case_id: int) -> Activated:
    case = hold(case_id)
    within(case, ACTIVATING)
    case.failure = ""
    if case.kind == "MEMBER":
        opened = houses.open_member(code=case.code, name=case.name, region=case.region_code)
        case.host = opened.host
        with inside(opened.institution):
            users = [
                access.add_user(
                    actor=through(case, actor),
                    email=case.told[f"{who}_email"],
                    name=case.told[f"{who}_name"],
                    # Nobody knows it: the invitation lets them set their own.
                    password=secrets.token_urlsafe(32),
                    roles=[role],
                )
                for who, role in (("admin", "SYSTEM_ADMIN"), ("security", "SECURITY_ADMIN"))
            ]
            invitations = tuple(_invitation(user) for user in users)
        door = through(case, actor)
        treaties.join(actor=door, today=today, code=case.treaty_code, member_code=case.code)
        treaties.set_line(
            actor=door, today=today, code=case.treaty_code, member_code=case.code, year=case.line_year or today.year,
            line_fen=case.line_fen,
        )  # fmt: skip
        done = Activated(case, case.host, invitations)
    else:
        houses.add_bank(code=case.code, name=case.name)
        _key, text = houses.issue_key(bank=case.code, scopes=SCOPES, label=case.number)
        done = Activated(case, key=text)
    partners.activate(actor=actor, today=today, code=case.code, reason=case.number)
    case.active_on = today
    advance(case, "activate", actor=actor, today=today, text=case.host or case.code)
    if case.owner_id:
        facts = {"name": case.name, "number": case.number}
        notices.tell(user_ids=[case.owner_id], sentence=_ACTIVE, facts=facts, url=f"/admission/cases/{case.pk}/")
    return done


def _remember(case_id: int, error: Exception) -> None:
    """Why it did not work, for whoever presses next; a program's error is not shown in its own words."""
    text = gettext(error.sentence) % error.facts if isinstance(error, DomainError) else gettext(_BROKEN)
    Case.objects.filter(pk=case_id, state=ACTIVATING).update(failure=text[:300])


def _invitation(user: Any) -> Invitation:
    key = default_token_generator.make_token(user)
    return Invitation(user.name, user.email, f"/accounts/password/reset/key/{user_pk_to_url_str(user)}-{key}/")


@transaction.atomic
def invite(*, actor: Any, today: date, case_id: int) -> Activated:
    """Invite the first administrators again: new links for those who have never signed in. Needs admission.sign."""
    check(actor, "admission.sign")
    case = hold(case_id)
    if case.state != ACTIVE or case.kind != "MEMBER":
        raise NotActiveYet
    wanted = {case.told["admin_email"].lower(), case.told["security_email"].lower()}
    with inside(registry.institution(case.code)):
        fresh = [user for user in people.users() if user.email in wanted and user.last_login is None]
        invitations = tuple(_invitation(user) for user in fresh)
    audit.leave(actor=actor, act="admission.invite", subject=case.subject, facts={"count": len(invitations)})
    return Activated(case, case.host, invitations)
