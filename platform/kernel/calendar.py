"""Dates that contracts count: months, inclusive days, and Chinese working days.

Working days follow the yearly notice of the State Council, which moves weekends around holidays
(调休); they cannot be derived from weekdays (domain.md 8.6.5). The notices up to the newest one known
come with `chinesecalendar`; a later year is added as data. A year nobody has entered is an error, never a
guess by weekday.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar

from kernel.errors import Invalid, gettext_noop

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class UnknownYear(Invalid):
    """Working days of a year whose notice has not been entered."""

    code = "CALENDAR_YEAR_UNKNOWN"
    sentence = gettext_noop("The working days of %(year)s have not been entered in the calendar.")


def add_months(start: date, months: int) -> date:
    """Return the same day `months` later (or earlier); a day that month lacks becomes its last day.

    2026-01-31 + 12 is 2027-01-31; 2026-08-31 + 6 is 2027-02-28 (domain.md 8.6.5).
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def whole_months(start: date, end: date) -> int:
    """Return the largest n with add_months(start, n) <= end; negative when end comes first."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def inclusive_days(first: date, last: date) -> int:
    """Return the days from first to last, both counted: a claim on the day itself is day 1 (domain.md 5.8.2)."""
    return (last - first).days + 1


@dataclass(frozen=True)
class YearNotice:
    """One year's arrangement: weekdays that are free and weekend days that are worked (调休)."""

    holidays: frozenset[date]
    makeup_workdays: frozenset[date]


@dataclass(frozen=True)
class WorkingDays:
    """A working-day calendar; `notices` adds, or overrides, years by number."""

    notices: Mapping[int, YearNotice] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Return whether `day` is worked. Raises UnknownYear."""
        notice = self.notices.get(day.year)
        if notice is not None:
            return day in notice.makeup_workdays or (day.weekday() < SATURDAY and day not in notice.holidays)
        try:
            return chinese_calendar.is_workday(day)
        except NotImplementedError:
            raise UnknownYear(year=day.year) from None

    def on_or_after(self, day: date) -> date:
        """Return `day` if it is worked, else the next working day."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def add(self, day: date, working_days: int) -> date:
        """Return the working day that lies `working_days` after `day` (before it, when negative).

        The day itself is not counted; zero returns `on_or_after(day)`.
        """
        if working_days == 0:
            return self.on_or_after(day)
        step = ONE_DAY if working_days > 0 else -ONE_DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Return how many working days lie in [first, last], both counted; 0 when last comes first."""
        return sum(self.is_working(first + ONE_DAY * n) for n in range(inclusive_days(first, last)))
