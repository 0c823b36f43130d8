"""kernel.calendar: months, inclusive days, working days with 调休."""

import csv
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import UnknownYear, WorkingDays, YearNotice, add_months, inclusive_days, whole_months
from tests.kernel.shared import shared_file

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
KNOWN_DAYS = st.dates(date(2005, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_are_clamped_to_the_end_of_the_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(DAYS, st.integers(-500, 500))
def test_whole_months_undo_add_months(start: date, months: int) -> None:
    end = add_months(start, months)
    assert whole_months(start, end) == months
    assert whole_months(start, end - timedelta(1)) == months - 1


@given(DAYS, DAYS)
def test_whole_months_is_the_largest_that_fits(start: date, end: date) -> None:
    months = whole_months(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)


def test_the_day_itself_is_day_one() -> None:
    compensated = date(2026, 1, 1)
    assert inclusive_days(compensated, compensated) == 1
    assert inclusive_days(compensated, date(2026, 4, 30)) == 120  # the last day of a claim, domain.md 5.8.2
    assert inclusive_days(compensated, date(2026, 5, 1)) == 121
    assert (date(2026, 5, 1) - compensated).days == 120  # the wrong way: the late day would pass


def test_working_days_are_not_weekdays() -> None:
    calendar = WorkingDays()
    sunday_worked, thursday_free = date(2026, 9, 20), date(2026, 10, 1)
    assert sunday_worked.weekday() == 6 and calendar.is_working(sunday_worked)
    assert thursday_free.weekday() == 3 and not calendar.is_working(thursday_free)
    assert calendar.on_or_after(thursday_free) == date(2026, 10, 8)
    assert calendar.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add(date(2026, 10, 8), -1) == date(2026, 9, 30)
    assert calendar.add(thursday_free, 0) == date(2026, 10, 8)
    assert calendar.between(date(2026, 10, 1), date(2026, 10, 10)) == 3  # 8, 9 and the worked Saturday 10
    assert calendar.between(date(2026, 10, 10), date(2026, 10, 1)) == 0


@given(KNOWN_DAYS, st.integers(1, 40))
def test_adding_working_days_counts_them(day: date, number: int) -> None:
    calendar = WorkingDays()
    end = calendar.add(day, number)
    assert calendar.is_working(end)
    assert calendar.between(day + timedelta(1), end) == number


def test_a_year_nobody_entered_is_an_error_and_no_guess() -> None:
    with pytest.raises(UnknownYear) as refused:
        WorkingDays().is_working(date(2090, 1, 4))
    assert refused.value.code == "CALENDAR_YEAR_UNKNOWN"
    assert "2090" in str(refused.value)
    with pytest.raises(UnknownYear):
        WorkingDays().add(date(2090, 1, 4), 3)


def test_a_year_can_be_added_and_overrides_what_came_with_the_library() -> None:
    notice = YearNotice(frozenset({date(2090, 1, 2)}), frozenset({date(2090, 1, 7)}))
    calendar = WorkingDays({2090: notice, 2026: YearNotice(frozenset(), frozenset())})
    assert not calendar.is_working(date(2090, 1, 2))  # a Monday, free
    assert calendar.is_working(date(2090, 1, 7))  # a Saturday, worked
    assert not calendar.is_working(date(2090, 1, 8)) and calendar.is_working(date(2090, 1, 3))
    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_working(date(2025, 10, 1))


def test_every_day_agrees_with_the_published_notices() -> None:
    by_year: dict[int, dict[str, set[date]]] = defaultdict(lambda: {"holiday": set(), "makeup_workday": set()})
    with shared_file("ref/cn_holidays.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            day = date.fromisoformat(row["date"])
            by_year[day.year][row["kind"]].add(day)
    calendar, checked = WorkingDays(), 0
    for year, days in by_year.items():
        own = WorkingDays({year: YearNotice(frozenset(days["holiday"]), frozenset(days["makeup_workday"]))})
        for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
            day = date(year, 1, 1) + timedelta(offset)
            assert calendar.is_working(day) == own.is_working(day), day
            checked += 1
    assert checked > 8000
