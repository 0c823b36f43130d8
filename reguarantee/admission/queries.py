"""Reads of admissions, standards, evaluations and reported changes. Lists are QuerySets with constant statements."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from kernel.documents import queries as documents
from kernel.documents.models import Document
from reguarantee.admission.flow import CASE, STEPS
from reguarantee.admission.judging import LABELS, UNITS
from reguarantee.admission.judging.evaluation import INVERSE, METRICS, by_dimension
from reguarantee.admission.judging.line import KEYS
from reguarantee.admission.models import Analysis, Ask, Case, Evaluation, ReportedChange, Standard, State, Step
from reguarantee.admission.services.agreeing import SIGNED, figures
from reguarantee.admission.services.answers import FIGURES
from reguarantee.admission.services.applying import TABLE, by_token
from reguarantee.admission.services.cases import NoSuchCase
from reguarantee.admission.services.changing import NoSuchChange
from reguarantee.admission.services.evaluating import NoSuchEvaluation
from reguarantee.admission.services.figures import service
from reguarantee.admission.services.handling import missing_papers
from reguarantee.admission.services.reviewing import REPORT, hands
from reguarantee.admission.services.standards import NoSuchStandard
from reguarantee.monitoring.models import Marginal
from reguarantee.partners import queries as partners
from reguarantee.partners.models import Partner
from reguarantee.treaties.models import Line

__all__ = [
    "CHANGE_STATES", "EVALUATION_STATES", "FIGURES", "INVERSE", "KEYS", "LABELS", "METRICS", "OUTCOMES", "REPORT", "SIGNED",
    "STATES", "STEPS", "TABLE", "UNITS", "before_committee", "board", "by_token", "case", "case_of", "cases", "change", "changes",
    "dimensions", "evaluation", "evaluations", "events", "field", "figures", "judgement", "line_before", "missing_papers",
    "not_opened", "open_asks", "overdue_evaluations", "papers", "register", "service", "standard", "standard_of", "standards",
    "steps", "waiting",
]  # fmt: skip

STATES = State.choices
OUTCOMES = Analysis._meta.get_field("outcome").choices
EVALUATION_STATES = Evaluation.State.choices
CHANGE_STATES = ReportedChange.State.choices
_ENDED = (State.ACTIVE, State.REFUSED, State.WITHDRAWN)


def register(*, today: date, **wanted: Any) -> QuerySet[Partner]:
    """Partners (filters of `partners.queries.listing`) with this year's limit and what is in force, in fen (PAR-01).

    Adds `line_fen` (the member's own lines of the year together; None without a limit), `taken_fen` (used and reserved),
    `left_fen`, and `balance_fen` of what is in force: of a member, or on a bank's loans. One statement.
    """
    lines = Line.objects.filter(member_code=OuterRef("code"), year=today.year, line_fen__isnull=False).order_by()
    summed = lines.values("member_code")
    book = Marginal.objects.filter(Q(dimension="MEMBER", key=OuterRef("code")) | Q(dimension="BANK", key=OuterRef("name")))
    taken = F("used_fen") + F("reserved_fen")
    return partners.listing(today=today, **wanted).annotate(
        line_fen=Subquery(summed.annotate(total=Sum("line_fen")).values("total")),
        taken_fen=Subquery(summed.annotate(total=Sum(taken)).values("total")),
        left_fen=F("line_fen") - F("taken_fen"),
        balance_fen=Subquery(book.values("in_force_balance_fen")[:1]),
    )


def cases(*, state: str = "", kind: str = "", q: str = "", open_only: bool = False) -> QuerySet[Case]:
    """Cases, newest first; adds `step_since` (day of the open step), `asked` (open requests) and `judged` (last outcome)."""
    current = Step.objects.filter(case=OuterRef("pk"), ended_at=None).values("started_on")[:1]
    latest = Analysis.objects.filter(case=OuterRef("pk")).order_by("-id").values("outcome")[:1]
    rows = Case.objects.annotate(
        step_since=Subquery(current),
        judged=Subquery(latest),
        asked=Count("asks", filter=Q(asks__answered_on=None)),
    )
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if q:
        rows = rows.filter(Q(number__icontains=q) | Q(name__icontains=q) | Q(uscc__icontains=q) | Q(code__icontains=q))
    return rows.exclude(state__in=_ENDED) if open_only else rows


def board(*, kind: str = "", q: str = "") -> dict[str, list[Case]]:
    """Open cases by step in the order of the steps, the longest waiting first; returned ones stand with acceptance."""
    columns: dict[str, list[Case]] = {state: [] for state in STEPS if state != State.ACTIVE}
    for one in cases(kind=kind, q=q, open_only=True).order_by("step_since", "id"):
        columns[State.APPLIED.value if one.state == State.RETURNED else one.state].append(one)
    return columns


def before_committee() -> list[tuple[Case, tuple[int, ...]]]:
    """The cases that wait for a meeting, each with those who had a hand in it. Four statements."""
    rows = Case.objects.filter(state=State.COMMITTEE).prefetch_related("analyses", "visits", "steps").order_by("id")
    return [(one, hands(one)) for one in rows]


def case(case_id: int) -> Case:
    """One case with its standard. Raises NoSuchCase."""
    found = Case.objects.select_related("standard").filter(pk=case_id).first()
    if found is None:
        raise NoSuchCase
    return found


def case_of(code: str) -> Case | None:
    """The latest case of a partner."""
    return Case.objects.filter(code=code).order_by("-id").first()


def events(found: Case) -> list[str]:
    return CASE.events(found.state)


def steps(found: Case) -> list[Step]:
    return list(found.steps.all())


def papers(found: Case) -> list[dict[str, Any]]:
    """The papers of the case's standard in its order, each with the files that were sent; other files at the end."""
    sent: dict[str, list[Document]] = {}
    for document in documents.of(found.subject):
        sent.setdefault(document.kind, []).append(document)
    rows = [
        {"code": row["code"], "name": row["name"], "required": bool(row.get("required")), "files": sent.pop(row["code"], [])}
        for row in found.standard.document["documents"]
    ]
    return rows + [{"code": code, "name": None, "required": False, "files": files} for code, files in sent.items()]


def judgement(analysis: Analysis) -> dict[str, Any]:
    """What an analysis holds, read: inputs by name, rules and dimensions as rows."""
    return {
        "inputs": json.loads(analysis.inputs),
        "rules": json.loads(analysis.rules),
        "dimensions": json.loads(analysis.dimensions),
    }


def open_asks(found: Case) -> list[Ask]:
    return list(found.asks.filter(answered_on=None))


def line_before(found: Case) -> dict[str, Any]:
    """What the form of the credit line begins with: the last working, else the applicant's figures."""
    told = found.told
    return {
        "prior_fen": 0,
        "growth": told.get("planned_growth") or "0",
        "target_fen": told.get("policy_target_fen") or 0,
        "requested_fen": told.get("requested_line_fen") or 0,
        "on_pace": True,
        "is_new": True,
        **found.working,
    }


def waiting() -> int:
    """Cases that wait for acceptance."""
    return Case.objects.filter(state=State.APPLIED).count()


def standards(*, kind: str = "") -> QuerySet[Standard]:
    """All versions, newest first; adds `cases_count`."""
    rows = Standard.objects.annotate(cases_count=Count("cases")).order_by("-kind", "-version")
    return rows.filter(kind=kind) if kind else rows


def standard(standard_id: int) -> Standard:
    """Raises NoSuchStandard."""
    found = Standard.objects.filter(pk=standard_id).first()
    if found is None:
        raise NoSuchStandard
    return found


def standard_of(kind: str, *, on: date) -> Standard | None:
    """The version in force on a day."""
    rows = Standard.objects.filter(kind=kind, published_on__isnull=False, effective_from__lte=on)
    return rows.order_by("-version").first()


def evaluations(*, state: str = "", year: int | None = None, q: str = "") -> QuerySet[Evaluation]:
    """Evaluations, newest first; adds `partner_name`."""
    name = Partner.objects.filter(code=OuterRef("partner_code")).values("name")[:1]
    rows = Evaluation.objects.annotate(partner_name=Subquery(name))
    if state:
        rows = rows.filter(state=state)
    if year:
        rows = rows.filter(year=year)
    return rows.filter(Q(partner_code__icontains=q) | Q(partner_name__icontains=q)) if q else rows


def overdue_evaluations(*, today: date) -> QuerySet[Partner]:
    """Partners whose evaluation day has passed without an approved one; adds `opened` (its evaluation is in work)."""
    opened = Evaluation.objects.filter(partner_code=OuterRef("code"), due_on=OuterRef("next_evaluation_on")).exclude(
        state=Evaluation.State.APPROVED
    )
    return (
        Partner.objects.filter(next_evaluation_on__lt=today, status__in=["ACTIVE", "WATCH", "SUSPENDED"])
        .annotate(opened=Exists(opened))
        .order_by(F("next_evaluation_on"), "code")
    )


def evaluation(evaluation_id: int) -> Evaluation:
    """Raises NoSuchEvaluation."""
    found = evaluations().filter(pk=evaluation_id).first()
    if found is None:
        raise NoSuchEvaluation
    return found


def dimensions(found: Evaluation) -> dict[str, tuple[Decimal, Decimal]]:
    """Dimension → (weight, points that it adds to the score); empty before the figures are filled in (domain.md 5.12)."""
    rows = {one["key"]: one for one in found.rows}
    if not rows:
        return {}
    scored = {name: Decimal(one["points"]) for name, one in rows.items()}
    return by_dimension(scored, {name: Decimal(one["weight"]) for name, one in rows.items()})


def field(*, year: int, metric: str) -> list[dict[str, Any]]:
    """The institutions that a metric was ranked among, the best first: each evaluation's own row of it with its evaluation.

    An approved one shows the place that it had when it was approved. One statement.
    """
    found = []
    for one in evaluations(year=year):
        row = next((row for row in one.rows if row["key"] == metric), None)
        if row is not None:
            found.append({**row, "evaluation": one})
    return sorted(found, key=lambda row: (-Decimal(row["points"]), row["rank"] or len(found), row["evaluation"].partner_code))


def not_opened(*, year: int) -> int:
    """Members at work whose evaluation of the year is not opened: they are not in the field yet."""
    opened = Evaluation.objects.filter(year=year).values("partner_code")
    return Partner.objects.filter(kind="MEMBER", status__in=partners.WORKING).exclude(code__in=opened).count()


def changes(*, state: str = "", member_code: str = "") -> QuerySet[ReportedChange]:
    rows = ReportedChange.objects.all()
    if state:
        rows = rows.filter(state=state)
    return rows.filter(member_code=member_code) if member_code else rows


def change(change_id: int) -> ReportedChange:
    """Raises NoSuchChange."""
    found = ReportedChange.objects.filter(pk=change_id).first()
    if found is None:
        raise NoSuchChange
    return found
