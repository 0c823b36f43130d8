"""What the houses tell each other (design.md 3).

A letter is a frozen dataclass of primitives with a `kind` and a `version`. It is posted in the
sender's transaction and opened by exactly one reader (`infra/wiring.py`). Fields are only ever
added, with a default; another meaning is another version.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Base of all letters. Dates travel as ISO text, amounts as fen."""

    kind: ClassVar[str]
    version: ClassVar[int] = 1

    def body(self) -> dict[str, Any]:
        """Primitives only: what is stored and sent."""
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}

    @classmethod
    def read(cls, body: dict[str, Any]) -> Any:
        """The letter again from its stored body; unknown keys of a newer sender are ignored."""
        wanted = {field.name: field for field in fields(cls)}
        values = {key: value for key, value in body.items() if key in wanted}
        for name, field in wanted.items():
            if field.type in ("date", "date | None") and isinstance(values.get(name), str):
                values[name] = date.fromisoformat(values[name])
        return cls(**values)


@dataclass(frozen=True, kw_only=True)
class FilingSubmitted(Letter):
    """Member → group: this guarantee is in force, please cover it (domain.md 5.5, 8.5)."""

    kind: ClassVar[str] = "FILING_SUBMITTED"

    guarantee_id: int
    number: str
    product_code: str
    obligor_kind: str
    """COMPANY or PERSON."""
    obligor_name: str
    obligor_key: str
    """Keyed hash of the obligor's USCC or ID number: the group can match it across members, never read it."""
    bank_code: str
    bank_name: str
    region_code: str
    industry: str
    """GB/T 4754 section letter, or empty."""
    principal_fen: int
    """Principal drawn, the bank's own part included."""
    guaranteed_fen: int
    term_months: int
    drawdown_on: date
    due_on: date


@dataclass(frozen=True, kw_only=True)
class FilingDecided(Letter):
    """Group → member: what became of the filing."""

    kind: ClassVar[str] = "FILING_DECIDED"

    guarantee_id: int
    status: str
    """CONFIRMED, REVIEWING or REJECTED."""
    coverage: str
    """COVERED, PARTLY or UNCOVERED."""
    ceded_fen: int
    uncovered_fen: int
    """The part of the guaranteed amount asked for that stays without cover."""
    reason_code: str
    reason: str
    treaty_code: str
    treaty_version: int
    decided_on: date


@dataclass(frozen=True, kw_only=True)
class ReportingScopeAgreed(Letter):
    """Group → member: which business the member's published views show the group."""

    kind: ClassVar[str] = "REPORTING_SCOPE_AGREED"

    scope: str
    """CEDED or ALL_BUSINESS."""
    agreement: str
    effective_on: date


LETTERS: dict[str, type[Letter]] = {letter.kind: letter for letter in (FilingSubmitted, FilingDecided, ReportingScopeAgreed)}
