"""Claims, recoveries, write-offs, and what people say about a case (domain.md 5.8, 5.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from kernel.letters.base import Letter


@dataclass(frozen=True, kw_only=True)
class ClaimSubmitted(Letter):
    """Member → group: we paid the bank; reimburse your share. Sent again after a return, with a higher `round`."""

    kind: ClassVar[str] = "CLAIM_SUBMITTED"

    guarantee_id: int
    claim_no: str
    """The member's number of the claim."""
    round: int
    """1, and one more after each return."""
    obligor_name: str
    obligor_key: str
    legal_rep: str
    iou_no: str
    contract_no: str
    principal_fen: int
    """Unpaid principal of the whole loan at compensation, the bank's part included."""
    interest_fen: int
    """Normal interest in the bank's claim."""
    paid_fen: int
    """What the member paid the bank."""
    asked_fen: int
    paid_on: date
    bank_notice_on: date
    voucher_no: str
    submitted_on: date
    account_name: str
    account_no: str
    account_bank: str
    documents: tuple[dict[str, Any], ...] = ()
    """Handed-over files: `{"slot", "name", "sha256", "key", "size", "content_type"}` (kernel.documents.handover)."""
    late_reason: str = ""
    appeal: bool = False
    legal_rep_at_filing: str = ""
    """Who represented the debtor when the guarantee was filed, as far as the member knows (domain.md 5.8.4)."""


@dataclass(frozen=True, kw_only=True)
class ClaimWithdrawn(Letter):
    """Member → group: the claim is taken back before it was decided."""

    kind: ClassVar[str] = "CLAIM_WITHDRAWN"

    claim_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClaimDecided(Letter):
    """Group → member: where the claim stands now."""

    kind: ClassVar[str] = "CLAIM_DECIDED"

    claim_no: str
    status: str
    """RECEIVED, CHECKING, RETURNED, REVIEWING, APPROVED, REJECTED, PAYING, PAID, WITHDRAWN or CLOSED."""
    asked_fen: int
    checked_fen: int
    approved_fen: int
    netted_fen: int
    """Held recoveries taken off what is paid."""
    payable_fen: int
    deficiencies: tuple[dict[str, str], ...] = ()
    """`{"code", "slot", "text"}` of what must be mended before the claim comes back."""
    reason: str = ""
    decided_on: date
    answer_by: date | None = None
    """Last day to complete a returned claim, or to appeal against a refusal; past once the refusal is final."""


@dataclass(frozen=True, kw_only=True)
class ClaimPaid(Letter):
    """Group → member: the money of a claim was sent, or (negative) that payment was undone. One letter for each."""

    kind: ClassVar[str] = "CLAIM_PAID"

    claim_no: str
    key: str
    """The movement of money (kernel.cash), the same in both houses."""
    fen: int
    on: date
    voucher_no: str
    reference: str = ""
    """The group's number of its own entry: a payment undone and made again under one number of the bank is another one."""


@dataclass(frozen=True, kw_only=True)
class RecoveryReported(Letter):
    """Member → group: money came back from the debtor (or costs were spent)."""

    kind: ClassVar[str] = "RECOVERY_REPORTED"

    guarantee_id: int
    recovery_no: str
    on: date
    gross_fen: int
    cost_fen: int
    method: str
    after_write_off: bool = False
    reverses: str = ""
    """The recovery that this one undoes; the amounts are then negative."""
    principal_fen: int = 0
    """Unpaid principal of the whole loan in all payments to the bank so far; 0 where it is not told."""
    unsent_fen: int = 0
    """Of what was to be passed on for the undone recovery: not sent, and not to be sent any more."""


@dataclass(frozen=True, kw_only=True)
class RecoveryShared(Letter):
    """Group → member: how a recovery is shared, and what is to be passed on."""

    kind: ClassVar[str] = "RECOVERY_SHARED"

    recovery_no: str
    claim_no: str
    shares: dict[str, int]
    """Party → fen; they sum to the net recovery. The member's own part stands under its own party."""
    roles: dict[str, str]
    """Party → BANK, GUARANTOR, REGUARANTOR, FUND or GOVERNMENT."""
    remit_fen: int
    """To be passed on to the group for it and those behind it."""
    held_fen: int
    """Kept by the member because the group has not paid its claim yet; netted from that claim."""
    key: str
    due_on: date | None
    why: str
    refund_fen: int = 0
    """After an undone recovery: what the group gives back under `key`."""


@dataclass(frozen=True, kw_only=True)
class WriteOffReported(Letter):
    """Member → group: the receivable is written off; it is still pursued (账销案存)."""

    kind: ClassVar[str] = "WRITE_OFF_REPORTED"

    guarantee_id: int
    on: date
    written_off_fen: int
    resolution_no: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseMessage(Letter):
    """Either way: a message of a person about a case. `subject` is `claim:<claim_no>` or `filing:<guarantee_id>`."""

    kind: ClassVar[str] = "CASE_MESSAGE"

    subject: str
    author: str
    text: str
    on: date
