"""Messages of the person who asks, and the bell that says how many are new."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from design.answers import saved
from desks.pages import Request, here, posted
from kernel.access.permissions import signed_in
from kernel.errors import NotFound
from kernel.notices import queries, services


def told(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Messages in the reader's language, as desks/office/messages.html lists them (`notices`, with the `face`)."""
    return [{"id": row.pk, "text": _(row.sentence) % row.facts, "at": row.at, "unread": row.read_at is None} for row in rows]


@signed_in
def listing(request: Request) -> HttpResponse:
    page = Paginator(queries.of(request.user), 50).get_page(request.GET.get("page"))
    face = request.resolver_match.namespace
    context = {"title": _("Messages"), "face": face, "notices": told(page), "page": page}
    return render(request, "desks/office/notices.html", context)


@signed_in
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Read one message: mark it and go to what it is about."""
    found = queries.of(request.user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    services.mark_read(actor=request.user, notice_id=pk)
    ours = found.url and url_has_allowed_host_and_scheme(found.url, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(found.url if ours else here(request, "notices"))


@signed_in
@posted
def read_all(request: Request) -> HttpResponse:
    services.mark_read(actor=request.user)
    return saved(request, here(request, "notices"), _("All messages are marked as read."))


@signed_in
def bell(request: Request) -> HttpResponse:
    return render(request, "design/bell.html")
