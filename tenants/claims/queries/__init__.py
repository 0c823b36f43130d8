"""Reads of compensations and of our claims on the group."""

from tenants.claims.queries.claims import (
    STATES,
    claims,
    files,
    may_appeal,
    money,
    notes,
    of_guarantee,
    one,
    open_count,
    rates,
    readiness,
    slots,
    steps,
    todo,
    unclaimed,
)
from tenants.claims.queries.compensations import book, liability, of

__all__ = [
    "STATES", "book", "claims", "files", "liability", "may_appeal", "money", "notes", "of", "of_guarantee", "one", "open_count",
    "rates", "readiness", "slots", "steps", "todo", "unclaimed",
]  # fmt: skip
