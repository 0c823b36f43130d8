"""The permission engine: codes as data, views that say what they need, refusal by default.

A room lists its codes in `<room>/permissions.py` as `PERMISSIONS = (("room.verb", _("Label")), …)`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from kernel.errors import NotAllowed, gettext_noop

View = TypeVar("View", bound=Callable[..., Any])

ANYONE = "ANYONE"
SIGNED_IN = "SIGNED_IN"


class MissingPermission(NotAllowed):
    code = "MISSING_PERMISSION"
    sentence = gettext_noop("Your roles do not include “%(permission)s”. Ask your security administrator.")

    def __init__(self, *, permission: str) -> None:
        super().__init__(permission=label(permission))


def may(user: Any, code: str) -> bool:
    """Whether the user (or actor) holds the permission."""
    return code in user.permission_codes


def check(user: Any, code: str) -> None:
    """Raises `MissingPermission` unless the user holds the permission."""
    if not may(user, code):
        raise MissingPermission(permission=code)


def needs(*codes: str) -> Callable[[View], View]:
    """Declare that a view is for signed-in people who hold one of these permissions."""

    def declare(view: View) -> View:
        view.access = codes
        return view

    return declare


def signed_in(view: View) -> View:
    """Declare that a view is for everyone who is signed in at this institution."""
    view.access = SIGNED_IN
    return view


def anyone(view: View) -> View:
    """Declare that a view is public."""
    view.access = ANYONE
    return view


def label(code: str) -> Any:
    """What people call the permission."""
    return catalogue().get(code, code)


@cache
def catalogue() -> dict[str, Any]:
    """Every permission code of the installed rooms with its label."""
    found: dict[str, Any] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.permissions"
        if config.name.split(".")[0] in ("kernel", "tenants", "reguarantee", "member_portal") and find_spec(name):
            found.update(getattr(import_module(name), "PERMISSIONS", ()))
    return found


PERMISSIONS = (
    ("access.view_users", _("See the people of this institution")),
    ("access.manage_users", _("Add and suspend people")),
    ("access.grant_roles", _("Give roles to people")),
)
