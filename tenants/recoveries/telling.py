"""Money that moved between this house and the group is told to the group at once (letter MoneyReported)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel.cash import listeners
from kernel.letters import MoneyReported
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import current

PURPOSES = (
    ("CLAIM", "IN"),
    ("RECOVERY", "OUT"),
    ("RECOVERY_REFUND", "IN"),
    ("PREMIUM", "OUT"),
    ("PREMIUM_REFUND", "IN"),
)
"""Purpose and direction of the dues that both houses know, as they stand in a member's."""


def on_moved(*, due: Any, movement: Any, allocation: Any, actor: Any, today: date) -> None:
    """Say what left or came, negative when it was reversed; in the transaction of the movement."""
    letter = MoneyReported(**listeners.word(due=due, movement=movement, allocation=allocation))
    outbox.post(letter, sender=current().code, to=registry.group().code, subject=f"money:{due.key}")


def register() -> None:
    for purpose, direction in PURPOSES:
        listeners.register(purpose, on_moved, direction=direction)
        listeners.answered_by_letter(purpose)
