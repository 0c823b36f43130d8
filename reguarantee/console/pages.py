"""How every page of the console answers: for which day, with which way to the rows, and what becomes of a refusal.

A form shows the refusal of its own verb (`form.catching`). Every other one becomes the 404 or 403 page, a toast, or a
sentence on the page the person came from; never a 500.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from design.answers import say, toast
from design.forms import DayField
from kernel.errors import DomainError, Invalid, NotFound, gettext_noop

View = Callable[..., HttpResponse]


class BadDay(Invalid):
    """A page was asked for a day that is none, or that has not come yet."""

    code = "BAD_DAY"
    sentence = gettext_noop("“%(text)s” is not a day up to today.")


def today() -> date:
    """The day on which people of the group act; the domain reads no clock."""
    return timezone.localdate()


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


def page(route: str, view: View, name: str) -> URLPattern:
    """A URL of the console whose refusals are answered in words."""
    return path(route, answered(view), name=name)


def answered(view: View) -> View:
    """Turn a refusal that reaches the edge of a view into an answer that a person can use."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as refusal:
            return _refused(request, refusal)

    return run


def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    sentence = say(refusal)
    if getattr(request, "htmx", False):
        return toast(HttpResponse(status=204), sentence, tone="danger")
    if isinstance(refusal, NotFound):
        return render(request, "404.html", {"reason": sentence}, status=404)
    if request.method == "POST":
        messages.error(request, sentence)
        return HttpResponseRedirect(came_from(request))
    return render(request, "console/office/refused.html", {"title": sentence}, status=refusal.status)


def posted(view: View) -> View:
    """A verb: it is pressed, never opened."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    return run


def sent(request: HttpRequest) -> Any:
    """What a form was sent, even if that is nothing at all; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def came_from(request: HttpRequest, otherwise: str = "/") -> str:
    """The page of ours that the person came from."""
    url = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if ours else otherwise


def dialog(
    request: HttpRequest, form: Any, *, title: Any, submit: Any, template: str = "design/dialog.html", **more: Any
) -> HttpResponse:
    """A form in a drawer or modal; 422 when what was sent cannot stand."""
    context = {"form": form, "title": title, "submit": submit, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def form_page(request: HttpRequest, template: str, form: Any, **more: Any) -> HttpResponse:
    """A page around a form; 422 when what was sent cannot stand."""
    return render(request, template, {"form": form, **more}, status=422 if form.is_bound else 200)
