"""Permission codes of this room."""

PERMISSIONS: tuple[tuple[str, object], ...] = ()
