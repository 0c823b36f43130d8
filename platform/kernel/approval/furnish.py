"""Reference data of a new house: the shipped approval drawings."""

from kernel.approval import services


def furnish(kind: str) -> None:
    """Members review guarantees; the group's own flows come with its admissions."""
    if kind == "member":
        services.furnish()
