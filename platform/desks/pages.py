"""How every page of a house answers, in the portal and in the console: on which day, and what becomes of a refusal.

A view never catches a `DomainError` only to show it. What a form can show, the form shows (`form.catching`); everything
else becomes the 404 or 403 page, a toast, or a sentence on the page the person came from; never a 500.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from design.answers import say, toast
from design.forms import Form
from kernel.documents import services as documents
from kernel.errors import DomainError, NotFound

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request after the middleware: of a person of this institution, perhaps by htmx."""

    user: Any
    htmx: Any
    institution: Any


def today() -> date:
    """The day on which people act; the domain reads no clock."""
    return timezone.localdate()


def page(route: str, view: View, name: str) -> URLPattern:
    """A URL whose refusals are answered in words."""
    return path(route, answered(view), name=name)


def answered(view: View) -> View:
    """Turn a refusal that reaches the edge of a view into an answer that a person can use."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
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
    if refusal.status == 403:
        return render(request, "403.html", {"reason": sentence}, status=403)
    return render(request, "desks/refused.html", {"title": sentence}, status=refusal.status)


def posted(view: View) -> View:
    """A verb: it is pressed, never opened."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    return run


def sent(request: HttpRequest) -> Any:
    """What a form was sent, even if that is nothing at all; None when it is only shown."""
    return request.POST if request.method == "POST" else None


def acted(request: HttpRequest, form: Form, verb: Callable[..., Any], /, **told: Any) -> bool:
    """Whether the form was sent, is in order, and `verb` took it. What the verb answered is then `form.made`.

    The verb is called once, by the person who asks, today, with `told` and with what the form gives (`Form.given`: the
    cleaned fields, unless the form says otherwise). A refusal becomes an error of the form, at its field when it names one.

        form = ReasonForm(sent(request))
        if acted(request, form, services.cancel, order_id=pk):
            return saved(request, here(request, "money"), _("Cancelled."))
        return dialog(request, form, title=_("Cancel the payment"), submit=_("Cancel the payment"))   # or form_page
    """
    if not form.is_valid():
        return False
    with form.catching():
        form.made = verb(actor=request.user, today=today(), **told, **form.given())
    return form.is_valid()


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


def here(request: HttpRequest, name: str, *args: Any) -> str:
    """The address of a page in the face that was asked: `here(request, "meeting", 3)` is portal: or console:meeting."""
    return reverse(f"{request.resolver_match.namespace}:{name}", args=args)


def handed(subject: str, document_id: Any) -> HttpResponseBase:
    """A stored file, when the view has checked that the person may see its subject.

    Always as an attachment: nothing that was uploaded is shown inside our pages (design.md 10).
    """
    document, stream = documents.fetch(subject=subject, document_id=document_id)
    response = FileResponse(stream, as_attachment=True, filename=document.name, content_type=document.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
