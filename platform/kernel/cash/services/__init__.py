"""The only writers of money: expect, change, prepare, confirm, cancel, receive, allocate, unmatch, reverse, report.

Who comes second: a due, an order and a movement are locked row by row, so the second of two people hears the state that
the first one left. Rooms hear of every movement of their dues in the same transaction (kernel.cash.listeners).
"""

from __future__ import annotations

from kernel.cash.services.dues import BadAmount, BelowMoved, DueExists, NoSuchDue, OrderOpen, change, expect
from kernel.cash.services.moving import (
    MoneyFromTheFuture,
    NoSuchMovement,
    ReasonNeeded,
    Reversed,
    VoucherNeeded,
    VoucherUsed,
    reverse,
)
from kernel.cash.services.paying import AccountMissing, OrderSettled, SamePerson, cancel, confirm, prepare, record
from kernel.cash.services.receiving import NotSettledSo, OtherParty, allocate, receive, report, unmatch

__all__ = [
    "AccountMissing",
    "BadAmount",
    "BelowMoved",
    "DueExists",
    "MoneyFromTheFuture",
    "NoSuchDue",
    "NoSuchMovement",
    "NotSettledSo",
    "OrderOpen",
    "OrderSettled",
    "OtherParty",
    "ReasonNeeded",
    "Reversed",
    "SamePerson",
    "VoucherNeeded",
    "VoucherUsed",
    "allocate",
    "cancel",
    "change",
    "confirm",
    "expect",
    "prepare",
    "receive",
    "record",
    "report",
    "reverse",
    "unmatch",
]
