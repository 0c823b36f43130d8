"""Money between the two, premiums and the account current (domain.md 5.4, kernel.cash)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from kernel.letters.base import Letter


@dataclass(frozen=True, kw_only=True)
class MoneyReported(Letter):
    """Either way: what the other side says of money that moved: the payer that it was sent, the payee that it came."""

    kind: ClassVar[str] = "MONEY_REPORTED"

    key: str
    purpose: str
    fen: int
    on: date
    voucher_no: str
    said: str
    """SENT or ARRIVED."""
    reference: str = ""
    """The sender's number of its own entry: a reversed and repeated booking of one transfer is another one."""


@dataclass(frozen=True, kw_only=True)
class PremiumListIssued(Letter):
    """Group → member: the premiums of a month, guarantee by guarantee, to be confirmed."""

    kind: ClassVar[str] = "PREMIUM_LIST_ISSUED"

    list_no: str
    period: str
    """YYYY-MM."""
    confirm_by: date
    items: tuple[dict[str, Any], ...]
    """`{"guarantee_id", "number", "treaty", "base_fen", "ceded_fen", "from", "to", "days", "rate", "premium_fen", "vat"}`."""


@dataclass(frozen=True, kw_only=True)
class PremiumListAnswered(Letter):
    """Member → group: the list is right, or these rows of it are not."""

    kind: ClassVar[str] = "PREMIUM_LIST_ANSWERED"

    list_no: str
    agreed: bool
    disputes: tuple[dict[str, Any], ...] = ()
    """`{"guarantee_id", "text"}`."""
    answered_on: date
    premium_fen: int | None = None
    """Of the rows that were answered, together: a yes that crossed a list sent anew agrees to nothing."""


@dataclass(frozen=True, kw_only=True)
class PremiumBilled(Letter):
    """Group → member: a bill, a credit note (negative), or the news that one is settled."""

    kind: ClassVar[str] = "PREMIUM_BILLED"

    bill_no: str
    period: str
    vat: str
    """EXEMPT or TAXABLE (domain.md 4.6: never both on one bill)."""
    premium_fen: int
    net_fen: int
    tax_fen: int
    due_on: date
    key: str
    status: str
    """ISSUED, SETTLED, OVERDUE or CREDITED."""
    lists: tuple[str, ...] = ()
    credits: str = ""
    """Of a credit note: the number of the bill that it takes back from."""
    refund_fen: int = 0
    """Of a credit note: the part that was paid already and comes back; the rest lowers what is open."""
    stops: bool = False
    """New cessions are refused because this bill is in arrears."""


@dataclass(frozen=True, kw_only=True)
class StatementIssued(Letter):
    """Group → member: the account current of a period."""

    kind: ClassVar[str] = "STATEMENT_ISSUED"

    statement_no: str
    period: str
    opening_fen: int
    closing_fen: int
    """Positive: the member owes the group."""
    rows: tuple[dict[str, Any], ...]
    """`{"key", "purpose", "subject", "on", "due_fen", "moved_fen"}`."""
    status: str
    """DRAFTED, LOCKED or PAID."""
    confirm_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class StatementAnswered(Letter):
    """Member → group: the statement agrees with our books, or these rows do not."""

    kind: ClassVar[str] = "STATEMENT_ANSWERED"

    statement_no: str
    agreed: bool
    disputes: tuple[dict[str, Any], ...] = ()
    answered_on: date
    closing_fen: int | None = None
    """Of the draft that was answered: an answer that crossed a new draft on its way says nothing about that one."""
