"""Rules, dimensions, standards and the credit line: figures that can be recomputed by hand."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel.access.models import User
from reguarantee.admission import services
from reguarantee.admission.judging import (
    UNITS,
    BadStandard,
    credit_line,
    defaults,
    inputs,
    judge,
    overall,
    rating,
    read_standard,
    score,
)
from reguarantee.admission.judging.evaluation import grade, points
from reguarantee.admission.judging.line import KEYS
from reguarantee.admission.judging.standard import WeightsNotOne
from reguarantee.admission.models import Standard
from reguarantee.admission.services.answers import read_answers
from reguarantee.admission.services.standards import OwnStandard, StandardPublished, StandardTooEarly
from tests.reguarantee.admission.conftest import ANSWERS, TODAY, YI, answers, applied, reach

People = dict[str, User]


def outcome(**changes: Any) -> dict[str, str]:
    told = read_answers("MEMBER", answers(**changes))
    return {row.code: row.outcome for row in judge(defaults.MEMBER["rules"], inputs(told, on=TODAY))}


@pytest.mark.parametrize(
    ("rule", "changes", "word"),
    [
        ("CAPITAL", {"registered_capital_fen": YI}, "PASS"),
        ("CAPITAL", {"registered_capital_fen": YI - 1}, "REFER"),
        ("CAPITAL", {"registered_capital_fen": YI // 2 - 1}, "FAIL"),
        ("COMPENSATION", {"compensation_rate": "0.0499"}, "PASS"),
        ("COMPENSATION", {"compensation_rate": "0.05"}, "REFER"),
        ("COMPENSATION", {"compensation_rate": "0.08"}, "FAIL"),
        ("COMPENSATION", {"compensation_rate": None}, "FAIL"),
        ("SMALL_AGRI", {"small_agri_share": "0.8"}, "PASS"),
        ("SMALL_AGRI", {"small_agri_share": "0.79"}, "REFER"),
        ("SMALL_AGRI", {"small_agri_share": None}, "REFER"),
        ("LICENCE_VALID", {"licence_valid_to": TODAY + timedelta(days=180)}, "PASS"),
        ("LICENCE_VALID", {"licence_valid_to": TODAY + timedelta(days=1)}, "REFER"),
        ("LICENCE_VALID", {"licence_valid_to": TODAY}, "FAIL"),
        ("NO_PLATFORM", {"platform_share": "0.01"}, "FAIL"),
        ("DATA_LINK", {"accepts_data_link": False}, "FAIL"),
        ("LEVERAGE", {"liability_fen": 40 * YI}, "PASS"),
        ("LEVERAGE", {"liability_fen": 41 * YI}, "REFER"),
        # Net assets that are used up: no multiple can be formed, and the worst leverage does not pass as the lowest.
        ("LEVERAGE", {"net_assets_fen": -4 * YI}, "FAIL"),
        ("LEVERAGE", {"net_assets_fen": 0}, "FAIL"),
    ],
)
def test_rules(rule: str, changes: dict[str, Any], word: str) -> None:
    """PAR-17, PAR-30, PAR-31: each rule at its threshold, one step beyond it, and without a figure."""
    assert outcome(**changes)[rule] == word


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "PASS"),
        ({"small_agri_share": "0.1"}, "REFER"),
        ({"compensation_rate": "0.06"}, "REFER"),
        ({"compensation_rate": "0.2"}, "FAIL"),
    ],
)
def test_overall(changes: dict[str, Any], word: str) -> None:
    """PAR-17: a failed hard rule fails, anything else that did not pass refers."""
    told = read_answers("MEMBER", answers(**changes))
    assert overall(judge(defaults.MEMBER["rules"], inputs(told, on=TODAY))) == word


def test_a_loss_on_used_up_net_assets_is_no_profit() -> None:
    """PAR-19, PAR-20: less than nothing over less than nothing earns no points."""
    told = read_answers("MEMBER", answers(net_assets_fen=-YI, net_profit_fen=-YI))
    known = inputs(told, on=TODAY)
    assert (known["profit_rate"], known["leverage"]) == (None, None)
    scored = {one.code: {row["field"]: row["points"] for row in one.rows} for one in score(defaults.MEMBER["dimensions"], known)}
    assert (scored["OPERATION"]["profit_rate"], scored["ABILITY_TO_PAY"]["leverage"]) == ("0", "0")


def test_a_kept_analysis_recomputes_from_what_it_kept(people: People) -> None:
    """PAR-16…22: outcome, points, weights, scores and rating follow again from the stored inputs and the stored version."""
    case = reach("REVIEW", people, compensation_rate="0.06")
    for kept in case.analyses.all():
        stored = json.loads(kept.inputs)
        known = {
            name: None if text is None else text == "True" if UNITS[name] == "bool" else Decimal(text)
            for name, text in stored.items()
        }
        judged = judge(kept.standard.document["rules"], known)
        dimensions = score(kept.standard.document["dimensions"], known)
        assert [row.outcome for row in judged] == [row["outcome"] for row in json.loads(kept.rules)]
        assert [str(one.score) for one in dimensions] == [row["score"] for row in json.loads(kept.dimensions)]
        assert (overall(judged), rating(dimensions)) == (kept.outcome, kept.rating)
        for row in json.loads(kept.dimensions):
            by_hand = sum(Decimal(one["weight"]) * Decimal(one["points"]) for one in row["rows"])
            assert by_hand.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(row["score"])


def test_four_dimensions_apart() -> None:
    """PAR-18…21: each score from its own inputs and weights; one bad figure moves its own dimension only."""

    def scored(**changes: Any) -> dict[str, Decimal]:
        return {one.code: one.score for one in score(defaults.MEMBER["dimensions"], inputs(answers_of(**changes), on=TODAY))}

    good = scored()
    # 0.40·100 (violations 0) + 0.35·100 (5 %) + 0.25·100 (789 days)
    assert good["INSTITUTION_RISK"] == Decimal("100.00")
    # profit 0.2/4 = 5 % → 30; growth 20/16 − 1 = 25 % → 40; volume 20 × 10^8 yuan → 30
    assert good["OPERATION"] == Decimal("100.00")
    # liquid 3/12 = 25 % → 40; reserves 1/12 = 8.33 % → 30; leverage 3 → 30
    assert good["ABILITY_TO_PAY"] == Decimal("100.00")
    # 1.2 % → 0.40·70; recovery 42 % → 0.30·70; 14/60 → 15; rules → 15
    assert good["RISK_CONTROL"] == Decimal("79.00")
    worse = scored(reserves_fen=YI // 10)
    assert worse == {**good, "ABILITY_TO_PAY": Decimal("70.00")}


def answers_of(**changes: Any) -> dict[str, Any]:
    return read_answers("MEMBER", answers(**changes))


def line(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "prior_fen": 10 * YI, "growth": Decimal("0.10"), "scores": dict.fromkeys(KEYS, Decimal(1)),
        "weights": {**dict.fromkeys(KEYS, Decimal("0.13571428")), "institution_rating": Decimal("0.05000004")},
        "target_fen": 9 * YI, "requested_fen": 12 * YI, "on_pace": True, "is_new": False,
    }  # fmt: skip
    return credit_line(**{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "branch", "fen"),
    [
        ({}, "APPLICATION", 12 * YI),
        ({"on_pace": False}, "TARGET_BEHIND", 9 * YI),
        ({"target_fen": 13 * YI}, "TARGET_PACE", 13 * YI),
        ({"target_fen": 13 * YI, "on_pace": False}, "MEASURED", 11 * YI),
        ({"is_new": True, "target_fen": 5 * YI}, "NEW_MEMBER", 5 * YI),
        ({"target_fen": 11 * YI, "on_pace": False}, "AT_TARGET", 11 * YI),
    ],
)
def test_the_line_by_each_branch(changes: dict[str, Any], branch: str, fen: int) -> None:
    """PAR-14, domain.md 5.10.3: measured = 10 × 1.1 × 1 = 11; each branch decides as written there."""
    working = line(**changes)
    assert (working.measured_fen, working.branch, working.line_fen) == (11 * YI, branch, fen)


def test_the_coefficient_is_the_weighted_sum() -> None:
    """domain.md 5.10.3: Σ weight × score, the rating with its 5 %; measured half up to a fen."""
    weights = {key: Decimal(weight) for key, weight in defaults.MEMBER["line"]["weights"].items()}
    assert (sum(weights.values()), weights["institution_rating"]) == (1, Decimal("0.05"))
    scores = {**dict.fromkeys(KEYS, Decimal(1)), "leverage": Decimal("0.8"), "institution_rating": Decimal("0.9")}
    working = line(weights=weights, scores=scores, prior_fen=1_000_001)
    assert working.coefficient == Decimal("0.965000")
    assert working.measured_fen == 1_061_501  # 1,000,001 × 1.1 × 0.965 = 1,061,501.0615


def test_a_standard_says_where_it_is_wrong() -> None:
    """PAR-16: a draft that cannot be read is refused with the place of the mistake."""
    cases: list[tuple[Any, str]] = [
        (lambda d: d["rules"][3].update(field="capital"), "/rules/3/field"),
        (lambda d: d["rules"][3].update({"pass": 0.5}), "/rules/3/pass"),
        (lambda d: d["rules"][1].update(code="ESTABLISHED"), "/rules/1"),
        (lambda d: d["dimensions"][0]["inputs"][0]["bands"].reverse(), "/dimensions/0/inputs/0/bands"),
        (lambda d: d["documents"].clear(), "/documents"),
        (lambda d: d["line"]["scores"].pop("leverage"), "/line/scores/leverage"),
    ]
    for spoil, path in cases:
        document = copy.deepcopy(defaults.MEMBER)
        spoil(document)
        with pytest.raises(BadStandard) as refused:
            read_standard(document, with_line=True)
        assert refused.value.facts["path"] == path
    document = copy.deepcopy(defaults.MEMBER)
    document["dimensions"][0]["weight"] = "0.30"
    with pytest.raises(WeightsNotOne):
        read_standard(document, with_line=True)


def drafted(people: People, *, day: date = TODAY) -> Standard:
    document = copy.deepcopy(defaults.MEMBER)
    document["rules"][3]["pass"] = str(5 * YI)
    document["rules"][3]["refer"] = None
    return services.draft_standard(actor=people["admission"], today=TODAY, kind="MEMBER", document=document, effective_from=day)


def test_a_case_keeps_the_version_it_was_judged_by(people: People) -> None:
    """PAR-16: a stricter version holds for later applications; the open case is still judged by its own."""
    case = reach("ANALYSIS", people)
    made = drafted(people)
    services.publish_standard(actor=people["executive"], today=TODAY, standard_id=made.pk)
    analysis = services.analyse(actor=people["admission"], today=TODAY, case_id=case.pk, text="x")
    assert (analysis.standard.version, analysis.outcome) == (1, "PASS")
    later, _token = applied(number=901, code="LATER")
    assert (later.standard.version, later.analyses.get().outcome) == (2, "FAIL")
    kept = json.loads(analysis.inputs)
    assert kept["registered_capital_fen"] == str(ANSWERS["registered_capital_fen"])


def test_a_standard_is_published_by_another_person_and_stays(people: People) -> None:
    """PAR-16: two people; what is published cannot change, not even in the database."""
    made = drafted(people)
    with pytest.raises(OwnStandard):
        Standard.objects.filter(pk=made.pk).update(drafted_by_id=people["executive"].pk)
        services.publish_standard(actor=people["executive"], today=TODAY, standard_id=made.pk)
    Standard.objects.filter(pk=made.pk).update(drafted_by_id=people["admission"].pk)
    services.publish_standard(actor=people["executive"], today=TODAY, standard_id=made.pk)
    with pytest.raises(StandardPublished):
        services.publish_standard(actor=people["executive"], today=TODAY, standard_id=made.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standard.objects.filter(pk=made.pk).update(content="{}")


def test_a_standard_is_not_backdated(people: People) -> None:
    """PAR-16: no version reaches back before the day it is published."""
    made = drafted(people, day=TODAY - timedelta(days=1))
    with pytest.raises(StandardTooEarly):
        services.publish_standard(actor=people["executive"], today=TODAY, standard_id=made.pk)


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("filing_rate", "0.45", "50.00"), ("filing_rate", "0.95", "100.00"), ("filing_rate", None, "0"),
        ("compensation_rate", "0.9", "100.00"), ("compensation_rate", "1.35", "50.00"), ("compensation_rate", "2", "0.00"),
        ("leverage", "0.45", "50.00"), ("leverage", "20", "0.00"),
    ],
)  # fmt: skip
def test_points_of_a_metric(metric: str, value: str | None, expected: str) -> None:
    """PAR-04: in proportion to the target 0.9; a rate of claims the other way round; leverage above its limit has none."""
    got = points(metric, None if value is None else Decimal(value), target=Decimal("0.9"), limit=Decimal(15))
    assert got == Decimal(expected)


def test_grades_by_their_cuts() -> None:
    """PAR-04: the cut itself belongs to the better grade."""
    cuts = {"A": 90, "B": 75, "C": 60}
    assert [grade(Decimal(score), cuts) for score in ("90", "89.99", "75", "60", "59.99")] == ["A", "B", "B", "C", "D"]
