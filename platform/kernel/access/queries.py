"""Reads about people, and the data scope of their roles."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kernel.access.models import Department, Post, Role, User

_WIDTH = {Role.Scope.OWN: 0, Role.Scope.DEPARTMENT: 1, Role.Scope.ALL: 2}


def scope_of(user: Any) -> str:
    """The widest data scope among the user's roles; OWN without any."""
    return max((role.scope for role in user.held_roles), key=lambda scope: _WIDTH[scope], default=Role.Scope.OWN)


def visible(user: Any, rows: QuerySet[Any], *, owner: str = "owner", department: str = "department") -> QuerySet[Any]:
    """Only the rows that the user's data scope (own / department / all) lets him see."""
    scope = scope_of(user)
    if scope == Role.Scope.ALL:
        return rows
    own = Q(**{owner: user.id})
    if scope == Role.Scope.DEPARTMENT and user.department_id:
        return rows.filter(own | Q(**{department: user.department_id}))
    return rows.filter(own)


def holders(post: str) -> list[User]:
    """Active people who hold a post."""
    return list(User.objects.filter(posts__code=post, is_active=True))


def user(user_id: int) -> User:
    return User.objects.get(id=user_id)


def users() -> QuerySet[User]:
    """Everybody of this institution, with department, roles and posts."""
    return User.objects.select_related("department").prefetch_related("roles", "posts").order_by("id")


def posts() -> QuerySet[Post]:
    return Post.objects.all()


def departments() -> QuerySet[Department]:
    return Department.objects.all()


def roles() -> QuerySet[Role]:
    return Role.objects.all()
