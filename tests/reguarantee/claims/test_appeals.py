"""A claim freezes what was filed; when the last claim on it is over for good, it may change again (domain.md 11.23).

After a refusal that is when its last day to appeal has passed; the night after it makes the refusal final (domain.md 7.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel.access.actors import SYSTEM
from kernel.access.models import User
from kernel.audit.models import Entry
from kernel.errors import DomainError
from kernel.letters import ClaimWithdrawn
from kernel.outbox.models import Letter
from kernel.parameters import services as parameters
from registry.tenancy import PUBLIC, inside
from reguarantee.claims import queries, services
from reguarantee.claims.models import Claim
from reguarantee.claims.services import deciding, records
from reguarantee.claims.services.tasks import lapse as task
from reguarantee.filings.models import Filing
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.factories.races import at_once
from tests.reguarantee.claims.shared import DAY, LETTER, POST, approve, bring, review, sign
from tests.reguarantee.filings.test_filings import file, publish

LAST = records.working_day(DAY, 15)
AFTER = LAST + timedelta(days=1)
APPEAL: dict[str, Any] = {"round": 2, "appeal": True, "late_reason": "不可抗力", "papers": False}


def refused(people: dict[str, User], **more: Any) -> Claim:
    claim = bring(**more)
    return services.refuse(actor=people["claims"], today=DAY, claim_id=claim.id, code="LATE", text="逾期")


def again(claim: Claim) -> Claim:
    return Claim.objects.get(id=claim.id)


def frozen(filing: Filing) -> date | None:
    filing.refresh_from_db()
    return filing.claimed_on


def told(claim: Claim) -> list[str]:
    with inside(PUBLIC):
        found = Letter.objects.filter(recipient=ANHE, kind="CLAIM_DECIDED").order_by("id")
        return [row.body for row in found if claim.claim_no in row.body]


def night(today: date) -> deciding.Lapsed:
    return services.lapse(actor=SYSTEM, today=today)


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


def test_a_refusal_says_until_when_one_may_appeal(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: fifteen working days by the parameter; the member's letter carries the day, and the clock runs."""
    claim = refused(people)
    assert (claim.answer_by, claim.final_on) == (LAST, None)
    assert claim.steps.get(closed_on=None).due_on == LAST
    assert f'"answer_by": "{LAST}"' in told(claim)[-1]
    assert queries.listing().get(id=claim.id).due_on is None  # the member's clock, no work of ours


def test_the_parameter_decides(filed: Filing, people: dict[str, User]) -> None:
    row = parameters.propose(
        actor=people["risk"], today=DAY, key="rg.claim.appeal_days", value="5", effective_from=DAY, legal_basis="x"
    )
    parameters.decide(actor=people["executive"], today=DAY, value_id=row.pk, approve=True)
    assert refused(people).answer_by == records.working_day(DAY, 5)


def test_the_night_after_closes_it_once(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: not on the last day, on the next; again it changes nothing; the filing thaws, the member hears, one line stays."""
    claim = refused(people)
    letters = len(told(claim))
    assert night(LAST).closed == 0
    assert (frozen(filed), again(claim).final_on) == (DAY, None)
    assert [night(AFTER).closed, night(AFTER).closed] == [1, 0]
    assert (frozen(filed), again(claim).final_on, again(claim).status) == (None, AFTER, "REJECTED")
    assert not claim.steps.filter(closed_on=None).exists()
    assert len(told(claim)) == letters + 1
    assert Entry.objects.filter(act="reguarantee_claims.lapse", subject=claim.subject).count() == 1
    assert [one.event for one in filed.decisions.all()][-1] == "unclaim"


def test_the_clock_s_task_runs_in_the_group_s_house(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: by its name, by today's date: DAY lies ahead of any day on which the tests run, so it has nothing to do."""
    refused(people)
    Claim.objects.update(answer_by=date(2026, 1, 5))
    assert task.name == "claims.lapse"
    assert [task.apply().get() for _ in range(2)] == [1, 0]


def test_an_appeal_after_its_day_is_refused_in_words(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: the claim stays refused, the answer says why, however often the letter comes; before the night and after."""
    claim = refused(people)
    for _ in range(2):
        late = bring(**APPEAL, submitted_on=AFTER, today=AFTER)
        assert (late.status, late.is_appeal, late.reason) == ("REJECTED", False, "逾期")
    assert "The appeal came after its last day" in told(claim)[-1]
    assert claim.rulings.filter(event="appeal_late").count() == 1
    night(AFTER)
    assert bring(**APPEAL, submitted_on=AFTER, today=AFTER).final_on == AFTER
    assert frozen(filed) is None


def test_an_appeal_of_the_last_day_counts_even_if_it_is_read_later(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: business days come from the letter: a night between sending and reading takes nothing away."""
    refused(people)
    night(AFTER)
    assert frozen(filed) is None
    heard = bring(**APPEAL, submitted_on=LAST, today=AFTER)
    assert (heard.status, heard.is_appeal, heard.final_on, heard.answer_by) == ("RECEIVED", True, None, None)
    assert frozen(filed) == LAST


def test_a_second_refusal_is_final_at_once(filed: Filing, people: dict[str, User]) -> None:
    claim = refused(people)
    bring(**APPEAL)
    services.refuse(actor=people["claims"], today=DAY, claim_id=claim.id, code="LATE", text="维持")
    assert (again(claim).final_on, again(claim).answer_by) == (DAY, None)
    assert night(AFTER).closed == 0


def test_another_claim_that_lives_keeps_the_filing_frozen(filed: Filing, people: dict[str, User]) -> None:
    """domain.md 11.23: two payments, two claims: the refused one ends, the other holds what was filed."""
    claim = refused(people)
    bring(claim_no="B2", voucher_no="DC-2", papers=False)
    assert night(AFTER).closed == 1
    assert (again(claim).final_on, frozen(filed)) == (AFTER, DAY)


def test_one_in_trouble_does_not_keep_the_others(filed: Filing, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    """CLM-07: one transaction for each claim: what fails is named and comes again the next night."""
    first = refused(people)
    second = refused(people, claim_no="B2", voucher_no="DC-2", papers=False)
    keep = records.rule

    def rule(claim: Claim, *args: Any, **more: Any) -> Any:
        if claim.id == first.id:
            raise DomainError("broken")
        return keep(claim, *args, **more)

    monkeypatch.setattr(deciding.records, "rule", rule)
    done = night(AFTER)
    assert (done.closed, len(done.troubles), first.number in done.troubles[0]) == (1, 1, True)
    assert [again(claim).final_on for claim in (first, second)] == [None, AFTER]
    assert frozen(filed) == DAY
    monkeypatch.undo()
    assert night(AFTER).closed == 1
    assert frozen(filed) is None


def test_only_a_refused_claim_is_final(filed: Filing, people: dict[str, User]) -> None:
    claim = bring()
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(id=claim.id).update(final_on=DAY)


@pytest.fixture
def opened(fresh_database: None) -> Iterator[dict[str, User]]:
    with inside(house(GROUP)):
        people = staff(GROUP)
        publish(people)
        file()
        yield people


@pytest.mark.parametrize(("sent", "status", "is_frozen"), [(LAST, "RECEIVED", True), (AFTER, "REJECTED", False)])
def test_an_appeal_while_the_night_s_work_runs(opened: dict[str, User], sent: date, status: str, is_frozen: bool) -> None:
    """CLM-07: whoever holds the claim first: an appeal in time is heard, one after its day is not; the filing fits that."""
    claim = refused(opened)
    letter = replace(LETTER, round=2, appeal=True, late_reason="不可抗力", submitted_on=sent)
    found = at_once(
        GROUP,
        lambda: night(AFTER),
        lambda: services.open_claim(letter, sender=ANHE, actor=POST, today=AFTER),
        lambda: night(AFTER),
    )
    assert not [one for one in found if isinstance(one, Exception)]
    assert sum(one.closed for one in (found[0], found[2])) <= 1
    assert (again(claim).status, again(claim).final_on is None) == (status, is_frozen)
    filing = Filing.objects.get()
    assert (filing.claimed_on is not None) == is_frozen


def test_an_appeal_can_grant_what_was_denied(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07, domain.md 7.6: heard anew. A part that an officer had denied could never be paid any more."""
    claim = bring()
    told = {"actor": people["claims"], "today": DAY, "claim_id": claim.id}
    whole = services.take_up(**told).checked_fen
    services.deny(**told, code="NOT_PROVED", fen=whole, text="用途证明不足")
    services.refuse(**told, code="OUT_OF_DUTY", text="用途证明不足")
    claim = bring(**(APPEAL | {"papers": False}))
    assert (claim.is_appeal, claim.checked_fen, list(queries.denials(claim))) == (True, whole, [])
    claim = approve(claim, people)
    assert (claim.approved_fen, claim.denials.count()) == (whole, 1)


def test_an_appeal_for_what_is_claimed_already_is_answered(filed: Filing, people: dict[str, User]) -> None:
    """CLM-07: two living claims for one payment cannot be; the letter failed for ever."""
    bring()
    second = bring(claim_no="BC2027-000002", papers=False)
    assert second.reason_code == "DUPLICATE"
    before = len(told(second))
    assert bring(claim_no="BC2027-000002", **APPEAL).status == "REJECTED"
    assert len(told(second)) == before + 1
