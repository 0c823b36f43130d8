"""Money that moved between the group and a member is told to the member at once (letter MoneyReported)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.cash import listeners
from kernel.letters import MoneyReported
from kernel.outbox import services as outbox
from registry.tenancy import current

PURPOSES = (
    ("RECOVERY", "IN"),
    ("RECOVERY_REFUND", "OUT"),
    ("PREMIUM", "IN"),
    ("PREMIUM_REFUND", "OUT"),
)
"""Purpose and direction of the dues that both houses know, as they stand in the group's.

A claim that was paid is told by its own letter, ClaimPaid."""


def on_moved(*, due: Any, movement: Any, allocation: Any, actor: Any, today: date) -> None:
    """Say what left or came, negative when it was reversed; in the transaction of the movement."""
    letter = MoneyReported(**listeners.word(due=due, movement=movement, allocation=allocation))
    outbox.post(letter, sender=current().code, to=due.counterparty, subject=f"money:{due.key}")


def register() -> None:
    for purpose, direction in PURPOSES:
        listeners.register(purpose, on_moved, direction=direction)
        listeners.answered_by_letter(purpose, "CLAIM")
