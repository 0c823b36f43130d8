"""How every page of the portal answers: on which day, and what becomes of a refusal.

A view never catches a `DomainError` only to show it. What a form can show, the form shows (`form.catching`);
everything else becomes the 404 or 403 page, or a sentence on the page the person came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from design.answers import say, toast
from kernel.errors import DomainError, NotFound

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request after the middleware: of a person of this institution, perhaps by htmx."""

    user: Any
    htmx: Any
    institution: Any


def today() -> date:
    """The day on which people of this institution act; the domain reads no clock."""
    return timezone.localdate()


def page(route: str, view: View, name: str) -> URLPattern:
    """A URL of the portal whose refusals are answered in words."""
    return path(route, answered(view), name=name)


def answered(view: View) -> View:
    """Turn a refusal that reaches the edge of a view into an answer a person can use; never into a 500."""

    @wraps(view)
    def run(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFound as missing:
            return _missing(request, say(missing))
        except DomainError as refusal:
            return _refused(request, refusal)

    return run


def _missing(request: Request, sentence: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return toast(HttpResponse(status=204), sentence, tone="danger")
    return render(request, "404.html", {"reason": sentence}, status=404)


def _refused(request: Request, refusal: DomainError) -> HttpResponse:
    sentence = say(refusal)
    if getattr(request, "htmx", False):
        return toast(HttpResponse(status=204), sentence, tone="danger")
    if request.method in ("GET", "HEAD"):
        return render(request, "403.html", {"reason": sentence}, status=refusal.status if refusal.status == 403 else 409)
    messages.error(request, sentence)
    return HttpResponseRedirect(came_from(request))


def came_from(request: Request, otherwise: str = "/") -> str:
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


def form_page(request: Request, template: str, form: Any, **more: Any) -> HttpResponse:
    """A page around a form; 422 when what was sent cannot stand."""
    return render(request, template, {"form": form, **more}, status=422 if form.is_bound else 200)


def with_present(choices: Sequence[tuple[str, Any]], value: str | None) -> list[tuple[str, Any]]:
    """Choices that include the value asked for: a link from a chart may name what a list of partners no longer holds."""
    known = list(choices)
    if value and value not in dict(known):
        known.append((value, value))
    return known
