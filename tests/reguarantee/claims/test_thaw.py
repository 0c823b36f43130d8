"""A claim freezes what was filed; when the last claim on it is over for good, it may change again (domain.md 11.23)."""

from __future__ import annotations

from datetime import date

from kernel.access.models import User
from kernel.letters import ClaimWithdrawn
from reguarantee.claims import services
from reguarantee.filings.models import Filing
from tests.factories.houses import ANHE
from tests.reguarantee.claims.shared import DAY, POST, approve, bring, review, sign


def frozen(filing: Filing) -> date | None:
    filing.refresh_from_db()
    return filing.claimed_on


def withdraw(claim_no: str) -> None:
    letter = ClaimWithdrawn(claim_no=claim_no, reason="误报")
    services.open_withdrawn(letter, sender=ANHE, actor=POST, today=DAY)


def test_a_withdrawn_claim_thaws_the_filing(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07, domain.md 11.23: thawed once, the same letter again changes nothing."""
    claim = bring()
    assert frozen(filed) == DAY
    withdraw(claim.claim_no)
    withdraw(claim.claim_no)
    assert frozen(filed) is None
    assert [one.event for one in filed.decisions.all()][-2:] == ["claim", "unclaim"]


def test_it_stays_frozen_while_another_claim_lives(filed: Filing, people: dict[str, User]) -> None:
    """domain.md 11.23: two payments, two claims: the last one that ends thaws it; one refused at the door holds nothing."""
    first = bring()
    second = bring(claim_no="B2", voucher_no="DC-2", papers=False)
    assert bring(claim_no="B3", papers=False).reason_code == "DUPLICATE"
    withdraw(first.claim_no)
    assert frozen(filed) == DAY
    withdraw(second.claim_no)
    assert frozen(filed) is None


def test_only_the_second_refusal_thaws_it(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: after the first refusal an appeal may come; refused again, by an officer, it is over."""
    told = {"actor": people["claims"], "today": DAY, "code": "LATE", "text": "逾期"}
    services.refuse(claim_id=bring().id, **told)
    assert frozen(filed) == DAY
    appeal = bring(round=2, appeal=True, late_reason="不可抗力", papers=False)
    assert frozen(filed) == DAY
    services.refuse(claim_id=appeal.id, **told)
    assert frozen(filed) is None


def test_an_appeal_refused_by_the_approvers_thaws_it(filed: Filing, people: dict[str, User]) -> None:
    claim = bring()
    services.refuse(actor=people["claims"], today=DAY, claim_id=claim.id, code="LATE", text="逾期")
    appeal = review(bring(round=2, appeal=True, late_reason="不可抗力", papers=False), people)
    assert frozen(filed) == DAY
    assert sign(appeal, people, verdict="REJECT").status == "REJECTED"
    assert frozen(filed) is None


def test_a_claim_decided_in_favour_keeps_it_frozen(filed: Filing, people: dict[str, User]) -> None:
    """domain.md 11.23: a withdrawal that comes too late changes nothing."""
    claim = approve(bring(), people)
    withdraw(claim.claim_no)
    assert frozen(filed) == DAY
