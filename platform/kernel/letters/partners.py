"""The institution itself and its agreements (domain.md 5.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.letters.base import Letter


@dataclass(frozen=True, kw_only=True)
class AgreementTold(Letter):
    """Group → member: an agreement that covers you, as it stands: only what this member may know of it (AGR-23)."""

    kind: ClassVar[str] = "AGREEMENT_TOLD"

    code: str
    treaty_version: int
    title: str
    status: str
    effective_from: date
    effective_to: date | None
    terms: str
    """The terms document (JSON text)."""
    year: int
    line_fen: int | None
    """The member's own line of the year; None where there is no own limit."""
    used_fen: int
    reserved_fen: int


@dataclass(frozen=True, kw_only=True)
class PartnerStanding(Letter):
    """Group → member: the cooperation is active, watched, suspended (no new cessions) or ended, and the grade given."""

    kind: ClassVar[str] = "PARTNER_STANDING"

    status: str
    """ACTIVE, WATCH, SUSPENDED or EXITED."""
    on: date
    reason: str
    grade: str = ""


@dataclass(frozen=True, kw_only=True)
class InstitutionFileTold(Letter):
    """Group → member: the member's own file as the group keeps it (PAR-24); a new house learns it with its first letters."""

    kind: ClassVar[str] = "INSTITUTION_FILE_TOLD"

    file: str
    """Field → value (JSON text); days as ISO 8601, amounts in fen."""


@dataclass(frozen=True, kw_only=True)
class InstitutionChangeReported(Letter):
    """Member → group: something in the institution's own file has changed (PAR-24)."""

    kind: ClassVar[str] = "INSTITUTION_CHANGE_REPORTED"

    change_no: str
    changes: dict[str, dict[str, str]]
    """Field → `{"from", "to"}`."""
    reason: str
    reported_on: date


@dataclass(frozen=True, kw_only=True)
class InstitutionChangeDecided(Letter):
    """Group → member: the change is accepted, or not."""

    kind: ClassVar[str] = "INSTITUTION_CHANGE_DECIDED"

    change_no: str
    accepted: bool
    reason: str
    decided_on: date
