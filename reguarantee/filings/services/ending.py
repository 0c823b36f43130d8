"""What a member tells of a filed guarantee afterwards: taken back, ended, overdue; and what other rooms mark on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from kernel.audit import services as audit
from kernel.letters import FilingWithdrawn, GuaranteeEnded, GuaranteeOverdue
from kernel.parameters.queries import value
from reguarantee.filings.cover import Outcome
from reguarantee.filings.flow import FILING
from reguarantee.filings.models import Filing, Status
from reguarantee.filings.reasons import SENTENCES, Reason
from reguarantee.filings.services.opening import mark_extended
from reguarantee.filings.services.settling import locked, locked_of, record, release_line, settle, tell

_OPEN = (Status.SUBMITTED, Status.REVIEWING, Status.RETURNED)
_LIVE = (Status.REVIEWING, Status.CONFIRMED)


@transaction.atomic
def open_withdrawn(letter: FilingWithdrawn, *, sender: str, actor: Any, today: date) -> None:
    """A member takes its filing back. What it held of the line is free again.

    Confirmed cover is voided only before a premium is billed, a claim submitted, the guarantee ended (domain.md 7.5) or an
    extension of it filed; otherwise the answer says why it stands. The same letter again changes nothing.
    """
    filing = locked_of(sender, letter.guarantee_id)
    if filing is None:
        return  # never filed: nothing to take back
    if filing.status in (Status.WITHDRAWN, Status.VOIDED):
        tell(filing, today)
        return
    goes_on = Filing.objects.filter(member_code=sender, extends_guarantee_id=filing.guarantee_id, status__in=_LIVE)
    if filing.is_frozen or filing.end or filing.billed_on or goes_on.exists():
        tell(filing, today, reason_code=Reason.TOO_LATE_TO_WITHDRAW)
        return
    _take_back(filing, Reason.WITHDRAWN, actor=actor, today=today, note=letter.reason)


@transaction.atomic
def open_ended(letter: GuaranteeEnded, *, sender: str, actor: Any, today: date) -> None:
    """The guarantee bears no more risk: the obligor's total is free again, and the line where it revolves.

    rg.line.measure says so: ANNUAL_FLOW keeps what the year used (domain.md 11.24). A case still open dies and gives its
    reserve back. The same letter again changes nothing; another day or amount corrects it.
    """
    filing = locked_of(sender, letter.guarantee_id)
    told = (letter.end, letter.on, letter.released_principal_fen)
    if filing is None or (filing.end, filing.ended_on, filing.released_principal_fen) == told:
        return
    filing.end, filing.ended_on, filing.released_principal_fen = told
    filing.overdue_on = None
    if filing.status in _OPEN:
        _take_back(filing, Reason.ENDED_BEFORE, actor=actor, today=today)
        return
    if filing.line_used_fen and filing.treaty_version is not None:
        scope = {"treaty": filing.treaty_version.treaty.code, "member": sender}
        if value("rg.line.measure", on=letter.on, **scope) == "REVOLVING":
            release_line(filing)
    filing.save()
    record(filing, "end", actor=actor, today=today, note=letter.end)


@transaction.atomic
def open_overdue(letter: GuaranteeOverdue, *, sender: str, actor: Any, today: date) -> None:
    """The borrower is in arrears since a day, or no longer (domain.md 5.14). The same letter again changes nothing."""
    filing = locked_of(sender, letter.guarantee_id)
    since = None if letter.cured else letter.on
    if filing is None or filing.end or filing.overdue_on == since:
        return
    filing.overdue_on = since
    filing.save(update_fields=["overdue_on"])
    record(filing, "cure" if letter.cured else "overdue", actor=actor, today=today, note=letter.on.isoformat())


@transaction.atomic
def freeze(*, actor: Any, today: date, filing_id: int) -> Filing:
    """A claim was submitted: from here on the figures stand (domain.md 11.23). Again, it changes nothing.

    Raises NoSuchFiling.
    """
    filing = locked(filing_id)
    if filing.claimed_on is None:
        filing.claimed_on = today
        filing.save(update_fields=["claimed_on"])
        record(filing, "claim", actor=actor, today=today)
    return filing


@transaction.atomic
def thaw(*, actor: Any, today: date, filing_id: int) -> Filing:
    """No claim on it lives any more (withdrawn, or refused for good): the filing may change again. Raises NoSuchFiling."""
    filing = locked(filing_id)
    if filing.claimed_on is not None:
        filing.claimed_on = None
        filing.save(update_fields=["claimed_on"])
        record(filing, "unclaim", actor=actor, today=today)
    return filing


@transaction.atomic
def mark_billed(*, actor: Any, today: date, filing_ids: Iterable[int]) -> int:
    """A premium of these filings was billed: they are no longer voided. Returns how many were not marked yet."""
    rows = Filing.objects.filter(pk__in=list(filing_ids), billed_on=None)
    marked = rows.update(billed_on=today)
    if marked:
        audit.leave(actor=actor, act="filings.mark_billed", subject="filings", facts={"count": marked, "on": today})
    return marked


def _take_back(filing: Filing, reason: str, *, actor: Any, today: date, note: str = "") -> None:
    line = release_line(filing)
    event = FILING.move(filing, "void" if filing.status == Status.CONFIRMED else "withdraw").event
    outcome = Outcome(event, filing.treaty_version, 0, 0, reason, SENTENCES[reason])
    settle(filing, outcome, line, actor=actor, today=today, note=note)
    mark_extended(filing)
