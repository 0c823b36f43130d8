"""The agreement engine: what a treaty makes of a loss, to the fen. Plain Python; see README.md beside this file."""

from .cession import Cession, cede
from .engine import Replay, apply, replay
from .form import BadTerms
from .losses import BadLoss, Loss, Outcome, Position, Refusal, Result, Step, Trace
from .schema import TERMS_SCHEMA
from .terms import Terms, read_terms, read_treaties

__all__ = [
    "TERMS_SCHEMA",
    "BadLoss",
    "BadTerms",
    "Cession",
    "Loss",
    "Outcome",
    "Position",
    "Refusal",
    "Replay",
    "Result",
    "Step",
    "Terms",
    "Trace",
    "apply",
    "cede",
    "read_terms",
    "read_treaties",
    "replay",
]
