"""All evaluations of a year ranked together: what one institution states moves the field of all others (domain.md 5.12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from kernel.parameters.queries import value
from reguarantee.admission.judging.evaluation import METRICS, Place, grade, places, total
from reguarantee.admission.models import Evaluation
from reguarantee.admission.services.cases import written

KEY = "rg.evaluation."


def alone(year: int) -> None:
    """One at a time until the transaction ends: no row stands for a year's field, hence raw SQL.

    Taken before any evaluation's row, so that two who state figures of different institutions cannot wait for each other,
    and neither ranks by a field that the other is about to change.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('evaluation'), %s)", [year])


def rank(year: int, *, today: date) -> dict[int, Evaluation]:
    """Score every evaluation of the year by the present field and save those that changed; the caller holds `alone`.

    An approved one stays as it was approved, and its figures stay in the field. Returns the year's evaluations by id.
    """
    rows = {row.pk: row for row in Evaluation.objects.filter(year=year).order_by("pk")}
    told = {pk: {one["key"]: one for one in row.rows} for pk, row in rows.items()}
    codes = {row.partner_code: pk for pk, row in rows.items() if told[pk]}
    found = {metric: _of_metric(metric, codes, told) for metric in METRICS}
    cuts = {letter: value(f"{KEY}cut.{letter.lower()}", on=today) for letter in "ABC"}
    factors = {letter: value(f"{KEY}factor.{letter.lower()}", on=today) for letter in "ABCD"}
    changed = []
    for code, pk in codes.items():
        row = rows[pk]
        if row.state == Evaluation.State.APPROVED:
            continue
        before = row.metrics, row.score, row.grade, row.factor
        for metric in METRICS:
            told[pk][metric].update(_shown(found[metric][code]))
        weights = {metric: Decimal(told[pk][metric]["weight"]) for metric in METRICS}
        row.metrics = written(list(told[pk].values()))
        row.score = total({metric: found[metric][code].points for metric in METRICS}, weights)
        row.grade = grade(row.score, cuts)
        row.factor = factors[row.grade]
        if before != (row.metrics, row.score, row.grade, row.factor):
            changed.append(row)
    Evaluation.objects.bulk_update(changed, ["metrics", "score", "grade", "factor"])
    return rows


def _of_metric(metric: str, codes: dict[str, int], told: dict[int, dict[str, Any]]) -> dict[str, Place]:
    rows = {code: told[pk][metric] for code, pk in codes.items()}
    return places(
        metric,
        {code: None if row["value"] is None else Decimal(row["value"]) for code, row in rows.items()},
        targets={code: Decimal(row["target"]) for code, row in rows.items()},
        limits={code: Decimal(row["limit"]) for code, row in rows.items()},
    )


def _shown(place: Place) -> dict[str, Any]:
    return {
        "points": str(place.points),
        "basis": place.basis,
        "low": None if place.low is None else str(place.low),
        "high": None if place.high is None else str(place.high),
        "rank": place.rank,
        "count": place.count,
    }
