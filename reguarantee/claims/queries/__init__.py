"""Reads of members' claims. Lists are QuerySets; the number of statements does not grow with the rows."""

from reguarantee.claims.queries.board import board, listing, open_count, overdue, totals
from reguarantee.claims.queries.one import denials, get, missing, obligations, of_filing, papers, required, steps
from reguarantee.claims.queries.rates import abilities, fuse, fuses, rates

__all__ = [
    "abilities", "board", "denials", "fuse",
    "fuses", "get", "listing", "missing", "obligations", "of_filing", "open_count", "overdue",
    "papers", "rates", "required", "steps", "totals",
]  # fmt: skip
