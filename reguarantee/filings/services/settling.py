"""What every verb of filings ends with: the answer is written down, and told to the member.

Locks are taken in one order everywhere: the obligor, the drawdown note, the filing, the line. So two members who file the
same obligor, or take the last part of a line, are served one after the other (domain.md 5.10.3, 7.5).
"""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from kernel.audit import services as audit
from kernel.errors import NotFound, gettext_noop
from kernel.letters import FilingDecided
from kernel.money import half_up
from kernel.outbox import services as outbox
from kernel.parameters.queries import value
from registry.tenancy import current
from reguarantee.filings.cover import Candidate, Outcome
from reguarantee.filings.models import Coverage, Decision, Filing, Stage, Status
from reguarantee.filings.reasons import SENTENCES, Reason
from reguarantee.treaties import queries as treaties
from reguarantee.treaties.engine import TAKERS
from reguarantee.treaties.lines import Hold, hold
from reguarantee.treaties.models import TreatyVersion

ANSWER = (
    "status", "coverage", "guaranteed_fen", "covered_fen", "uncovered_fen", "ceded_fen", "reason_code", "reason",
)  # fmt: skip
SHORT_CASES = frozenset({Reason.LATE_FILING})
"""An officer's approval alone is asked for; everything else above the treaty goes through all stages (domain.md 5.5)."""
_LIMITED = frozenset({Reason.OBLIGOR_ABOVE_LIMIT, Reason.LINE_PART, Reason.LINE_EXHAUSTED})
_STATUS_TOLD = {Status.VOIDED.value: Status.WITHDRAWN.value}


class NoSuchFiling(NotFound):
    code = "NO_SUCH_FILING"
    sentence = gettext_noop("There is no such filing.")


def locked(filing_id: int) -> Filing:
    """A filing with its obligor and its own row locked; its treaty is read, not changed. Raises NoSuchFiling."""
    key = Filing.objects.filter(id=filing_id).values_list("obligor_key", flat=True).first()
    if key is None:
        raise NoSuchFiling
    alone("filings.obligor", key)
    return Filing.objects.select_for_update(no_key=True).get(id=filing_id)


def locked_of(member_code: str, guarantee_id: int) -> Filing | None:
    """As `locked`, by the member's guarantee; None when it was never filed."""
    pk = Filing.objects.filter(member_code=member_code, guarantee_id=guarantee_id).values_list("id", flat=True).first()
    return None if pk is None else locked(pk)


def alone(what: str, *keys: str) -> None:
    """Let one transaction at a time decide about an obligor or a note: there is no row that stands for it, so raw SQL."""
    with connection.cursor() as cursor:
        for key in sorted(set(keys)):
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [what, key])


def candidate(version: TreatyVersion, *, bank_min_share: Decimal | None = None) -> Candidate:
    return Candidate(version, treaties.terms_of(version), version.above_limits, bank_min_share)


def line_of(filing: Filing, version: TreatyVersion) -> Hold:
    """The locked line that a filing counts on."""
    return hold(treaty_id=version.treaty_id, member_code=filing.member_code, year=filing.attached_on.year)


def release_line(filing: Filing) -> Hold | None:
    """Give back to its line what a filing uses and reserves; the caller settles it anew. None: it never had one."""
    if filing.treaty_version is None:
        return None
    line = line_of(filing, filing.treaty_version)
    line.change(used_fen=-filing.line_used_fen, reserved_fen=-filing.reserved_fen)
    filing.line_used_fen = filing.reserved_fen = 0
    return line


def settle(filing: Filing, outcome: Outcome, line: Hold | None, *, actor: Any, today: date, note: str = "") -> None:
    """Write an answer down: the filing, its line, one decision, one audit line, and the letter to the member."""
    filing.treaty_version = outcome.version
    filing.covered_fen, filing.ceded_fen = outcome.covered_fen, outcome.ceded_fen
    filing.uncovered_fen = filing.guaranteed_fen - outcome.covered_fen
    filing.coverage = _coverage(filing)
    filing.reason_code, filing.reason = str(outcome.reason_code), str(outcome.reason)
    filing.facts = json.dumps(outcome.facts, ensure_ascii=False, default=str)
    filing.reserved_fen, filing.line_used_fen = 0, outcome.ceded_fen
    under_review = filing.status == Status.REVIEWING
    if line is not None:
        if under_review:
            left = line.left_fen
            filing.reserved_fen = outcome.wanted_fen if left is None else min(outcome.wanted_fen, left)
        line.change(used_fen=filing.line_used_fen, reserved_fen=filing.reserved_fen)
    _open_or_close_case(filing, under_review)
    filing.shares = _split(outcome) if filing.ceded_fen else "[]"
    filing.line_near = _is_near(filing, outcome, line, today)
    filing.decided_on, filing.decided_by = (None, "") if under_review else (today, actor.label)
    if filing.status != Status.RETURNED:
        filing.deficiencies = "[]"
    filing.save()
    record(filing, outcome.event, actor=actor, today=today, note=note)
    tell(filing, today)


def _open_or_close_case(filing: Filing, under_review: bool) -> None:
    if not under_review:
        filing.stage = ""
        return
    filing.stage = Stage.SIGNING if filing.reason_code in SHORT_CASES else Stage.ACCEPTANCE
    filing.round += 1
    filing.reply_no, filing.conditions, filing.granted_fen = "", "", None


def _split(outcome: Outcome) -> str:
    """Who bears how much of a full loss of the covered part, as it is at this moment (AGR-17, domain.md 11.33).

    A member that guarantees less than its side of the treaty cedes less in proportion (domain.md 5.8.1), and so does every
    share; the re-guaranteeing parties bear exactly what is ceded, the first of them the odd fen.
    """
    shares: dict[str, int] = dict(outcome.facts.get("shares") or {})
    roles = treaties.terms_of(outcome.version).parties
    takers = [party for party in shares if roles.get(party) in TAKERS]
    ceded = sum(shares[party] for party in takers)
    if outcome.ceded_fen < ceded:
        shares = {party: half_up(fen * outcome.ceded_fen, ceded) for party, fen in shares.items()}
        odd = outcome.ceded_fen - sum(shares[party] for party in takers)
        shares[next(party for party in takers if shares[party] + odd >= 0)] += odd
    whole = sum(shares.values())
    rows = [
        {
            "party": party,
            "role": str(roles.get(party, "")),
            "fen": fen,
            "ratio": f"{(Decimal(fen) / whole).quantize(Decimal('1e-8'), ROUND_HALF_UP):f}" if whole else "0",
        }
        for party, fen in shares.items()
    ]
    return json.dumps(rows, ensure_ascii=False)


def _is_near(filing: Filing, outcome: Outcome, line: Hold | None, today: date) -> bool:
    """Whether little is left of a limit that the filing counts on: all that a member learns of what it shares."""
    if outcome.version is None or filing.status not in (Status.CONFIRMED, Status.REVIEWING):
        return outcome.reason_code in _LIMITED
    if outcome.reason_code in _LIMITED:
        return True
    part: Decimal | None = None
    cap = treaties.terms_of(outcome.version).scope.get("obligor_total_max_fen")
    rows = [row for row in (line.rows if line else ()) if row.line_fen is not None and row.left_fen is not None]
    if rows or cap is not None:
        part = value("rg.filing.line_near", on=today)
    if any(Decimal(row.left_fen or 0) <= part * Decimal(row.line_fen or 0) for row in rows if part is not None):
        return True
    if cap is None or part is None:
        return False
    others = outcome.facts.get("others_fen")
    return others is not None and cap - int(others) - filing.covered_fen <= part * cap


def _coverage(filing: Filing) -> str:
    if not filing.covered_fen:
        return Coverage.UNCOVERED
    return Coverage.PARTLY if filing.uncovered_fen else Coverage.COVERED


def record(filing: Filing, event: str, *, actor: Any, today: date, note: str = "") -> None:
    """Keep what happened with the answer that stands after it, and leave the audit line."""
    answer = {name: getattr(filing, name) for name in ANSWER}
    Decision.objects.create(
        filing=filing,
        on=today,
        by=actor.label,
        event=event,
        note=note,
        treaty_version=filing.treaty_version,
        facts=filing.facts,
        **answer,
    )
    about = {"member": filing.member_code, "number": filing.number, **answer}
    audit.leave(actor=actor, act=f"filings.{event}", subject=f"filing:{filing.id}", facts=about)


def tell(filing: Filing, today: date, *, reason_code: str = "") -> None:
    """Post the answer that a filing has to its member; with `reason_code`, why what it asked changes nothing."""
    version = filing.treaty_version
    letter = FilingDecided(
        guarantee_id=filing.guarantee_id,
        status=_STATUS_TOLD.get(filing.status, filing.status),
        coverage=filing.coverage,
        ceded_fen=filing.ceded_fen,
        uncovered_fen=filing.uncovered_fen,
        reason_code=reason_code or filing.reason_code,
        reason=SENTENCES[reason_code] if reason_code else filing.reason,
        treaty_code=version.treaty.code if version else "",
        treaty_version=version.version if version else 0,
        decided_on=today,
        line_near=filing.line_near,
        reply_no=filing.reply_no,
        conditions=filing.conditions,
        deficiencies=tuple(filing.defects),
    )
    outbox.post(letter, sender=current().code, to=filing.member_code, subject=f"guarantee:{filing.guarantee_id}")
