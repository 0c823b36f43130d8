"""The consolidated page: totals and how they moved, a year of months, and every dimension with the way to its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from reguarantee.monitoring.figures import IN_FORCE, MEASURES, TOTAL, listed, sums
from reguarantee.monitoring.projector import month_ends
from reguarantee.monitoring.queries.book import read
from reguarantee.monitoring.queries.labels import COVERAGES, coverage_label, industry_label

Figures = dict[str, int]
_NOTHING: Figures = dict.fromkeys(MEASURES, 0)
_STILL: Figures = dict.fromkeys(IN_FORCE, 0)


@dataclass(frozen=True)
class Line:
    """One key of a dimension; `wanted` are the query parameters of the list of guarantees behind it."""

    key: str
    label: str
    wanted: dict[str, str]
    figures: Figures


@dataclass(frozen=True)
class Overview:
    """Figures of the consolidated page (names: monitoring.figures.MEASURES, fen and counts)."""

    as_of: date
    total: Figures
    month_end: Figures
    """In-force figures at the end of last month."""
    year_ago: Figures
    """In-force figures at the end of the same month a year before that."""
    approved: dict[str, Figures]
    """New business by month of approval: this_month, last_month, same_month_last_year."""
    members: list[Line]
    banks: list[Line]
    """The ten with the largest balance."""
    industries: list[Line]
    regions: list[Line]
    coverage: list[Line]
    """Always COVERED, PARTLY, UNCOVERED."""
    months: list[Line]
    """The twelve months up to this one by month of approval, empty ones too."""
    balances: list[tuple[date, Figures]]
    """In-force figures at the last twelve month ends, and on the day itself."""


def overview(*, as_of: date, top: int = 10) -> Overview:
    """Everything on the consolidated page, in two statements when the marginals hold for `as_of`."""
    recent = [_month(as_of, back) for back in range(12, -1, -1)]
    # The page shows a year of months; a book of decades has hundreds.
    found = read(
        (TOTAL, "MEMBER", "BANK", "INDUSTRY", "REGION", "COVERAGE", "MONTH"),
        as_of=as_of,
        where=f"(m.dimension <> 'MONTH' or m.key >= '{recent[0]}')",
    )
    by: dict[str, dict[str, Figures]] = {}
    for key, *values, dimension in found:
        by.setdefault(dimension, {})[key] = dict(zip(MEASURES, values, strict=True))
    ends = _at_month_ends(as_of)
    total = by.get(TOTAL, {}).get("", _NOTHING)
    months = by.get("MONTH", {})
    names = _member_names()
    days = sorted(ends)
    return Overview(
        as_of=as_of,
        total=total,
        month_end=ends[days[-1]],
        year_ago=ends[days[0]],
        approved={
            "this_month": months.get(recent[-1], _NOTHING),
            "last_month": months.get(recent[-2], _NOTHING),
            "same_month_last_year": months.get(recent[0], _NOTHING),
        },
        members=_lines("member", by.get("MEMBER", {}), lambda code: names.get(code, code)),
        banks=_lines("bank", by.get("BANK", {}), str)[:top],
        industries=_lines("industry", by.get("INDUSTRY", {}), industry_label),
        regions=_lines("region", by.get("REGION", {}), str),
        coverage=[_line("coverage", code, coverage_label, by.get("COVERAGE", {}).get(code, _NOTHING)) for code in COVERAGES],
        months=[_line("month", key, str, months.get(key, _NOTHING)) for key in recent[1:]],
        balances=[*((day, ends[day]) for day in days[1:]), (as_of, {name: total[name] for name in IN_FORCE})],
    )


def lines(*, by: str, as_of: date) -> list[Line]:
    """All keys of one dimension for a page of its own, the largest balance first (months: newest first)."""
    figures = {key: dict(zip(MEASURES, values, strict=True)) for key, *values, _ in read((by.upper(),), as_of=as_of)}
    names = _member_names() if by == "member" else {}
    labels: dict[str, Callable[[str], str]] = {
        "member": lambda code: names.get(code, code),
        "industry": industry_label,
        "coverage": coverage_label,
    }
    found = _lines(by, figures, labels.get(by, str))
    return sorted(found, key=lambda line: line.key, reverse=True) if by == "month" else found


def _lines(name: str, figures: dict[str, Figures], label: Callable[[str], str]) -> list[Line]:
    order = sorted(figures.items(), key=lambda row: (-row[1]["in_force_balance_fen"], -row[1]["guaranteed_fen"], row[0]))
    return [_line(name, key, label, row) for key, row in order]


def _line(name: str, key: str, label: Callable[[str], str], figures: Figures) -> Line:
    return Line(key, label(key), {name: key}, figures)


def _month(day: date, back: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return f"{year:04d}-{month + 1:02d}"


def _member_names() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("select code, name from monitoring_member")
        return dict(cursor.fetchall())


def _at_month_ends(as_of: date) -> dict[date, Figures]:
    """In-force figures at the thirteen month ends before `as_of`; those not kept are added up from the facts."""
    wanted = month_ends(as_of)
    columns = listed(IN_FORCE)
    found: dict[date, Figures] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"select as_of, {columns} from monitoring_monthend where as_of = any(%s)", [wanted])
        rows: list[Any] = cursor.fetchall()
        missing = sorted(set(wanted) - {row[0] for row in rows})
        if missing:
            cursor.execute(
                f"select w.as_of, {listed(IN_FORCE, 't.{0}')} from unnest(%s::date[]) w(as_of) cross join lateral"
                f" (select {sums(IN_FORCE)} from monitoring_standing(w.as_of) s where s.in_force) t",
                [missing],
            )
            rows += cursor.fetchall()
    for day, *values in rows:
        found[day] = dict(zip(IN_FORCE, values, strict=True))
    return {day: found.get(day, _STILL) for day in wanted}
