"""The only writers of people, roles and posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from kernel.access.models import Department, Post, Role, User
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotAllowed, gettext_noop


class TwoAdministrators(Invalid):
    code = "TWO_ADMINISTRATORS"
    sentence = gettext_noop("One person cannot hold two of the three administrator roles. Choose one of them.")


class EmailTaken(Conflict):
    code = "EMAIL_TAKEN"
    sentence = gettext_noop("%(email)s belongs to somebody here already. Use another e-mail.")


class OwnRights(NotAllowed):
    code = "OWN_RIGHTS"
    sentence = gettext_noop("Nobody changes his own roles or suspends himself. Ask another administrator.")


class NoRole(Invalid):
    code = "NO_ROLE"
    sentence = gettext_noop("Choose at least one role. Whoever shall do nothing any more is suspended.")


@transaction.atomic
def add_user(
    *,
    actor: Any,
    email: str,
    name: str,
    password: str,
    department: str = "",
    roles: Iterable[str] = (),
    posts: Iterable[str] = (),
    mobile: str = "",
) -> User:
    """Add somebody to this institution. `roles`, `posts` and `department` are codes.

    Raises `EmailTaken` and `TwoAdministrators`.
    """
    email = User.objects.normalize_email(email).lower()
    if User.objects.filter(email=email).exists():
        raise EmailTaken(field="email", email=email)
    user = User(email=email, name=name, mobile=mobile)
    if department:
        user.department = Department.objects.get(code=department)
    user.set_password(password)
    user.save()
    user.posts.set(Post.objects.filter(code__in=list(posts)))
    _give(user, list(roles))
    audit.leave(actor=actor, act="access.add_user", subject=f"user:{user.id}", facts={"roles": list(roles)})
    return user


@transaction.atomic
def give_roles(*, actor: Any, user_id: int, roles: Iterable[str]) -> User:
    """Replace somebody's roles (codes). Raises `TwoAdministrators`, `NoRole` and `OwnRights`."""
    if actor.id == user_id:
        raise OwnRights
    if not (roles := list(roles)):
        raise NoRole(field="roles")
    user = User.objects.select_for_update().get(id=user_id)
    _give(user, roles)
    audit.leave(actor=actor, act="access.give_roles", subject=f"user:{user.id}", facts={"roles": roles})
    return user


@transaction.atomic
def suspend(*, actor: Any, user_id: int, active: bool = False) -> User:
    """Close somebody's log-in, sessions that are open included, or open it again with `active`. Raises `OwnRights`."""
    if actor.id == user_id:
        raise OwnRights
    user = User.objects.select_for_update().get(id=user_id)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        act = "access.resume" if active else "access.suspend"
        audit.leave(actor=actor, act=act, subject=f"user:{user.id}", facts={"email": user.email})
    return user


def _give(user: User, codes: list[str]) -> None:
    roles = list(Role.objects.filter(code__in=codes))
    if sum(1 for role in roles if role.administers) > 1:
        raise TwoAdministrators(field="roles")
    user.roles.set(roles)


@transaction.atomic
def prefer(*, actor: User, language: str | None = None, money_unit: str | None = None) -> None:
    """Store the language and the money unit (YUAN or WAN) that a person wants to read."""
    if language in ("zh-hans", "en"):
        actor.language = language
    if money_unit in ("YUAN", "WAN"):
        actor.money_unit = money_unit
    actor.save(update_fields=["language", "money_unit"])


def furnish(
    *, departments: Iterable[tuple[str, str, str]], posts: Iterable[tuple[str, str, str]], roles: Iterable[dict[str, Any]]
) -> None:
    """Reference data of a new house, idempotent: (code, Chinese, English) and roles with permissions and scope."""
    for model, rows in ((Department, departments), (Post, posts)):
        for code, name_zh, name_en in rows:
            model.objects.update_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
    for role in roles:
        Role.objects.update_or_create(code=role["code"], defaults={key: value for key, value in role.items() if key != "code"})
