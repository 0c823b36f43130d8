"""One case under its lock: its moves, the step each ends, and the refusals that several verbs share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, gettext_noop
from reguarantee.admission.flow import CASE
from reguarantee.admission.judging import inputs, judge, overall, rating, score
from reguarantee.admission.models import Analysis, Case, State, Step

TEXT_MAX = 2000
"""Characters of a step's text: the conditions of a committee together may be longer, and stand whole with the case."""


class NoSuchCase(NotFound):
    code = "NO_SUCH_ADMISSION"
    sentence = gettext_noop("There is no such application.")


class ReasonRequired(Invalid):
    code = "ADMISSION_REASON"
    sentence = gettext_noop("Say why; the applicant reads it.")


class NotInStep(Conflict):
    code = "NOT_IN_STEP"
    sentence = gettext_noop("This belongs to another step; the case is in “%(state)s” now.")


class NotYet(Invalid):
    code = "DAY_TO_COME"
    sentence = gettext_noop("This day is still to come. Enter the day on which it happened.")


class OwnWork(NotAllowed):
    code = "OWN_ADMISSION_WORK"
    sentence = gettext_noop("You did the step before; another person has to do this one.")


def hold(case_id: int) -> Case:
    """The case with its row locked: of two who press at once, the second meets the new state. Raises NoSuchCase."""
    case = Case.objects.select_for_update(of=("self",)).select_related("standard").filter(pk=case_id).first()
    if case is None:
        raise NoSuchCase
    return case


def within(case: Case, *states: str) -> None:
    """Raises NotInStep unless the case is in one of these steps."""
    if case.state not in states:
        raise NotInStep(state=State(case.state).label)


def past(on: date, *, today: date, field: str) -> None:
    """A visit or a signature is reported when it has happened. Raises NotYet."""
    if on > today:
        raise NotYet(field=field)


def begin(case: Case, *, today: date, owner: str = "") -> Step:
    return Step.objects.create(case=case, state=case.state, owner=owner, started_on=today)


def advance(case: Case, event: str, *, actor: Any, today: date, text: str = "", score: int | None = None) -> Case:
    """Move the locked case, end the open step with what came of it and begin the next one. Raises WrongState."""
    before = case.state
    CASE.move(case, event)
    step = Step.objects.select_for_update().filter(case=case, ended_at=None).first()
    if step is not None:
        step.ended_at, step.ended_on, step.event = timezone.now(), today, event
        step.text, step.score = text[:TEXT_MAX], score
        step.by_id, step.by = actor.id, actor.label
        step.owner = step.owner or actor.label
        step.save()
    if case.state in (State.REFUSED, State.WITHDRAWN):
        case.closed_on, case.closing_reason = today, text[:500]
    elif case.state == State.ACTIVE:
        case.closed_on = today
    else:
        begin(case, today=today, owner=case.owner)
    case.save()
    facts = {"number": case.number, "from": before, "to": case.state, "text": text[:200]}
    audit.leave(actor=actor, act=f"admission.{event}", subject=case.subject, facts=facts)
    return case


def analysed(case: Case, *, actor: Any, today: date, preliminary: bool, text: str = "") -> Analysis:
    """Judge the case by its standard and keep everything that the judgement rests on."""
    document, known = case.standard.document, inputs(case.told, on=today)
    judged = judge(document["rules"], known)
    dimensions = score(document["dimensions"], known)
    return Analysis.objects.create(
        case=case,
        standard=case.standard,
        preliminary=preliminary,
        inputs=_kept(known),
        rules=written([row.row() for row in judged]),
        outcome=overall(judged),
        dimensions=written([one.row() for one in dimensions]),
        rating=rating(dimensions),
        text=text,
        by_id=actor.id,
        by=actor.label,
        on=today,
    )


def judged_as_it_stands(analysis: Analysis, case: Case) -> bool:
    """Whether an analysis rests on the figures that the case has now."""
    return analysis.inputs == _kept(inputs(case.told, on=analysis.on))


def _kept(known: Mapping[str, Any]) -> str:
    """Inputs as an analysis keeps them: text, so that no digit is lost."""
    return written({name: None if value is None else str(value) for name, value in known.items()})


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def because(reason: str) -> str:
    """Raises ReasonRequired."""
    if not reason.strip():
        raise ReasonRequired(field="reason")
    return reason.strip()
