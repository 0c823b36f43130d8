"""Rooms hear of money that moved, inside the transaction that moved it.

A room registers in its `apps.ready()`: `listeners.register("CLAIM", on_moved, direction="OUT")`. Purpose and direction
together tell the house (a claim is paid OUT by the group and comes IN at the member), so a listener never wakes in the
other one's. `on_moved(*, due, movement, allocation, actor, today)`: `allocation.fen` is signed, negative when a movement
was reversed or taken off the due. A listener that raises undoes the movement.

The word to the other house (letter MoneyReported) is posted by `reguarantee.settlements` and `tenants.recoveries` for all
purposes that both houses know; a room does not post it itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Listener = Callable[..., None]
_listeners: defaultdict[tuple[str, str], list[Listener]] = defaultdict(list)
_answered: set[str] = set()


def register(purpose: str, on_moved: Listener, *, direction: str = "") -> None:
    """Call `on_moved` for every movement of a due of this purpose and direction (OUT, IN, or both). Once per function."""
    for way in (direction,) if direction else ("OUT", "IN"):
        heard = _listeners[purpose, way]
        if on_moved not in heard:
            heard.append(on_moved)


def register_orders(purpose: str, on_order: Listener) -> None:
    """Call `on_order(*, due, order, actor, today)` when a payment of this purpose is prepared or cancelled, wherever that is
    done; inside its transaction, with the due held. That it was confirmed is heard as a movement."""
    heard = _listeners[purpose, "ORDER"]
    if on_order not in heard:
        heard.append(on_order)


def tell_order(*, due: Any, order: Any, actor: Any, today: Any) -> None:
    """Called by kernel.cash.services for every payment that is prepared or cancelled."""
    for on_order in _listeners[due.purpose, "ORDER"]:
        on_order(due=due, order=order, actor=actor, today=today)


def answered_by_letter(*purposes: str) -> None:
    """The other side reports movements of these purposes itself; silence after a movement is a break of the board."""
    _answered.update(purposes)


def purposes_answered() -> frozenset[str]:
    """Purposes whose counterparty is a house that reports. Funds and banks do not: there two records are compared."""
    return frozenset(_answered)


def word(*, due: Any, movement: Any, allocation: Any) -> dict[str, Any]:
    """What a house tells the other one of a movement: the fields of MoneyReported; `fen` negative when it was undone."""
    return {
        "key": due.key,
        "purpose": due.purpose,
        "fen": allocation.fen,
        "on": movement.on,
        "voucher_no": movement.voucher_no,
        "said": "SENT" if due.direction == "OUT" else "ARRIVED",
        "reference": f"{movement.number}/{allocation.pk}",
    }


def tell(*, due: Any, movement: Any, allocation: Any, actor: Any, today: Any) -> None:
    """Called by kernel.cash.services for every allocation."""
    for on_moved in _listeners[due.purpose, due.direction]:
        on_moved(due=due, movement=movement, allocation=allocation, actor=actor, today=today)
