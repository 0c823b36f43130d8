"""One table: which letter is opened by whom; and what wakes the post."""

from __future__ import annotations

import structlog
from django.conf import settings

from kernel.letters import FilingDecided, FilingSubmitted, ReportingScopeAgreed
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import PUBLIC, inside

log = structlog.get_logger("zaidan.post")


def _readers() -> dict[str, outbox.Reader]:
    # Imported when the first letter is read: commands that deliver nothing need no room.
    from reguarantee.filings import services as filings
    from tenants.guarantees import services as guarantees

    return {
        FilingSubmitted.kind: filings.open_filing,
        FilingDecided.kind: guarantees.open_filing_decided,
        ReportingScopeAgreed.kind: guarantees.open_scope_agreed,
    }


def connect() -> None:
    """Called once, when the program starts."""
    if not settings.CELERY_TASK_ALWAYS_EAGER and _wake not in outbox.wake:
        outbox.wake.append(_wake)


def deliver() -> int:
    """Deliver all letters that are due, answers to them included. Returns how many were read."""
    if not outbox.readers:
        outbox.readers.update(_readers())
    total = 0
    with inside(PUBLIC):
        while read := outbox.deliver(house_of=registry.institution, enter=inside):
            total += read
    return total


def _wake() -> None:
    from infra.tasks import deliver as task

    try:
        with inside(PUBLIC):
            task.apply_async(expires=5, retry=False)
    except task.OperationalError as error:
        # The letter is committed and the clock will find it: a broker that is down delays, it loses nothing.
        log.warning("post could not be woken", error=str(error))
