"""Law 6: every view of every door says whom it is for, and roles only name permissions that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from kernel.access.furnish import group, member
from kernel.access.permissions import ANYONE, SIGNED_IN, catalogue


def views(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def declared(view: Any) -> Any:
    return getattr(view, "access", None) or getattr(getattr(view, "cls", None), "access", None)


@pytest.mark.parametrize("door", sorted(settings.DOOR_URLCONFS))
def test_every_view_declares_its_access(door: str) -> None:
    found = list(views(get_resolver(settings.DOOR_URLCONFS[door])))
    assert found
    silent = [route for route, view in found if declared(view) is None and not view.__module__.startswith("allauth.")]
    assert silent == []


@pytest.mark.parametrize("door", ["PORTAL", "CONSOLE"])
def test_every_declared_permission_exists(door: str) -> None:
    known = catalogue()
    unknown = {
        code
        for _, view in views(get_resolver(settings.DOOR_URLCONFS[door]))
        if (access := declared(view)) not in (None, ANYONE, SIGNED_IN)
        for code in access
        if code not in known
    }
    assert unknown == set()


@pytest.mark.parametrize("door", ["PORTAL", "CONSOLE"])
def test_few_pages_are_open_to_everybody(door: str) -> None:
    """Without a log-in only the shell's own files and switches answer; a new one must be added here on purpose."""
    open_to_all = {route for route, view in views(get_resolver(settings.DOOR_URLCONFS[door])) if declared(view) == ANYONE}
    assert {route for route in open_to_all if not route.startswith(("look/", "styleguide", "apply/"))} <= {
        "sw.js", "manifest.webmanifest", "offline/",
    }  # fmt: skip


def test_every_permission_of_a_role_exists() -> None:
    known = catalogue()
    roles = [*member.ROLES, *group.ROLES]
    assert {code for role in roles for code in role["permissions"]} - set(known) == set()


def test_the_three_administrators_share_no_permission_of_power() -> None:
    """domain.md 9.1: system keeps accounts, security grants roles, audit reads the trail."""
    held = {role["administers"]: set(role["permissions"]) for role in member.ROLES if role["administers"]}
    assert "access.grant_roles" not in held["SYSTEM"] | held["AUDIT"]
    assert "audit.view" not in held["SYSTEM"] | held["SECURITY"]
    assert "access.manage_users" not in held["SECURITY"] | held["AUDIT"]
