"""Numbers that the demo's group set for itself: proposed by one person, approved by another; one still waits.

So does the next rule of its committee.
"""

from __future__ import annotations

from datetime import date, timedelta

from infra.demo import people
from kernel.approval.committee import queries as committee_queries
from kernel.approval.committee import services as committee
from kernel.parameters import queries, services

_CHANGED = (
    ("rg.ordinary.claim_cap", "0.06", "集团办〔2025〕12号：试点期代偿上限", True),
    ("rg.filing.deadline_days", "45", "集团办〔2026〕15号：放宽备案期限（拟）", False),
)


def change_some(today: date) -> None:
    """Inside the group's house; safe to run again."""
    staff = people.staff(code="GROUP")
    if all(len(one.versions) == 1 for one in committee_queries.committees(today)):
        committee.propose_rule(
            actor=staff["secretary"], today=today, code="GROUP", effective_from=today + timedelta(days=30), quorum="2/3",
            pass_share="2/3", defer_share="2/3", chair_veto=True, reason="评审会议事规则修订稿：三分之二通过，主任委员一票否决",
        )  # fmt: skip
    for key, value, basis, decided in _CHANGED:
        if queries.values(key).exists():
            continue
        on = today.replace(year=today.year - 1, month=1, day=1)
        row = services.propose(
            actor=staff["risk"], today=on, key=key, value=value, effective_from=on if decided else today, legal_basis=basis
        )
        if decided:
            services.decide(actor=staff["executive"], today=on, value_id=row.pk, approve=True)
