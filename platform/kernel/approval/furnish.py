"""Reference data of a new house: its committee and the shipped approval drawings."""

from kernel.approval import services
from kernel.approval.committee import rules


def furnish(kind: str) -> None:
    """Members review guarantees; the group's own flows come with its admissions."""
    rules.furnish(kind)
    if kind == "member":
        services.furnish()
