"""A guarantee and its cover (domain.md 5.5, 5.14, 8.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.letters.base import Letter


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
    iou_no: str = ""
    """Drawdown note of the first drawdown, unique at its bank."""
    contract_no: str = ""
    loan_rate: str = ""
    """Interest of the loan per year as a decimal, or empty."""
    fee_rate: str = ""
    """The member's fee per year as a decimal, or empty."""
    size_class: str = ""
    """LARGE, MEDIUM, SMALL, MICRO or empty, as it was when the guarantee took effect (domain.md 4.6)."""
    is_farmer: bool = False
    extends_guarantee_id: int | None = None
    """An extension points to the guarantee it prolongs (domain.md 11.18)."""
    batch: str = ""
    """The bank's monthly list (银担总对总) the guarantee came with, or empty (domain.md 5.6)."""
    product_category: str = ""
    """AGRICULTURE, SME or empty: the kind of business the member's product is (features BUS-65, BUS-66)."""
    filed_on: date | None = None
    """The day the member filed it; left out, the day it is read."""


@dataclass(frozen=True, kw_only=True)
class FilingDecided(Letter):
    """Group → member: what became of the filing."""

    kind: ClassVar[str] = "FILING_DECIDED"

    guarantee_id: int
    status: str
    """CONFIRMED, REVIEWING, RETURNED, REJECTED or WITHDRAWN."""
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
    line_near: bool = False
    """Little is left of a limit: all that a member may know about what it shares with others."""
    reply_no: str = ""
    """Number of the group's formal reply (批复) to a filing decided case by case."""
    conditions: str = ""
    """What the reply demands."""
    deficiencies: tuple[dict[str, str], ...] = ()
    """`{"code", "text"}` of what must be mended before the filing comes back; only with RETURNED."""


@dataclass(frozen=True, kw_only=True)
class FilingWithdrawn(Letter):
    """Member → group: this filing is taken back."""

    kind: ClassVar[str] = "FILING_WITHDRAWN"

    guarantee_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReportingScopeAgreed(Letter):
    """Group → member: which business the member's published views show the group."""

    kind: ClassVar[str] = "REPORTING_SCOPE_AGREED"

    scope: str
    """CEDED or ALL_BUSINESS."""
    agreement: str
    effective_on: date


@dataclass(frozen=True, kw_only=True)
class GuaranteeEnded(Letter):
    """Member → group: the guarantee bears no more risk. The line of the obligor is free again."""

    kind: ClassVar[str] = "GUARANTEE_ENDED"

    guarantee_id: int
    end: str
    """RELEASED, COMPENSATED, LAPSED or CANCELLED."""
    on: date
    released_principal_fen: int
    """Principal of the whole loan (the bank's part included) that ended without a compensation."""


@dataclass(frozen=True, kw_only=True)
class GuaranteeOverdue(Letter):
    """Member → group: the borrower is in arrears, or is so no longer (domain.md 5.14)."""

    kind: ClassVar[str] = "GUARANTEE_OVERDUE"

    guarantee_id: int
    on: date
    cured: bool = False
