"""The yearly evaluation: opened when due, filled from the group's data, approved by another person, then it has effect.

Effect (PAR-04): the grade stands in the register, the member's own lines of the year are multiplied by the grade's
factor (never below what is used), a weak grade puts the member on watch, an insufficient one stops new cessions.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from kernel.access.actors import Actor
from kernel.access.permissions import check
from kernel.audit import services as audit
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, gettext_noop
from kernel.money import times
from kernel.notices import services as notices
from kernel.parameters.queries import value
from reguarantee.admission.judging.evaluation import METRICS
from reguarantee.admission.models import Evaluation
from reguarantee.admission.services.cases import written
from reguarantee.admission.services.figures import OFFICER, metrics
from reguarantee.admission.services.ranking import KEY as _KEY
from reguarantee.admission.services.ranking import alone, rank
from reguarantee.partners import queries as partners
from reguarantee.partners import services as partner_services
from reguarantee.partners.models import Kind, Stop
from reguarantee.treaties import queries as treaties
from reguarantee.treaties import services as treaty_services

_DUE = gettext_noop("The yearly evaluation of %(name)s is due on %(on)s.")
_SUBMITTED = gettext_noop("The evaluation of %(name)s waits for approval.")
_STOPPED = gettext_noop("The evaluation of %(year)s gave the grade %(grade)s; new cessions wait until it is better.")


class NoSuchEvaluation(NotFound):
    code = "NO_SUCH_EVALUATION"
    sentence = gettext_noop("There is no such evaluation.")


class NotEvaluated(Conflict):
    code = "NOT_EVALUATED_HERE"
    sentence = gettext_noop(
        "Only a guarantee company that works with the group is evaluated here. Give a bank its grade directly."
    )


class EvaluationClosed(Conflict):
    code = "EVALUATION_CLOSED"
    sentence = gettext_noop("This evaluation is not open for that any more. Read its state.")


class YearNotOver(Conflict):
    code = "EVALUATION_YEAR_NOT_OVER"
    sentence = gettext_noop("The year %(year)s is not over: its figures are still to come. Hand the evaluation over next year.")


class LaterOneStands(Conflict):
    """A grade of an older year must not replace that of a younger one, nor move the line a second time."""

    code = "LATER_EVALUATION_STANDS"
    sentence = gettext_noop("The evaluation of %(year)s is approved already; one of an earlier year has no effect any more.")


class FigureMissing(Conflict):
    code = "EVALUATION_FIGURE_MISSING"
    sentence = gettext_noop("Figures are missing: state them with their reason first.")


class ScoreMoved(Conflict):
    code = "EVALUATION_SCORE_MOVED"
    sentence = gettext_noop(
        "Figures of other institutions have changed: the score is now %(score)s. Read it, then approve it again."
    )


class NoSuchMetric(Invalid):
    code = "NO_SUCH_METRIC"
    sentence = gettext_noop("There is no such metric.")


class OwnEvaluation(NotAllowed):
    code = "OWN_EVALUATION"
    sentence = gettext_noop("You prepared this evaluation; another person has to approve it.")


class WeightsWrong(Conflict):
    code = "EVALUATION_WEIGHTS"
    sentence = gettext_noop("The weights of the evaluation add up to %(sum)s. Set the parameters so that they are 1 together.")


@transaction.atomic
def start(*, actor: Any, today: date, partner_code: str, year: int) -> Evaluation:
    """Open the evaluation of a calendar year and fill in what the group's data say; the one that is there is given back.

    Needs admission.evaluate. Raises NoSuchPartner, NotEvaluated, WeightsWrong.
    """
    check(actor, "admission.evaluate")
    return _start(actor=actor, today=today, partner_code=partner_code, year=year)


def _start(*, actor: Any, today: date, partner_code: str, year: int) -> Evaluation:
    partner = partners.get(partner_code)
    if partner.kind != Kind.MEMBER or partner.status not in partners.WORKING:
        raise NotEvaluated
    alone(year)
    row, made = Evaluation.objects.get_or_create(
        partner_code=partner_code, year=year, defaults={"due_on": partner.next_evaluation_on or today}
    )
    if made:
        row = _fill(row, today=today)
        audit.leave(actor=actor, act="admission.evaluate", subject=row.subject, facts={"code": partner_code, "year": year})
    return row


@transaction.atomic
def open_due(*, actor: Any, today: date) -> int:
    """Open the evaluations that fall due within rg.evaluation.lead_days, of the year before the day they are due.

    The clock calls this daily; again on the same day it opens nothing. Returns how many were opened.
    """
    until = today + timedelta(days=value(f"{_KEY}lead_days", on=today))
    due = partners.listing(today=today, kind=Kind.MEMBER).filter(next_evaluation_on__lte=until, status__in=partners.WORKING)
    opened = 0
    for partner in due:
        year = partner.next_evaluation_on.year - 1
        if Evaluation.objects.filter(partner_code=partner.code, year=year).exists():
            continue
        row = _start(actor=actor, today=today, partner_code=partner.code, year=year)
        facts = {"name": partner.name, "on": partner.next_evaluation_on.isoformat()}
        notices.tell(post="ADMISSION_OFFICER", sentence=_DUE, facts=facts, url=f"/evaluations/{row.pk}/")
        opened += 1
    return opened


def _fill(row: Evaluation, *, today: date, stated: dict[str, dict[str, Any]] | None = None) -> Evaluation:
    """Metrics with today's weights, targets and limits, then the year ranked anew; what an officer stated stays as stated."""
    weights = {metric: value(f"{_KEY}weight.{metric}", on=today) for metric in METRICS}
    if sum(weights.values()) != 1:
        raise WeightsWrong(sum=sum(weights.values()))
    known = metrics(member_code=row.partner_code, year=row.year)
    limit = value(f"{_KEY}limit.leverage", on=today, member=row.partner_code)
    rows = []
    for metric in METRICS:
        by_hand = (stated or {}).get(metric)
        figure = Decimal(by_hand["value"]) if by_hand else known[metric].value
        rows.append(
            {
                "key": metric,
                "value": None if figure is None else str(figure),
                "source": OFFICER if by_hand else known[metric].source,
                "found": None if known[metric].value is None else str(known[metric].value),
                "target": str(value(f"{_KEY}target.{metric}", on=today, member=row.partner_code)),
                "limit": str(limit),
                "weight": str(weights[metric]),
                "by": by_hand["by"] if by_hand else "",
                "reason": by_hand["reason"] if by_hand else "",
            }
        )
    row.metrics = written(rows)
    row.save(update_fields=["metrics"])
    return rank(row.year, today=today)[row.pk]


def _hold(evaluation_id: int, *states: str) -> Evaluation:
    year = Evaluation.objects.filter(pk=evaluation_id).values_list("year", flat=True).first()
    if year is None:
        raise NoSuchEvaluation
    alone(year)
    row = Evaluation.objects.select_for_update().get(pk=evaluation_id)
    if row.state not in states:
        raise EvaluationClosed
    return row


def _stated(row: Evaluation) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in row.rows if one["source"] == OFFICER}


@transaction.atomic
def refresh(*, actor: Any, today: date, evaluation_id: int) -> Evaluation:
    """Read the group's data again; what was stated by hand stays. Needs admission.evaluate. Raises EvaluationClosed."""
    check(actor, "admission.evaluate")
    row = _hold(evaluation_id, Evaluation.State.DRAFT)
    return _fill(row, today=today, stated=_stated(row))


@transaction.atomic
def state(*, actor: Any, today: date, evaluation_id: int, metric: str, figure: Decimal | None, reason: str) -> Evaluation:
    """State a metric by hand with the reason, or take that back (None). Needs admission.evaluate.

    `figure` is fen for volumes, a rate per 1 or times otherwise. Raises NoSuchMetric, FigureMissing, EvaluationClosed.
    """
    check(actor, "admission.evaluate")
    row = _hold(evaluation_id, Evaluation.State.DRAFT)
    if metric not in METRICS:
        raise NoSuchMetric(field="metric")
    stated = _stated(row)
    if figure is None:
        stated.pop(metric, None)
    elif not reason.strip():
        raise FigureMissing(field="reason")
    else:
        stated[metric] = {"value": str(figure), "reason": reason.strip()[:500], "by": actor.label}
    row = _fill(row, today=today, stated=stated)
    facts = {"metric": metric, "value": None if figure is None else str(figure), "reason": reason}
    audit.leave(actor=actor, act="admission.state_figure", subject=row.subject, facts=facts)
    return row


@transaction.atomic
def submit(*, actor: Any, today: date, evaluation_id: int, opinion: str) -> Evaluation:
    """Hand the evaluation to another person for approval. Needs admission.evaluate.

    Raises YearNotOver, LaterOneStands, FigureMissing, EvaluationClosed.
    """
    check(actor, "admission.evaluate")
    row = _hold(evaluation_id, Evaluation.State.DRAFT)
    if row.year >= today.year:
        raise YearNotOver(year=row.year)
    _check_latest(row)
    if any(one["value"] is None for one in row.rows):
        raise FigureMissing
    row.state, row.opinion, row.returned_reason = Evaluation.State.SUBMITTED, opinion.strip(), ""
    row.prepared_by_id, row.prepared_by, row.prepared_on = actor.id, actor.label, today
    row.save()
    partner = partners.get(row.partner_code)
    notices.tell(post="GROUP_RISK", sentence=_SUBMITTED, facts={"name": partner.name}, url=f"/evaluations/{row.pk}/")
    audit.leave(actor=actor, act="admission.submit_evaluation", subject=row.subject, facts={"score": row.score})
    return row


@transaction.atomic
def return_evaluation(*, actor: Any, today: date, evaluation_id: int, reason: str) -> Evaluation:
    """Give it back to who prepared it. Needs admission.approve_evaluation. Raises EvaluationClosed, FigureMissing."""
    check(actor, "admission.approve_evaluation")
    row = _hold(evaluation_id, Evaluation.State.SUBMITTED)
    if not reason.strip():
        raise FigureMissing(gettext_noop("Say why."), field="reason")
    row.state, row.returned_reason = Evaluation.State.DRAFT, reason.strip()
    row.save(update_fields=["state", "returned_reason"])
    audit.leave(actor=actor, act="admission.return_evaluation", subject=row.subject, facts={"reason": reason})
    return row


@transaction.atomic
def approve(*, actor: Any, today: date, evaluation_id: int, seen: Decimal | None = None) -> Evaluation:
    """Approve it and let it have its effect: grade, lines, watch, stop. Needs admission.approve_evaluation.

    `seen` is the score that the approver read: others' figures move the ranking, and nobody approves a number that he
    did not see. Of two at once the second hears that it is closed.
    Raises OwnEvaluation, EvaluationClosed, LaterOneStands, ScoreMoved.
    """
    check(actor, "admission.approve_evaluation")
    row = _hold(evaluation_id, Evaluation.State.SUBMITTED)
    if row.prepared_by_id == actor.id:
        raise OwnEvaluation
    partner_services.hold(row.partner_code)  # two of one institution, of two years, one after the other
    _check_latest(row)
    if seen is not None and seen != row.score:
        raise ScoreMoved(score=row.score)
    reason = f"{row.year} {row.score} {row.grade}"
    partner_services.record_grade(actor=actor, today=today, code=row.partner_code, grade=row.grade, reason=reason)
    row.effect = {"lines": _lines(row, actor=actor, today=today), **_standing(row, actor=actor, today=today, reason=reason)}
    row.state, row.approved_by, row.approved_on = Evaluation.State.APPROVED, actor.label, today
    row.save()
    facts = {"grade": row.grade, "score": row.score, "factor": row.factor}
    audit.leave(actor=actor, act="admission.approve_evaluation", subject=row.subject, facts=facts)
    return row


def _check_latest(row: Evaluation) -> None:
    later = Evaluation.objects.filter(partner_code=row.partner_code, year__gt=row.year, state=Evaluation.State.APPROVED)
    if year := later.order_by("-year").values_list("year", flat=True).first():
        raise LaterOneStands(year=year)


def _lines(row: Evaluation, *, actor: Any, today: date) -> list[dict[str, Any]]:
    """Multiply the member's own lines of this year by the factor; a line is never below what is used and reserved."""
    door, changed = Actor("SYSTEM", f"evaluation {row.year} {actor.label}"[:100]), []
    for treaty in treaties.listing(today=today, member_code=row.partner_code):
        for line in treaties.lines(treaty.code, today.year).filter(member_code=row.partner_code, line_fen__isnull=False):
            wanted = max(times(line.line_fen, Decimal(row.factor or 1)), line.used_fen + line.reserved_fen)
            if wanted == line.line_fen:
                continue
            treaty_services.set_line(
                actor=door, today=today, code=treaty.code, member_code=row.partner_code, year=today.year, line_fen=wanted
            )
            changed.append({"treaty": treaty.code, "year": today.year, "from_fen": line.line_fen, "to_fen": wanted})
    return changed


def _standing(row: Evaluation, *, actor: Any, today: date, reason: str) -> dict[str, Any]:
    """Watch and stop by the grade; a good grade lifts the stop that an earlier one brought."""
    told: dict[str, Any] = {}
    partner = partners.get(row.partner_code)
    if row.grade >= value(f"{_KEY}watch_from", on=today) and partner.status == "ACTIVE":
        partner_services.put("watch", actor=actor, today=today, code=partner.code, reason=reason)
        told["status"] = "WATCH"
    scope = {"member_code": partner.code, "reason_code": Stop.Reason.GRADE.value}
    if partner_services.lift(actor=actor, today=today, **scope):
        told["stop"] = "LIFTED"
    if row.grade >= value(f"{_KEY}stop_from", on=today):
        facts = {"year": row.year, "grade": row.grade}
        partner_services.stop(actor=actor, today=today, **scope, sentence=_STOPPED, facts=facts)
        told["stop"] = "STOPPED"
    return told
