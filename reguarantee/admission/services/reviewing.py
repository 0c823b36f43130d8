"""The reviewer's visit and opinion, and what the committee decided (PAR-12, PAR-13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, BinaryIO

from django.db import transaction

from kernel.access.permissions import check
from kernel.approval.committee import services as committee
from kernel.approval.committee.models import AgendaItem
from kernel.audit import services as audit
from kernel.documents import services as documents
from kernel.errors import Conflict, Invalid, gettext_noop
from kernel.notices import services as notices
from reguarantee.admission.flow import ANALYSIS, COMMITTEE, REVIEW
from reguarantee.admission.models import Case, State, Visit
from reguarantee.admission.services.cases import OwnWork, advance, because, hold, past, within
from reguarantee.partners import services as partners

REPORT = "VISIT_REPORT"
_SCORE_MAX = 100
_TO_COMMITTEE = gettext_noop("%(name)s is ready for the committee (%(number)s).")
_DECIDED = gettext_noop("The committee has decided on %(name)s (%(number)s).")


class NoVisit(Conflict):
    code = "NO_VISIT"
    sentence = gettext_noop("Report a visit on site before you conclude the review.")


class OnAgenda(Conflict):
    code = "ADMISSION_ON_AGENDA"
    sentence = gettext_noop("It stands on the agenda of meeting %(number)s. Have it decided or taken off there first.")


class BadScore(Invalid):
    code = "BAD_REVIEW_SCORE"
    sentence = gettext_noop("A score is a whole number from 0 to 100.")


@transaction.atomic
def visit(
    *,
    actor: Any,
    today: date,
    case_id: int,
    on: date,
    place: str,
    visitors: str,
    met: str,
    findings: str,
    score: int,
    name: str = "",
    file: BinaryIO | None = None,
) -> Visit:
    """Report a visit on site, with the report as a file if there is one. Needs admission.review.

    Raises NotInStep, NotYet, BadScore.
    """
    check(actor, "admission.review")
    case = hold(case_id)
    within(case, ANALYSIS, REVIEW)
    past(on, today=today, field="on")
    row = Visit(case=case, on=on, place=place, visitors=visitors, met=met, findings=because(findings), score=_score(score))
    row.by_id, row.by = actor.id, actor.label
    if file is not None:
        kept = documents.store(actor=actor, today=today, subject=case.subject, name=name, file=file, kind=REPORT)
        row.document_id = kept.pk
    row.save()
    audit.leave(actor=actor, act="admission.visit", subject=case.subject, facts={"on": on, "score": score})
    return row


@transaction.atomic
def review(*, actor: Any, today: date, case_id: int, text: str, score: int) -> Case:
    """Give the reviewer's opinion and score, and hand the case to the committee. Needs admission.review.

    The reviewer is not the one who analysed. Raises NotInStep, NoVisit, OwnWork, BadScore.
    """
    check(actor, "admission.review")
    case = hold(case_id)
    within(case, REVIEW)
    if case.analyses.filter(preliminary=False, by_id=actor.id).exists() or case.owner_id == actor.id:
        raise OwnWork
    if not case.visits.exists():
        raise NoVisit
    advance(case, "review", actor=actor, today=today, text=because(text), score=_score(score))
    facts = {"name": case.name, "number": case.number}
    notices.tell(post="COMMITTEE_SECRETARY", sentence=_TO_COMMITTEE, facts=facts, url=f"/admission/cases/{case.pk}/")
    return case


def hands(case: Case) -> tuple[int, ...]:
    """The ids of those who handled, analysed, visited or reviewed a case: they stay out of the committee's vote."""
    had = {case.owner_id, *(row.by_id for row in case.analyses.all()), *(row.by_id for row in case.visits.all())}
    had |= {step.by_id for step in case.steps.all() if step.event == "review"}
    return tuple(sorted(one for one in had if one is not None))


@transaction.atomic
def put_before(*, actor: Any, today: date, case_id: int, meeting_id: int, summary: str = "") -> AgendaItem:
    """Put a reviewed case on the agenda of a meeting. Whoever handled, analysed, visited or reviewed it is recused.

    `actor` runs the meeting (kernel.approval.committee). Raises NotInStep, AlreadyOnAgenda, MeetingOver, RejectedTooOften.
    """
    case = hold(case_id)
    within(case, COMMITTEE)
    return committee.put_on_agenda(
        actor=actor, today=today, meeting_id=meeting_id, subject=case.subject, title=f"{case.name}（{case.number}）",
        authors=hands(case), summary=summary,
    )  # fmt: skip


@transaction.atomic
def give_back(*, actor: Any, today: date, case_id: int, reason: str) -> Case:
    """Return the case to the papers, with a reason. Needs admission.review or admission.handle."""
    if "admission.review" not in actor.permission_codes:
        check(actor, "admission.handle")
    return advance(hold(case_id), "return", actor=actor, today=today, text=because(reason))


@transaction.atomic
def reopen(*, actor: Any, today: date, case_id: int, reason: str) -> Case:
    """Take a case that the committee deferred back to the analysis. Needs admission.handle. Raises OnAgenda, WrongState."""
    check(actor, "admission.handle")
    case = hold(case_id)
    item = AgendaItem.objects.filter(subject=case.subject, state__in=("WAITING", "OPEN")).select_related("meeting").first()
    if item is not None:
        raise OnAgenda(number=item.meeting.number)
    return advance(case, "reopen", actor=actor, today=today, text=because(reason))


@transaction.atomic
def decided(*, subject: str, outcome: str, conditions: Sequence[str], actor: Any, today: date) -> None:
    """The committee's word on `admission:12` (kernel.approval.committee). Runs where the item is closed.

    Passed: the candidate is admitted and the agreement is next; conditions have to be confirmed when it is signed.
    Rejected or vetoed: refused. Deferred or invalid: the case waits for another meeting. An applicant who has withdrawn
    meanwhile does not keep the meeting from closing: what was voted stands in its minutes and changes nothing.
    Raises NoSuchCase, NotInStep.
    """
    case = hold(int(subject.partition(":")[2]))
    if case.state == State.WITHDRAWN:
        audit.leave(actor=actor, act="admission.deferred", subject=case.subject, facts={"outcome": outcome})
        return
    within(case, COMMITTEE)
    case.outcome, case.conditions = outcome, list(conditions)
    if outcome in ("PASSED", "PASSED_WITH_CONDITIONS"):
        advance(case, "approve", actor=actor, today=today, text="；".join(conditions))
        partners.admit(actor=actor, today=today, code=case.code, reason=case.number)
    elif outcome in ("REJECTED", "VETOED"):
        advance(case, "reject", actor=actor, today=today, text="；".join(conditions))
    else:
        case.save(update_fields=["outcome", "conditions"])
        audit.leave(actor=actor, act="admission.deferred", subject=case.subject, facts={"outcome": outcome})
    if case.owner_id:
        facts = {"name": case.name, "number": case.number}
        notices.tell(user_ids=[case.owner_id], sentence=_DECIDED, facts=facts, url=f"/admission/cases/{case.pk}/")


def _score(score: int) -> int:
    if not 0 <= score <= _SCORE_MAX:
        raise BadScore(field="score")
    return score
