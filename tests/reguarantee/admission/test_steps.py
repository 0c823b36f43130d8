"""An admission goes through every step in order, each with its owner, time and result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.access.models import User
from kernel.approval.committee import services as committee
from kernel.flow import WrongState
from reguarantee.admission import services
from reguarantee.admission.flow import CASE
from reguarantee.admission.models import Case, Step
from reguarantee.admission.services.cases import NotInStep, NotYet, OwnWork, ReasonRequired
from reguarantee.admission.services.handling import (
    BadPartnerCode,
    FiguresChanged,
    HardRuleFailed,
    NotAnalysed,
    PapersMissing,
    RequestsOpen,
)
from reguarantee.admission.services.reviewing import NoVisit, OnAgenda
from reguarantee.partners import queries as partners
from tests.reguarantee.admission.conftest import TODAY, applied, reach, with_papers

People = dict[str, User]


def test_every_step_has_owner_time_and_result(people: People, treaty: str) -> None:
    """PAR-08: all named steps in their order, none left out, each with who, when and what came of it."""
    case = reach("ACTIVE", people)
    steps = list(case.steps.all())
    assert [step.state for step in steps] == [
        "APPLIED", "DOCUMENTS", "ANALYSIS", "REVIEW", "COMMITTEE", "AGREEMENT", "ACTIVATING",
    ]  # fmt: skip
    assert [step.event for step in steps] == ["accept", "complete", "conclude", "review", "approve", "sign", "activate"]
    assert all(step.owner and step.by and step.started_on == step.ended_on == TODAY for step in steps)
    assert steps[3].score == 86


@pytest.mark.parametrize(
    ("state", "verb", "more"),
    [
        ("APPLIED", services.complete, {}),
        ("APPLIED", services.analyse, {"text": "x"}),
        ("APPLIED", services.conclude, {"text": "x"}),
        ("DOCUMENTS", services.conclude, {"text": "x"}),
        ("DOCUMENTS", services.review, {"text": "x", "score": 80}),
        ("ANALYSIS", services.review, {"text": "x", "score": 80}),
        ("REVIEW", services.agree, {"agreement_no": "1", "treaty_code": "P4222"}),
        ("COMMITTEE", services.agree, {"agreement_no": "1", "treaty_code": "P4222"}),
        ("AGREEMENT", services.activate, {}),
    ],
)
def test_no_step_is_skipped(people: People, state: str, verb: Any, more: dict[str, Any]) -> None:
    """PAR-08: a verb of a later step is refused and nothing changes."""
    case = reach(state, people)
    seats = {"review": "risk", "activate": "executive"}
    with pytest.raises((NotInStep, WrongState)):
        verb(actor=people[seats.get(verb.__name__, "admission")], today=TODAY, case_id=case.pk, **more)
    case.refresh_from_db()
    assert case.state == state


def test_the_table_has_no_shortcut() -> None:
    """PAR-08: from application to activation every way passes all steps."""
    order = ["APPLIED", "DOCUMENTS", "ANALYSIS", "REVIEW", "COMMITTEE", "AGREEMENT", "ACTIVATING", "ACTIVE"]
    place = {state: n for n, state in enumerate(order)}
    for move in CASE.moves:
        for source in move.sources:
            if source in place and move.target in place:
                assert place[move.target] <= place[source] + 1, move


def test_the_committee_is_not_passed_over(people: People) -> None:
    """PAR-13: only the committee's word opens the agreement; it is refused before the review is done."""
    case = reach("REVIEW", people)
    with pytest.raises(NotInStep):
        services.decided(subject=case.subject, outcome="PASSED", conditions=(), actor=people["secretary"], today=TODAY)


def test_return_with_a_reason_and_apply_again(people: People) -> None:
    """PAR-09: returned with the reason; the applicant corrects and applies again; both passages stay."""
    case, _token = applied()
    with pytest.raises(ReasonRequired):
        services.send_back(actor=people["admission"], today=TODAY, case_id=case.pk, reason=" ")
    services.send_back(actor=people["admission"], today=TODAY, case_id=case.pk, reason="请更正实缴资本")
    told = {**case.told, "paid_in_capital_fen": 20_000_000_000}
    services.reapply(
        actor=services.applicant(case), today=TODAY, case_id=case.pk, name=case.name, region_code="340200", answers=told
    )
    case.refresh_from_db()
    assert (case.state, case.told["paid_in_capital_fen"]) == ("APPLIED", 20_000_000_000)
    assert [step.event for step in case.steps.all()] == ["send_back", "reapply", ""]
    assert case.analyses.count() == 2


def test_acceptance_opens_the_candidate(people: People) -> None:
    """PAR-03, PAR-09: accepted by its owner; the register knows a candidate with what the application says."""
    case = reach("DOCUMENTS", people)
    partner = partners.get("XINHE")
    assert (case.owner_id, partner.status, partner.uscc) == (people["admission"].pk, "CANDIDATE", case.uscc)
    assert (partner.capital_source, partner.is_policy) == ("LOCAL_FINANCE", True)
    assert partner.paid_in_capital_fen == 30_000_000_000


@pytest.mark.parametrize("code", ["API", "GROUP", "X", "9AB", "A-B", "A" * 21])
def test_a_code_that_no_house_can_have_is_refused_at_the_start(people: People, code: str) -> None:
    """PAR-09, PAR-36: not at the activation, when the agreement already names it."""
    case, _token = applied(code="XINHE")
    with pytest.raises(BadPartnerCode):
        services.accept(actor=people["admission"], today=TODAY, case_id=case.pk, code=code)


def test_a_missing_paper_holds_the_case(people: People) -> None:
    """PAR-10: cannot go on while one required paper is missing, nor while a request is open."""
    case = reach("DOCUMENTS", people)
    me: dict[str, Any] = {"actor": people["admission"], "today": TODAY, "case_id": case.pk}
    with pytest.raises(PapersMissing):
        services.complete(**me)
    with_papers(case)
    ask = services.ask(text="请说明集中度", **me)
    with pytest.raises(RequestsOpen):
        services.complete(**me)
    services.answer(actor=services.applicant(case), today=TODAY, case_id=case.pk, ask_id=ask.pk, text="已压降")
    assert services.complete(**me).state == "ANALYSIS"


def test_the_analysis_is_needed_and_a_hard_rule_stops(people: People) -> None:
    """PAR-11, PAR-17: no way on without the program's judgement, nor with a failed hard rule."""
    case = reach("ANALYSIS", people, compensation_rate="0.20")
    me: dict[str, Any] = {"actor": people["admission"], "today": TODAY, "case_id": case.pk}
    with pytest.raises(NotAnalysed):
        services.conclude(text="x", **me)
    assert services.analyse(text="代偿率过高", **me).outcome == "FAIL"
    with pytest.raises(HardRuleFailed) as refused:
        services.conclude(text="x", **me)
    assert "代偿率低于 5%" in str(refused.value)
    services.correct(answers={"compensation_rate": "0.02"}, reason="按审计报告更正", **me)
    assert services.analyse(text="更正后", **me).outcome == "PASS"
    assert services.conclude(text="建议通过", **me).state == "REVIEW"
    assert [one.outcome for one in case.analyses.all()] == ["FAIL", "FAIL", "PASS"]


def test_what_is_concluded_is_what_stands(people: People) -> None:
    """PAR-11, PAR-22: figures corrected after the analysis are analysed before the case goes on; a judgement fits its figures."""
    case = reach("ANALYSIS", people)
    me: dict[str, Any] = {"actor": people["admission"], "today": TODAY, "case_id": case.pk}
    assert services.analyse(text="稳健", **me).outcome == "PASS"
    services.correct(answers={"compensation_rate": "0.20"}, reason="按审计报告更正", **me)
    with pytest.raises(FiguresChanged):
        services.conclude(text="建议通过", **me)
    assert services.analyse(text="更正后", **me).outcome == "FAIL"
    with pytest.raises(HardRuleFailed):
        services.conclude(text="建议通过", **me)


def test_a_visit_is_reported_when_it_has_happened(people: People) -> None:
    """PAR-12: nobody reports a visit of tomorrow."""
    case = reach("REVIEW", people)
    told = {"place": "x", "visitors": "x", "met": "x", "findings": "x", "score": 80, "actor": people["risk"], "today": TODAY}
    with pytest.raises(NotYet):
        services.visit(case_id=case.pk, on=TODAY + timedelta(days=1), **told)


def test_an_applicant_who_withdraws_does_not_hold_up_the_meeting(people: People) -> None:
    """PAR-09, PAR-13: the item can still be closed and the minutes written; nobody takes a case back under an open vote."""
    case = reach("COMMITTEE", people)
    runs: dict[str, Any] = {"actor": people["secretary"], "today": TODAY}
    members = [people[key].pk for key in ("chair", "executive", "risk2")]
    meeting = committee.convene(**runs, on=TODAY, chair_id=members[0], member_ids=members)
    item = services.put_before(**runs, case_id=case.pk, meeting_id=meeting.pk)
    committee.open_item(**runs, item_id=item.pk)
    with pytest.raises(OnAgenda, match=meeting.number):
        services.reopen(actor=people["admission"], today=TODAY, case_id=case.pk, reason="重新分析")
    for key in ("chair", "executive", "risk2"):
        committee.vote(actor=people[key], today=TODAY, item_id=item.pk, choice="AGREE")
    services.withdraw(actor=services.applicant(case), today=TODAY, case_id=case.pk, reason="另有安排")
    assert committee.close_item(**runs, item_id=item.pk).outcome == "PASSED"
    assert committee.close_meeting(**runs, meeting_id=meeting.pk).number == meeting.number
    case.refresh_from_db()
    assert (case.state, partners.standing("XINHE")) == ("WITHDRAWN", "CANDIDATE")


def test_many_long_conditions_fit_the_step(people: People) -> None:
    """PAR-13: what the meeting worded at length neither breaks its decision nor is lost."""
    case = reach("COMMITTEE", people)
    asked = tuple(f"{n}{'条' * 498}" for n in range(8))
    services.decided(
        subject=case.subject, outcome="PASSED_WITH_CONDITIONS", conditions=asked, actor=people["secretary"], today=TODAY
    )
    case.refresh_from_db()
    assert (case.state, tuple(case.conditions)) == ("AGREEMENT", asked)


def test_review_needs_a_visit_and_another_person(people: People) -> None:
    """PAR-12: a visit on site, an opinion with a score, by somebody who did not handle the case."""
    case = reach("REVIEW", people)
    with pytest.raises(NoVisit):
        services.review(actor=people["risk"], today=TODAY, case_id=case.pk, text="同意", score=80)
    Case.objects.filter(pk=case.pk).update(owner_id=people["risk"].pk)
    with pytest.raises(OwnWork):
        services.review(actor=people["risk"], today=TODAY, case_id=case.pk, text="同意", score=80)


@pytest.mark.parametrize(
    ("outcome", "state", "status"),
    [
        ("PASSED", "AGREEMENT", "ADMITTED"),
        ("PASSED_WITH_CONDITIONS", "AGREEMENT", "ADMITTED"),
        ("DEFERRED", "COMMITTEE", "CANDIDATE"),
        ("INVALID", "COMMITTEE", "CANDIDATE"),
        ("REJECTED", "REFUSED", "CANDIDATE"),
        ("VETOED", "REFUSED", "CANDIDATE"),
    ],
)
def test_the_committees_word(people: People, outcome: str, state: str, status: str) -> None:
    """PAR-13: what each decision of the committee makes of the case and of the candidate."""
    case = reach("COMMITTEE", people)
    services.decided(subject=case.subject, outcome=outcome, conditions=("补充反担保",), actor=people["secretary"], today=TODAY)
    case.refresh_from_db()
    assert (case.state, case.outcome, partners.standing("XINHE")) == (state, outcome, status)


def test_a_finished_step_stays(people: People) -> None:
    """PAR-08: the database keeps what a step came to."""
    from django.db import IntegrityError, transaction

    case = reach("DOCUMENTS", people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(case=case, event="accept").update(text="anders")
    with pytest.raises(IntegrityError), transaction.atomic():
        case.analyses.update(outcome="FAIL")
