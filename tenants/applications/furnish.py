"""Reference data of a new member: the ways by which business comes to anybody."""

from tenants.applications.services import channels


def furnish(kind: str) -> None:
    """Called once per new house with its kind; only members have this room. Idempotent."""
    channels.furnish()
