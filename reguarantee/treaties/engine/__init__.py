"""The agreement engine: what a treaty makes of a loss, to the fen. Plain Python; see README.md beside this file."""

from .cession import TAKERS, Cession, cede
from .engine import Replay, apply, replay
from .form import BadTerms
from .fuse import LEVELS, cap_rate, fuse
from .losses import BadLoss, Loss, Outcome, Position, Refusal, Result, Step, Trace
from .recovery import ORDERS, BadRecovery, Reason, Shared, share
from .schema import TERMS_SCHEMA
from .terms import Terms, read_terms, read_treaties

__all__ = [
    "LEVELS",
    "ORDERS",
    "TAKERS",
    "TERMS_SCHEMA",
    "BadLoss",
    "BadRecovery",
    "BadTerms",
    "Cession",
    "Loss",
    "Outcome",
    "Position",
    "Reason",
    "Refusal",
    "Replay",
    "Result",
    "Shared",
    "Step",
    "Terms",
    "Trace",
    "apply",
    "cap_rate",
    "cede",
    "fuse",
    "read_terms",
    "read_treaties",
    "replay",
    "share",
]
