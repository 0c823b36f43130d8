"""Reads of premiums. All money in fen."""

from reguarantee.premiums.models import Bill, PremiumList, Standard, Vat
from reguarantee.premiums.queries.forecast import SOURCES, Expected, by_month, forecast
from reguarantee.premiums.queries.lists import (
    NoSuchBill,
    NoSuchBordereau,
    bill,
    bills,
    bordereau,
    bordereaux,
    credit_notes,
    item,
    items,
    lists,
    parts,
    parts_waiting,
    premium_list,
    standard,
    standards,
    standards_waiting,
    subsidies,
    subsidy_lines,
    waiting,
)
from reguarantee.premiums.queries.positions import Position, by_guarantee, by_member

LIST_STATES, BILL_STATUSES, BILL_KINDS, VATS = PremiumList.State.choices, Bill.Status.choices, Bill.Kind.choices, Vat.choices
STANDARD_STATES, STANDARD_KINDS, PAYEES = Standard.State.choices, Standard.Kind.choices, Standard.Payee.choices

__all__ = [
    "BILL_KINDS", "BILL_STATUSES", "LIST_STATES", "PAYEES", "SOURCES", "STANDARD_KINDS", "STANDARD_STATES", "VATS",
    "Expected", "NoSuchBill", "NoSuchBordereau", "Position", "bill", "bills", "bordereau", "bordereaux", "by_guarantee",
    "by_member", "by_month", "credit_notes", "forecast", "item", "items", "lists", "parts", "parts_waiting",
    "premium_list", "standard", "standards", "standards_waiting", "subsidies", "subsidy_lines", "waiting",
]  # fmt: skip
