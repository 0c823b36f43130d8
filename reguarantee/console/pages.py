"""The console's pages answer as all pages do (desks.pages), and for the day that was asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from design.forms import DayField
from desks.pages import acted, answered, came_from, dialog, form_page, here, page, posted, sent, today
from kernel.errors import Invalid, gettext_noop

__all__ = [
    "acted", "answered", "asked_day", "came_from", "day_words", "dialog", "form_page", "here", "page", "posted", "rows_url",
    "sent", "today", "with_day",
]  # fmt: skip


class BadDay(Invalid):
    """A page was asked for a day that is none, or that has not come yet."""

    code = "BAD_DAY"
    sentence = gettext_noop("“%(text)s” is not a day up to today.")


def asked_day(request: HttpRequest) -> date:
    """The day the figures are for: `?as_of=`, else today. Raises `BadDay`."""
    text = request.GET.get("as_of", "").strip()
    if not text:
        return today()
    try:
        day = DayField().clean(text)
    except ValidationError:
        raise BadDay(field="as_of", text=text[:20]) from None
    if day > today():
        raise BadDay(field="as_of", text=text[:20])
    return day


def day_words(day: date) -> dict[str, str]:
    """The query parameter that keeps a page on its day; none for today, so that a kept link stays current."""
    return {} if day == today() else {"as_of": day.isoformat()}


def rows_url(wanted: Mapping[str, str], day: date, **more: str) -> str:
    """The list of the guarantees behind a figure (`queries.Wanted.parameters`) on its day."""
    words = urlencode({**wanted, **more, **day_words(day)})
    return f"{reverse('console:guarantees')}{'?' if words else ''}{words}"


def with_day(url: str, day: date) -> str:
    """A page of the console on the same day."""
    words = urlencode(day_words(day))
    return f"{url}?{words}" if words else url
