"""Post a letter inside your transaction; deliver afterwards, at least once, in order per subject.

The effect is exactly once: the reader's work, the receipt and the delivery mark commit together, and a
letter that was read already leaves a receipt that stops a second reading.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from kernel.access.actors import Actor
from kernel.letters import LETTERS
from kernel.letters import Letter as LetterBody
from kernel.outbox.inbox.models import Receipt
from kernel.outbox.models import Letter

Reader = Callable[..., None]
Door = Callable[[str], Any]

readers: dict[str, Reader] = {}
"""Letter kind → reader; filled from the one table in infra/wiring.py."""

_LONGEST_WAIT = timedelta(minutes=10)
_DOUBLINGS = 10  # beyond them the pause is the longest anyway, and after 46 no clock can hold it
log = structlog.get_logger("zaidan.outbox")


def post(letter: LetterBody, *, sender: str, to: str, subject: str) -> None:
    """Put a letter into the outbox, in the caller's transaction. `sender` and `to` are institution codes."""
    Letter.objects.create(
        sender=sender,
        recipient=to,
        subject=subject,
        kind=letter.kind,
        version=letter.version,
        body=json.dumps(letter.body(), ensure_ascii=False),
    )


def deliver(*, house_of: Door, enter: Callable[[Any], Any], limit: int = 500) -> int:
    """Deliver what is due and return how many letters were read. Runs in the public house.

    `house_of(code)` finds a recipient's house and `enter(house)` opens it: the kernel knows no tenancy.
    A letter that fails is tried again with growing pauses; later letters of its subject wait for it.
    """
    read = 0
    for letter_id in _heads(limit):
        try:
            read += _deliver_one(letter_id, house_of, enter)
        except Exception as error:  # noqa: BLE001 - one bad letter must not stop the others; it is recorded and retried
            _postpone(letter_id, error)
    return read


def _heads(limit: int) -> list[int]:
    heads = (
        Letter.objects.filter(delivered_at__isnull=True)
        .order_by("sender", "recipient", "subject", "id")
        .distinct("sender", "recipient", "subject")
        .values_list("id", "retry_at")
    )
    now = timezone.now()
    return sorted(letter_id for letter_id, retry_at in heads if retry_at <= now)[:limit]


@transaction.atomic
def _deliver_one(letter_id: int, house_of: Door, enter: Callable[[Any], Any]) -> int:
    letter = Letter.objects.select_for_update(skip_locked=True).filter(id=letter_id, delivered_at__isnull=True).first()
    if letter is None:
        return 0
    body = LETTERS[letter.kind].read(json.loads(letter.body))
    with enter(house_of(letter.recipient)):
        try:
            with transaction.atomic():
                Receipt.objects.create(sender=letter.sender, letter_id=letter.id, kind=letter.kind)
        except IntegrityError:
            log.info("letter read before", letter=letter.id)
        else:
            readers[letter.kind](body, sender=letter.sender, actor=Actor("LETTER", letter.sender), today=timezone.localdate())
    letter.delivered_at = timezone.now()
    letter.save(update_fields=["delivered_at"])
    return 1


def _postpone(letter_id: int, error: Exception) -> None:
    letter = Letter.objects.get(id=letter_id)
    letter.attempts += 1
    # PostgreSQL keeps no NUL, and what an error quotes may hold one.
    letter.last_error = f"{type(error).__name__}: {error}".replace("\x00", "")[:2000]
    letter.retry_at = timezone.now() + min(timedelta(seconds=2 ** min(letter.attempts, _DOUBLINGS)), _LONGEST_WAIT)
    letter.save(update_fields=["attempts", "last_error", "retry_at"])
    log.error("letter not delivered", letter=letter_id, kind=letter.kind, attempts=letter.attempts, exc_info=error)
