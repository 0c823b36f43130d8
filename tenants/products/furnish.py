"""Reference data of a new member: its first products."""

from tenants.products import services


def furnish(kind: str) -> None:
    """Called once per new house with its kind; only members have this room."""
    services.furnish()
