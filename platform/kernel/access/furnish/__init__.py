"""Posts, departments and roles of a new house. Institutions change them afterwards; codes stay."""

from __future__ import annotations

from kernel.access import services
from kernel.access.furnish import group, member

_KINDS = {"group": group, "member": member}


def furnish(kind: str) -> None:
    """Reference data for a house of this kind (group or member); idempotent."""
    if house := _KINDS.get(kind):
        services.furnish(departments=house.DEPARTMENTS, posts=house.POSTS, roles=house.ROLES)
