"""Yearly evaluations and reported changes: figures, two people, and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from infra.demo import names
from kernel.access.actors import SYSTEM, Actor
from kernel.access.models import User
from kernel.letters import InstitutionChangeReported
from kernel.outbox.models import Letter
from registry.tenancy import PUBLIC, inside
from reguarantee.admission import queries, services
from reguarantee.admission.judging.evaluation import METRICS
from reguarantee.admission.models import Evaluation, ReportedChange
from reguarantee.admission.services.cases import ReasonRequired
from reguarantee.admission.services.changing import ChangeDecided, NoFileYet
from reguarantee.admission.services.evaluating import (
    EvaluationClosed,
    FigureMissing,
    LaterOneStands,
    NotEvaluated,
    OwnEvaluation,
    WeightsWrong,
    YearNotOver,
)
from reguarantee.partners import queries as partners
from reguarantee.partners import services as partner_services
from reguarantee.treaties import queries as treaties
from reguarantee.treaties import services as treaty_services
from tests.factories.houses import ANHE, BANK
from tests.reguarantee.admission.conftest import TODAY, TREATY, YI

People = dict[str, User]
RATES = ("small_agri_share", "risk_shared_share", "leverage", "compensation_rate", "return_rate", "filing_rate")


@pytest.fixture
def anhe(people: People, treaty: str) -> str:
    partner_services.enrol(
        actor=people["admission"], today=TODAY, code=ANHE, name="安和融资担保有限公司", kind="MEMBER", reason="建库",
        file={"uscc": names.uscc(1), "paid_in_capital_fen": 3 * YI},
    )  # fmt: skip
    treaty_services.set_line(
        actor=people["treaty"], today=TODAY, code=treaty, member_code=ANHE, year=TODAY.year, line_fen=10 * YI
    )
    return ANHE


def prepared(people: People, **figures: str) -> Evaluation:
    """An evaluation of 2025 with every figure stated; by default each is exactly at its target."""
    told = {
        "new_volume": str(5 * YI), "filed_volume": str(3 * YI), "small_agri_share": "0.8", "risk_shared_share": "0.8",
        "leverage": "3", "compensation_rate": "0.05", "return_rate": "0.3", "filing_rate": "0.9", **figures,
    }  # fmt: skip
    row = services.start(actor=people["admission"], today=TODAY, partner_code=ANHE, year=2025)
    for metric, value in told.items():
        row = services.state(
            actor=people["admission"], today=TODAY, evaluation_id=row.pk, metric=metric, figure=Decimal(value), reason="年报"
        )
    return row


def approve(people: People, row: Evaluation) -> Evaluation:
    services.submit(actor=people["admission"], today=TODAY, evaluation_id=row.pk, opinion="属实")
    return services.approve(actor=people["risk"], today=TODAY, evaluation_id=row.pk)


@pytest.mark.parametrize(
    ("figures", "score", "grade", "line", "status", "stopped"),
    [
        ({}, "100.00", "A", 11 * YI, "ACTIVE", False),
        # compensation 7.5 % is half way to no points: 15 × 0.5 are lost; no recoveries: 10 are lost
        ({"compensation_rate": "0.075", "return_rate": "0"}, "82.50", "B", 10 * YI, "ACTIVE", False),
        ({"compensation_rate": "0.1", "return_rate": "0", "leverage": "16"}, "65.00", "C", 8 * YI, "WATCH", False),
        (dict.fromkeys((*RATES, "new_volume"), "0") | {"compensation_rate": "1"}, "15.00", "D", 5 * YI, "WATCH", True),
    ],
)
def test_grade_and_its_effect(
    people: People, anhe: str, figures: dict[str, str], score: str, grade: str, line: int, status: str, stopped: bool
) -> None:
    """PAR-04: points by weight, the grade by its cut; the line times the factor, watch and stop by the grade."""
    row = approve(people, prepared(people, **figures))
    assert (row.score, row.grade) == (Decimal(score), grade)
    partner = partners.get(ANHE)
    assert (partner.grade, partner.graded_on, partner.status) == (grade, TODAY, status)
    assert partner.next_evaluation_on == TODAY.replace(year=TODAY.year + 1)
    (held,) = treaties.lines(TREATY, TODAY.year).filter(member_code=ANHE)
    assert held.line_fen == line
    assert [stop.reason_code for stop in partners.stops(ANHE, on=TODAY)] == (["GRADE"] if stopped else [])


def test_a_line_never_falls_below_its_use(people: People, anhe: str) -> None:
    """PAR-04: what is used stays within the line."""
    from reguarantee.treaties.models import Line

    Line.objects.filter(member_code=ANHE, year=TODAY.year).update(used_fen=9 * YI)
    approve(people, prepared(people, **dict.fromkeys(RATES, "0")))
    assert Line.objects.get(member_code=ANHE, year=TODAY.year).line_fen == 9 * YI


def test_a_better_grade_lifts_its_stop(people: People, anhe: str) -> None:
    """PAR-04: the stop of last year's grade goes with a good one; other stops stay."""
    for reason in ("GRADE", "FUSE"):
        partner_services.stop(actor=people["risk"], today=TODAY, member_code=ANHE, reason_code=reason, sentence="x")
    row = approve(people, prepared(people))
    assert row.effect["stop"] == "LIFTED"
    assert [stop.reason_code for stop in partners.stops(ANHE, on=TODAY)] == ["FUSE"]


def test_two_people_and_all_figures(people: People, anhe: str) -> None:
    """PAR-04: nothing is submitted with a gap, nobody approves his own, an approved one is closed."""
    row = services.start(actor=people["admission"], today=TODAY, partner_code=ANHE, year=2025)
    with pytest.raises(FigureMissing):
        services.submit(actor=people["admission"], today=TODAY, evaluation_id=row.pk, opinion="")
    with pytest.raises(FigureMissing):
        services.state(
            actor=people["admission"], today=TODAY, evaluation_id=row.pk, metric="leverage", figure=Decimal(3), reason=" "
        )
    row = prepared(people)
    services.submit(actor=people["admission"], today=TODAY, evaluation_id=row.pk, opinion="")
    Evaluation.objects.filter(pk=row.pk).update(prepared_by_id=people["risk"].pk)
    with pytest.raises(OwnEvaluation):
        services.approve(actor=people["risk"], today=TODAY, evaluation_id=row.pk)
    services.return_evaluation(actor=people["risk2"], today=TODAY, evaluation_id=row.pk, reason="核实代偿率")
    approve(people, row)
    with pytest.raises(EvaluationClosed):
        services.approve(actor=people["risk2"], today=TODAY, evaluation_id=row.pk)
    with pytest.raises(EvaluationClosed):
        services.refresh(actor=people["admission"], today=TODAY, evaluation_id=row.pk)


def test_an_older_year_never_undoes_a_younger_one(people: People, anhe: str) -> None:
    """PAR-04: a year that is not over is not handed over; an older one neither gives a grade nor moves the line again."""
    running = services.start(actor=people["admission"], today=TODAY, partner_code=ANHE, year=TODAY.year)
    with pytest.raises(YearNotOver):
        services.submit(actor=people["admission"], today=TODAY, evaluation_id=running.pk, opinion="")
    row = prepared(people)
    older = services.start(actor=people["admission"], today=TODAY, partner_code=ANHE, year=2024)
    figures = {metric: Decimal(1) for metric in METRICS}
    for metric, figure in figures.items():
        services.state(
            actor=people["admission"], today=TODAY, evaluation_id=older.pk, metric=metric, figure=figure, reason="旧年报"
        )
    services.submit(actor=people["admission"], today=TODAY, evaluation_id=older.pk, opinion="")
    approve(people, row)
    held = partners.get(ANHE).grade, treaties.lines(TREATY, TODAY.year).get(member_code=ANHE).line_fen
    with pytest.raises(LaterOneStands):
        services.approve(actor=people["risk"], today=TODAY, evaluation_id=older.pk)
    services.return_evaluation(actor=people["risk"], today=TODAY, evaluation_id=older.pk, reason="已过期")
    with pytest.raises(LaterOneStands):
        services.submit(actor=people["admission"], today=TODAY, evaluation_id=older.pk, opinion="")
    assert (partners.get(ANHE).grade, treaties.lines(TREATY, TODAY.year).get(member_code=ANHE).line_fen) == held


def test_figures_have_a_source_and_by_hand_stays(people: People, anhe: str) -> None:
    """PAR-04, PAR-35: own data are named; a figure by hand keeps person and reason when the data are read again."""
    row = services.start(actor=people["admission"], today=TODAY, partner_code=ANHE, year=2025)
    sources = {one["key"]: one["source"] for one in row.rows}
    assert (sources["new_volume"], sources["filed_volume"], sources["return_rate"]) == ("BOOK", "FILINGS", "NONE")
    services.state(
        actor=people["admission"], today=TODAY, evaluation_id=row.pk, metric="filing_rate", figure=Decimal("0.5"), reason="年报"
    )
    again = services.refresh(actor=people["admission"], today=TODAY, evaluation_id=row.pk)
    kept = next(one for one in again.rows if one["key"] == "filing_rate")
    assert (kept["source"], kept["value"], kept["by"], kept["reason"]) == ("OFFICER", "0.5", people["admission"].label, "年报")
    taken = services.state(
        actor=people["admission"], today=TODAY, evaluation_id=row.pk, metric="filing_rate", figure=None, reason=""
    )
    assert next(one for one in taken.rows if one["key"] == "filing_rate")["source"] == "NONE"


def test_the_groups_own_data(people: People, anhe: str) -> None:
    """PAR-04: volumes, shares and rates from confirmed filings of the year, weighted by amount."""
    from reguarantee.filings import services as filings
    from tests.reguarantee.filings.test_filings_cover import LETTER

    for number, changes in enumerate(
        (
            {"guaranteed_fen": 240_000_000, "principal_fen": 300_000_000, "size_class": "SMALL"},
            {"guaranteed_fen": 80_000_000, "principal_fen": 100_000_000, "size_class": "LARGE"},
            {"guaranteed_fen": 80_000_000, "principal_fen": 100_000_000, "size_class": "", "is_farmer": True},
        ),
        start=1,
    ):
        letter = replace(
            LETTER, guarantee_id=number, number=f"DB-{number}", obligor_key=f"k{number}", iou_no=f"J{number}",
            drawdown_on=TODAY, due_on=TODAY + timedelta(days=365), **changes,
        )  # fmt: skip
        filings.open_filing(letter, sender=ANHE, actor=Actor("LETTER", ANHE), today=TODAY)
    row = services.start(actor=people["admission"], today=TODAY, partner_code=ANHE, year=TODAY.year)
    found = {one["key"]: one["value"] for one in row.rows}
    assert found["filed_volume"] == "400000000"
    assert found["small_agri_share"] == "0.8000"  # (240 + 80) / 400
    assert found["risk_shared_share"] == "1.0000"  # a bank bears a part of each loan
    service = queries.service(member_code=ANHE, year=TODAY.year)
    assert (service["count"], service["accepted_rate"], service["days"]) == (3, Decimal("1.0000"), 0)


def test_due_ones_are_opened_and_overdue_ones_listed(people: People, anhe: str) -> None:
    """PAR-04: opened thirty days ahead, once; what is past its day without approval is listed."""
    due = partners.get(ANHE).next_evaluation_on
    assert due == date(2027, 3, 2)
    assert services.open_due(actor=SYSTEM, today=due - timedelta(days=31)) == 0
    assert services.open_due(actor=SYSTEM, today=due - timedelta(days=30)) == 1
    assert services.open_due(actor=SYSTEM, today=due) == 0
    assert Evaluation.objects.get().year == 2026
    assert list(queries.overdue_evaluations(today=due)) == []
    (late,) = queries.overdue_evaluations(today=due + timedelta(days=1))
    assert (late.code, late.opened) == (ANHE, True)


def test_only_members_that_work_with_us(people: People, anhe: str) -> None:
    """PAR-04: a bank gets its grade directly; weights that are not one together are refused."""
    from kernel.parameters.models import Value

    partner_services.enrol(actor=people["admission"], today=TODAY, code=BANK, name="华星银行", kind="BANK", reason="建库")
    with pytest.raises(NotEvaluated):
        services.start(actor=people["admission"], today=TODAY, partner_code=BANK, year=2025)
    Value.objects.create(
        key="rg.evaluation.weight.leverage", value="0.2", effective_from=TODAY, state="APPROVED", proposed_by="a", decided_by="b",
        proposed_on=TODAY, decided_on=TODAY,
    )  # fmt: skip
    with pytest.raises(WeightsWrong):
        services.start(actor=people["admission"], today=TODAY, partner_code=ANHE, year=2025)


REPORT = InstitutionChangeReported(
    change_no="BG2026-000001", reported_on=TODAY,
    changes={"legal_rep": {"from": "郭建国", "to": "马晓东"}, "paid_in_capital_fen": {"from": "1", "to": "50"}},
    reason="换届",
)  # fmt: skip


def report(**changes: Any) -> ReportedChange:
    services.open_change(replace(REPORT, **changes), sender=ANHE, actor=Actor("LETTER", ANHE), today=TODAY)
    return ReportedChange.objects.get(change_no=changes.get("change_no", REPORT.change_no))


def told() -> list[str]:
    with inside(PUBLIC):
        found = Letter.objects.filter(recipient=ANHE, kind="INSTITUTION_CHANGE_DECIDED")
        return list(found.order_by("id").values_list("body", flat=True))


def test_a_reported_change_is_accepted_into_the_file(people: People, anhe: str) -> None:
    """PAR-24: read once, accepted into the file with its number in the history, answered; the second press hears so."""
    row = report()
    assert report().pk == row.pk
    services.decide_change(actor=people["admission"], today=TODAY, change_id=row.pk, accept=True)
    partner = partners.get(ANHE)
    assert (partner.legal_rep, partner.paid_in_capital_fen) == ("马晓东", 50)
    kept = partners.changes(partner)[0]
    assert (kept.what, kept.reason) == ("FILE", REPORT.change_no)
    (letter,) = told()
    assert '"accepted": true' in letter
    with pytest.raises(ChangeDecided):
        services.decide_change(actor=people["admission"], today=TODAY, change_id=row.pk, accept=False, reason="x")


def test_a_refused_change_says_why_and_changes_nothing(people: People, anhe: str) -> None:
    """PAR-24: the member hears the reason; the file stays."""
    row = report()
    with pytest.raises(ReasonRequired):
        services.decide_change(actor=people["admission"], today=TODAY, change_id=row.pk, accept=False)
    services.decide_change(actor=people["admission"], today=TODAY, change_id=row.pk, accept=False, reason="请附任命文件")
    assert partners.get(ANHE).legal_rep == ""
    assert "请附任命文件" in told()[0]


def test_a_change_that_no_file_can_hold_is_refused(people: People, anhe: str) -> None:
    """PAR-24: a field that is none of the file's, or a member without a file."""
    row = report(change_no="BG-2", changes={"status": {"from": "", "to": "ACTIVE"}})
    with pytest.raises(partner_services.BadFile):
        services.decide_change(actor=people["admission"], today=TODAY, change_id=row.pk, accept=True)
    services.open_change(REPORT, sender="BOYU", actor=Actor("LETTER", "BOYU"), today=TODAY)
    other = ReportedChange.objects.get(member_code="BOYU")
    with pytest.raises(NoFileYet):
        services.decide_change(actor=people["admission"], today=TODAY, change_id=other.pk, accept=True)
    assert told() == []
