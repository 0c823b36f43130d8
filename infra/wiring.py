"""One table: which letter is opened by whom.

Nothing wakes the post: the clock asks for what is due twice a second (infra/celery.py). A commit that also had to reach
the broker would hang when the broker is down, and the letter is safe without it.
"""

from __future__ import annotations

from kernel.letters import FilingDecided, FilingSubmitted, ReportingScopeAgreed
from kernel.outbox import services as outbox
from registry import queries as registry
from registry.tenancy import PUBLIC, inside


def _readers() -> dict[str, outbox.Reader]:
    # Imported when the first letter is read: commands that deliver nothing need no room.
    from reguarantee.filings import services as filings
    from tenants.guarantees import services as guarantees

    return {
        FilingSubmitted.kind: filings.open_filing,
        FilingDecided.kind: guarantees.open_filing_decided,
        ReportingScopeAgreed.kind: guarantees.open_scope_agreed,
    }


def deliver() -> int:
    """Deliver all letters that are due, answers to them included. Returns how many were read."""
    if not outbox.readers:
        outbox.readers.update(_readers())
    total = 0
    with inside(PUBLIC):
        while read := outbox.deliver(house_of=registry.institution, enter=inside):
            total += read
    return total
