"""Metrics ranked among the institutions of a year: the formula by itself, and what it does to evaluations (domain.md 5.12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.demo import names
from kernel.access.models import User
from registry.tenancy import inside
from reguarantee.admission import queries, services
from reguarantee.admission.judging.evaluation import DIMENSIONS, INVERSE, METRICS, Place, by_dimension, places, points, total
from reguarantee.admission.models import Evaluation
from reguarantee.admission.parameters import PARAMETERS
from reguarantee.admission.services.evaluating import ScoreMoved
from reguarantee.partners import services as partners
from tests.factories.houses import GROUP, house, staff
from tests.factories.races import at_once
from tests.reguarantee.admission.conftest import TODAY, YI

People = dict[str, User]
EVEN = {
    "new_volume": 5 * YI, "filed_volume": 3 * YI, "small_agri_share": "0.8", "risk_shared_share": "0.8", "leverage": "3",
    "compensation_rate": "0.05", "return_rate": "0.3", "filing_rate": "0.9",
}  # fmt: skip
"""Every metric exactly at its target."""

FIGURES = st.dictionaries(
    st.sampled_from("ABCDEFG"), st.none() | st.decimals("-1", "30", places=4), min_size=1
)  # fmt: skip
ANY = st.sampled_from(METRICS)


def among(metric: str, values: dict[str, Decimal | None], *, target: str = "1", limit: str = "15") -> dict[str, Place]:
    every: dict[str, Any] = {"targets": dict.fromkeys(values, Decimal(target)), "limits": dict.fromkeys(values, Decimal(limit))}
    return places(metric, values, **every)


def test_the_formula_by_hand() -> None:
    """PAR-04, domain.md 5.12: (x − min) / (max − min) × 100; less is better for the rate of claims."""
    told = {"A": Decimal("0.60"), "B": Decimal("0.70"), "C": Decimal("0.90"), "D": None}
    found = among("small_agri_share", told)
    assert {code: str(place.points) for code, place in found.items()} == {"A": "0.00", "B": "33.33", "C": "100.00", "D": "0"}
    assert [found[code].rank for code in "ABCD"] == [3, 2, 1, None]
    assert (found["B"].low, found["B"].high, found["B"].count, found["B"].basis) == (told["A"], told["C"], 3, "RANK")
    turned = among("compensation_rate", told)
    assert {code: str(place.points) for code, place in turned.items()} == {"A": "100.00", "B": "66.67", "C": "0.00", "D": "0"}
    assert [turned[code].rank for code in "ABC"] == [1, 2, 3]


def test_leverage_above_the_law_is_nobodys_measure() -> None:
    """PAR-04, domain.md 3.2.4: who is above the limit has no points and no rank, and does not push the others down."""
    found = among("leverage", {"A": Decimal(4), "B": Decimal(8), "C": Decimal(20)})
    assert [(place.points, place.rank) for place in found.values()] == [(0, 2), (100, 1), (0, None)]
    assert (found["C"].high, found["C"].count, found["C"].basis) == (8, 2, "NONE")


@given(metric=ANY, values=FIGURES)
def test_points_stay_within_their_bounds(metric: str, values: dict[str, Decimal | None]) -> None:
    """PAR-04: 0 to 100, and whoever has no figure has nothing."""
    for code, place in among(metric, values).items():
        assert 0 <= place.points <= 100
        assert (place.rank is None) == (place.basis == "NONE")
        if values[code] is None:
            assert (place.points, place.basis) == (0, "NONE")


@given(metric=ANY, values=FIGURES)
def test_who_does_better_never_has_fewer_points(metric: str, values: dict[str, Decimal | None]) -> None:
    """PAR-04: monotonic in the field; equal figures have equal points and ranks; the best has rank 1."""
    found = among(metric, values)
    told = [(values[code], place) for code, place in found.items() if place.rank is not None]
    for mine, place in told:
        for other, their in told:
            if mine == other:
                assert (place.points, place.rank) == (their.points, their.rank)
            elif (mine < other) == (metric in INVERSE):  # mine is better
                assert place.points >= their.points
                assert place.rank < their.rank
    assert not told or min(place.rank for _figure, place in told) == 1


@given(metric=ANY, values=FIGURES)
def test_the_ends_of_the_field_have_all_and_nothing(metric: str, values: dict[str, Decimal | None]) -> None:
    """PAR-04: where figures differ, the best has 100 and the worst 0."""
    ranked = [place.points for place in among(metric, values).values() if place.basis == "RANK"]
    assert not ranked or (max(ranked), min(ranked)) == (100, 0)


@given(metric=ANY, value=st.decimals("0", "15", places=4), many=st.integers(1, 5))
def test_alone_or_all_equal_counts_against_the_target(metric: str, value: Decimal, many: int) -> None:
    """PAR-04, domain.md 5.12: max = min is guarded: the target decides, whoever else has the same figure."""
    found = among(metric, {f"M{number}": value for number in range(many)})
    expected = points(metric, value, target=Decimal(1), limit=Decimal(15))
    assert {(place.points, place.basis, place.rank, place.count) for place in found.values()} == {(expected, "TARGET", 1, many)}


def test_weights_are_those_of_the_dimensions() -> None:
    """PAR-04, domain.md 5.12: every metric is in one dimension; 40, 25, 25 and 10, which the score is the sum of."""
    assert sorted(metric for metrics in DIMENSIONS.values() for metric in metrics) == sorted(METRICS)
    default = {one.key: Decimal(one.default) for one in PARAMETERS if ".weight." in one.key}
    weights = {metric: default[f"rg.evaluation.weight.{metric}"] for metric in METRICS}
    scored = {metric: Decimal(10 * number) for number, metric in enumerate(METRICS)}
    parts = by_dimension(scored, weights)
    assert [str(weight) for weight, _points in parts.values()] == ["0.40", "0.25", "0.25", "0.10"]
    assert sum(got for _weight, got in parts.values()) == total(scored, weights)


@pytest.fixture
def people(db: None) -> Iterator[People]:
    with inside(house(GROUP)):
        yield staff(GROUP)


def member(people: People, code: str, number: int) -> str:
    partners.enrol(
        actor=people["admission"], today=TODAY, code=code, name=f"{code}融资担保有限公司", kind="MEMBER", reason="建库",
        file={"uscc": names.uscc(number), "paid_in_capital_fen": YI},
    )  # fmt: skip
    return code


def evaluate(people: People, code: str, **figures: Any) -> Evaluation:
    row = services.start(actor=people["admission"], today=TODAY, partner_code=code, year=2025)
    for metric, figure in {**EVEN, **figures}.items():
        row = services.state(
            actor=people["admission"], today=TODAY, evaluation_id=row.pk, metric=metric, figure=Decimal(figure), reason="年报"
        )
    return row


def one(row: Evaluation, metric: str) -> dict[str, Any]:
    row.refresh_from_db()
    return next(each for each in row.rows if each["key"] == metric)


def test_a_second_institution_moves_the_first(people: People) -> None:
    """PAR-04: alone it is measured by targets; with others by its place, without anybody pressing a button."""
    first = evaluate(people, member(people, "YIHE", 801))
    assert (first.score, {row["basis"] for row in first.rows}) == (Decimal("100.00"), {"TARGET"})
    evaluate(people, member(people, "ERHE", 802), compensation_rate="0.01", new_volume=9 * YI)
    assert one(first, "compensation_rate") | {"points": "0.00", "rank": 2, "count": 2, "low": "0.01"} == one(
        first, "compensation_rate"
    )
    assert one(first, "new_volume")["points"] == "0.00"
    assert one(first, "leverage")["basis"] == "TARGET"  # both are the same in that
    assert first.score == Decimal("70.00")  # 15 and 15 of 100 are lost
    assert first.grade == "C"


def test_nobody_approves_a_score_that_has_moved(people: People) -> None:
    """PAR-04: the score that was read is gone when another institution states its figures; an approved one stays."""
    first = evaluate(people, member(people, "YIHE", 801))
    services.submit(actor=people["admission"], today=TODAY, evaluation_id=first.pk, opinion="属实")
    second = evaluate(people, member(people, "ERHE", 802), return_rate="0.6")
    told: dict[str, Any] = {"actor": people["risk"], "today": TODAY, "evaluation_id": first.pk}
    with pytest.raises(ScoreMoved):
        services.approve(**told, seen=Decimal("100.00"))
    approved = services.approve(**told, seen=Decimal("90.00"))
    assert (approved.grade, approved.score) == ("A", Decimal("90.00"))
    services.state(
        actor=people["admission"],
        today=TODAY,
        evaluation_id=second.pk,
        metric="return_rate",
        figure=Decimal("0.1"),
        reason="更正",
    )
    assert one(first, "return_rate")["points"] == "0.00"
    assert first.score == Decimal("90.00")
    assert one(second, "return_rate")["rank"] == 2  # the approved one's figure stays in the field


def test_another_year_is_another_field(people: People) -> None:
    first = evaluate(people, member(people, "YIHE", 801))
    other = member(people, "ERHE", 802)
    services.start(actor=people["admission"], today=TODAY, partner_code=other, year=2024)
    assert one(first, "new_volume")["count"] == 1


def test_who_is_behind_a_rank(people: People, django_assert_num_queries: Any) -> None:
    """PAR-04: the field of a metric, the best first, in one statement whatever there is; and who is not in it yet."""
    for number, code in enumerate(("YIHE", "ERHE", "SANHE")):
        evaluate(people, member(people, code, 801 + number), compensation_rate=f"0.0{number + 1}")
    with django_assert_num_queries(1):
        rows = queries.field(year=2025, metric="compensation_rate")
    assert [(row["evaluation"].partner_code, row["rank"], row["points"]) for row in rows] == [
        ("YIHE", 1, "100.00"), ("ERHE", 2, "50.00"), ("SANHE", 3, "0.00"),
    ]  # fmt: skip
    before = queries.not_opened(year=2025)
    member(people, "SIHE", 804)
    assert queries.not_opened(year=2025) == before + 1


def test_two_who_state_figures_at_once(fresh_database: None) -> None:
    """PAR-04: two officers, two institutions, one field: neither waits for ever, and the places fit the last figures."""
    with inside(house(GROUP)):
        people = staff(GROUP)
        rows = [evaluate(people, member(people, code, 801 + number)) for number, code in enumerate(("YIHE", "ERHE"))]

    def state(row: Evaluation, figure: str) -> Callable[[], Evaluation]:
        told: dict[str, Any] = {"evaluation_id": row.pk, "metric": "filing_rate", "figure": Decimal(figure), "reason": "更正"}
        return lambda: services.state(actor=people["admission"], today=TODAY, **told)

    found = at_once(GROUP, state(rows[0], "0.2"), state(rows[1], "0.7"))
    assert not [each for each in found if isinstance(each, Exception)]
    with inside(house(GROUP)):
        assert [(one(row, "filing_rate")["rank"], one(row, "filing_rate")["points"]) for row in rows] == [
            (2, "0.00"), (1, "100.00"),
        ]  # fmt: skip
