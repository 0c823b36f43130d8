"""The ceded principal of filings day by day, as the group holds it from its members' reports (monitoring)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from kernel.calendar import add_months
from kernel.money import straight_line
from reguarantee.filings.models import Filing
from reguarantee.monitoring.models import Fact, FactMovement, Member
from reguarantee.premiums.tariff import ONE_DAY

Steps = list[tuple[date, Fraction]]
"""(first day, ceded fen from that day on), in order."""


def balances(filings: Sequence[Filing]) -> dict[int, Steps]:
    """By filing id; three statements, however many filings. A filing that is not reported yet has no entry.

    The reported balance is the member's own share of what is outstanding; times loan / guaranteed it is the outstanding
    principal, times ceded / principal of the filing the ceded part of it.
    """
    houses = dict(Member.objects.values_list("code", "id"))
    wanted = {(houses.get(row.member_code), row.guarantee_id): row for row in filings}
    keys = {"institution_id__in": {house for house, _ in wanted if house}, "guarantee_id__in": {one for _, one in wanted}}
    facts = {(row.institution_id, row.guarantee_id): row for row in Fact.objects.filter(**keys)}
    moves: dict[tuple[int, int], list[tuple[date, int]]] = {}
    rows = FactMovement.objects.filter(**keys).order_by("on").values_list("institution_id", "guarantee_id", "on", "balance_fen")
    for house, guarantee, on, fen in rows:
        moves.setdefault((house, guarantee), []).append((on, fen))
    return {
        filing.pk: steps
        for key, filing in wanted.items()
        if (fact := facts.get(key)) is not None and (steps := _steps(filing, fact, moves.get(key, ())))
    }


def _steps(filing: Filing, fact: Fact, moved: Iterable[tuple[date, int]]) -> Steps:
    if not filing.principal_fen or not fact.guaranteed_fen:
        return []
    ceded = Fraction(fact.loan_fen * filing.ceded_fen, fact.guaranteed_fen * filing.principal_fen)
    days = list(moved)
    if fact.amortisation == "S" and fact.start_on is not None:
        days = [
            (add_months(fact.start_on, month), straight_line(fact.guaranteed_fen, fact.term_months, month))
            for month in range(fact.term_months + 1)
        ]
    steps = [(on, ceded * fen) for on, fen in days]
    if fact.ended_on is not None:
        steps = [step for step in steps if step[0] < fact.ended_on] + [(fact.ended_on, Fraction(0))]
    return steps


def stretched(steps: Steps, first: date, last: date) -> list[tuple[date, date, Fraction]]:
    """The steps as stretches of days from first to last; nothing is ceded before the first step."""
    found = []
    for place, (on, fen) in enumerate(steps):
        following = steps[place + 1][0] if place + 1 < len(steps) else last + ONE_DAY
        begin, end = max(on, first), min(following - ONE_DAY, last)
        if begin <= end:
            found.append((begin, end, fen))
    return found
