"""Each automatic check can fail, and says its figures (domain.md 5.8.4, 11.10, 11.12, 11.23)."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from kernel.access.models import User
from kernel.cash import services as cash
from kernel.errors import DomainError
from kernel.letters import GuaranteeEnded
from reguarantee.claims import queries, services
from reguarantee.claims.models import Claim, Fuse
from reguarantee.claims.services import checking
from reguarantee.filings import services as filings
from reguarantee.filings.models import Filing
from tests.factories.houses import ANHE
from tests.reguarantee.claims.shared import DAY, POST, bring, bring_papers
from tests.reguarantee.engine.terms import MILLION
from tests.reguarantee.filings.test_filings import file, publish
from tests.reguarantee.filings.test_filings_cover import LETTER as FILED


def outcome(claim: Claim, code: str) -> str:
    run = claim.checks.order_by("-run").values_list("run", flat=True)[0]
    row = claim.checks.get(run=run, code=code)
    assert row.sentence % row.facts  # every place of the sentence is filled
    return row.outcome


def test_a_clean_claim_passes_every_check(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: all checks of 5.8.4 are there, and right."""
    claim = bring()
    services.take_up(actor=people["claims"], today=DAY, claim_id=claim.id)
    run = claim.checks.order_by("-run").values_list("run", flat=True)[0]
    found = dict(claim.checks.filter(run=run).values_list("code", "outcome"))
    assert len(found) == 17
    assert {code: word for code, word in found.items() if word != "OK"} == {}


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        ("NAME", {"obligor_name": "乙公司"}, "FAIL"),
        ("OBLIGOR", {"obligor_key": "k2"}, "FAIL"),
        ("CONTRACT", {"contract_no": "HT-9"}, "FAIL"),
        ("IOU", {"iou_no": "JJ-9"}, "FAIL"),
        ("PRINCIPAL", {"principal_fen": 5 * MILLION + 1}, "FAIL"),
        ("DATES", {"bank_notice_on": date(2027, 3, 9)}, "FAIL"),
        ("DATES", {"paid_on": date(2027, 2, 1), "bank_notice_on": date(2027, 2, 1)}, "WARN"),
        ("LEGAL_REP", {"legal_rep_at_filing": "李二"}, "WARN"),
        ("PAID", {"paid_fen": 162_400_000}, "WARN"),
        ("PAID", {"paid_fen": 400_000_000}, "WARN"),
        ("ASKED", {"asked_fen": 162_400_000}, "WARN"),
        ("MATERIAL", {"papers": False}, "FAIL"),
    ],
)
def test_each_check_sees_what_is_wrong(people: dict[str, User], code: str, changes: dict[str, Any], expected: str) -> None:
    """CLM-07: one wrong figure, one check that says so."""
    publish(people)
    file(iou_no="JJ-1", contract_no="HT-1")
    claim = bring(**{"iou_no": "JJ-1", "contract_no": "HT-1", **changes})
    services.take_up(actor=people["claims"], today=DAY, claim_id=claim.id)
    assert outcome(claim, code) == expected


def test_the_deadline_counts_both_days(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: compensated on 2026-01-01, 2026-04-30 is day 120, 2026-05-01 is day 121 (domain.md 5.8.2, 11.12)."""
    first = date(2026, 1, 1)
    last = bring(paid_on=first, bank_notice_on=first, submitted_on=date(2026, 4, 30))
    assert outcome(last, "DEADLINE") == "OK"
    Claim.objects.filter(id=last.id).update(status="REJECTED")
    late = {"paid_on": first, "bank_notice_on": first, "submitted_on": date(2026, 5, 1)}
    assert outcome(bring(claim_no="B2", voucher_no="DC-2", **late), "DEADLINE") == "FAIL"
    excused = bring(claim_no="B3", voucher_no="DC-3", late_reason="法院查封账户", **late)
    assert outcome(excused, "DEADLINE") == "WARN"


def test_the_treaty_s_own_deadline_comes_first(people: dict[str, User]) -> None:
    """CLM-07: what the agreement says about claims holds before the parameter."""
    publish(people, claims={"deadline_days": 2, "documents": ["LOAN_CONTRACT"]})
    file()
    claim = bring(papers=False)  # on the third day
    assert outcome(claim, "DEADLINE") == "FAIL"
    assert queries.missing(claim) == ["LOAN_CONTRACT"]
    bring_papers(claim, "LOAN_CONTRACT")
    services.take_up(actor=people["claims"], today=DAY, claim_id=claim.id)
    assert outcome(claim, "MATERIAL") == "OK"


def test_an_overdue_premium_bill_stops_the_claim(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: premium paid."""
    told = {"key": f"premium:{ANHE}:ZD-1", "purpose": "PREMIUM", "counterparty": ANHE, "subject": "bill:1", "why": "账单"}
    cash.expect(actor=POST, today=DAY, direction="IN", fen=600_000, due_on=DAY - timedelta(days=1), **told)
    claim = bring()
    assert outcome(claim, "PREMIUM") == "FAIL"
    services.take_up(actor=people["claims"], today=DAY, claim_id=claim.id)
    with pytest.raises(checking.ChecksFail):
        services.send_to_approval(actor=people["claims"], today=DAY, claim_id=claim.id)
    row = claim.checks.order_by("-run").filter(code="PREMIUM").first()
    services.waive(actor=people["claims"], today=DAY, check_id=row.id, text="已约定分期")
    assert services.send_to_approval(actor=people["claims"], today=DAY, claim_id=claim.id).status == "REVIEWING"


def test_a_second_claim_on_a_filing_is_seen_and_bounded(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: no prior claim; two payments may not claim more than was filed."""
    bring()
    second = bring(claim_no="B2", voucher_no="DC-2", principal_fen=2 * MILLION, paid_fen=162_000_000)
    assert (outcome(second, "PRIOR"), outcome(second, "PRINCIPAL")) == ("WARN", "FAIL")


def test_an_extension_must_point_to_its_first_filing(people: dict[str, User]) -> None:
    """CLM-07: extension linked."""
    publish(people)
    filing = file()
    Filing.objects.filter(id=filing.id).update(extends_guarantee_id=99)
    assert outcome(bring(), "EXTENSION") == "FAIL"


@pytest.mark.parametrize(("kept", "expected"), [((100, 100), "WARN"), ((90, 10), "FAIL")])
def test_a_ratio_other_than_at_filing_is_seen(
    filed: Filing, people: dict[str, User], kept: tuple[int, int], expected: str
) -> None:
    """CLM-07, AGR-17: the shares kept at confirmation against what the treaty gives: less is looked at, more is wrong."""
    roles = (("member", "GUARANTOR"), ("group", "REGUARANTOR"))
    rows = [{"party": party, "role": role, "fen": fen} for (party, role), fen in zip(roles, kept, strict=True)]
    Filing.objects.filter(id=filed.id).update(shares=json.dumps(rows))
    assert outcome(bring(), "RATIO") == expected


def test_a_lit_fuse_is_shown_on_the_claim(filed: Filing, people: dict[str, User]) -> None:
    """AGR-22: the state of the cap stands beside the claim."""
    Fuse.objects.create(
        treaty_version=filed.treaty_version, member_code=ANHE, level="ORANGE", paid_fen=90, cap_fen=100, base_fen=2500, since=DAY
    )
    assert outcome(bring(), "CAP") == "WARN"


def test_a_claimed_filing_is_frozen(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: after the claim, what was filed cannot be changed (domain.md 11.23)."""
    bring()
    filed.refresh_from_db()
    assert filed.claimed_on == DAY
    changed = replace(FILED, obligor_name="丙公司")
    with suppress(DomainError):
        filings.open_filing(changed, sender=ANHE, actor=POST, today=DAY)
    filed.refresh_from_db()
    assert filed.obligor_name == FILED.obligor_name
    ended = GuaranteeEnded(guarantee_id=1, end="COMPENSATED", on=DAY, released_principal_fen=0)
    filings.open_ended(ended, sender=ANHE, actor=POST, today=DAY)


def test_missing_papers_stop_it_before_approval(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: a warning until then, blocking there."""
    claim = bring(papers=False)
    services.take_up(actor=people["claims"], today=DAY, claim_id=claim.id)
    with pytest.raises(checking.ChecksFail):
        services.send_to_approval(actor=people["claims"], today=DAY, claim_id=claim.id)
    bring_papers(claim, *queries.missing(claim))
    assert services.send_to_approval(actor=people["claims"], today=DAY, claim_id=claim.id).status == "REVIEWING"


def test_what_was_repaid_cannot_be_claimed(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07, domain.md 5.8.4: unpaid principal <= filed principal - repaid; 5,000,000 filed, 1,000,000 repaid."""
    ended = GuaranteeEnded(guarantee_id=1, end="COMPENSATED", on=DAY, released_principal_fen=1 * MILLION)
    filings.open_ended(ended, sender=ANHE, actor=POST, today=DAY)
    claim = bring(principal_fen=4 * MILLION + 1, papers=False)
    assert outcome(claim, "PRINCIPAL") == "FAIL"
    Claim.objects.filter(id=claim.id).update(status="REJECTED")
    assert outcome(bring(claim_no="B2", papers=False), "PRINCIPAL") == "OK"
