"""What belongs to no single room: search and messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from design.answers import saved
from kernel.access.permissions import may, signed_in
from kernel.errors import NotFound
from kernel.notices import queries, services
from reguarantee.console.pages import posted, today
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries as monitoring
from reguarantee.treaties import queries as treaties

_FOUND = 8


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Numbers and customers over filings, treaties and the consolidated book; a whole number opens its page at once."""
    words = request.GET.get("q", "").strip()
    found = _found(request.user, words) if words else []
    exact = [hit["url"] for part in found for hit in part["hits"] if hit["title"] == words]
    if len(exact) == 1:
        return HttpResponseRedirect(exact[0])
    context = {
        "title": _("Search"),
        "words": words,
        "search_words": words,
        "found": found,
        "total": sum(len(part["hits"]) for part in found),
    }
    return render(request, "console/office/search.html", context)


def _found(user: Any, words: str) -> list[dict[str, Any]]:
    """Parts with at most so many hits each; whether there are more is known by asking for one more."""
    parts = (
        ("monitoring.view", _("Guarantees"), "console:guarantees", {"search": words}, _guarantees),
        ("filings.view", _("Filings"), "console:filings", {"q": words}, _filings),
        ("treaties.view", _("Treaties"), "console:treaties", {"q": words}, _treaties),
    )
    told = []
    for code, label, view, query, find in parts:
        if may(user, code):
            hits = find(words)
            url = f"{reverse(view)}?{urlencode(query)}"
            told.append({"label": label, "hits": hits[:_FOUND], "more": len(hits) > _FOUND, "url": url})
    return told


def _guarantees(words: str) -> list[dict[str, Any]]:
    page = monitoring.guarantees(wanted=monitoring.Wanted(search=words), as_of=today(), size=_FOUND + 1)
    return [
        {
            "title": row["number"],
            "url": reverse("console:guarantee", args=[row["member_code"], row["guarantee_id"]]),
            "note": f"{row['customer_name']} · {row['member_name']}",
            "fen": row["guaranteed_fen"],
            "state": row["state"],
            "label": monitoring.state_label(row["state"]),
        }
        for row in page.rows
    ]


def _filings(words: str) -> list[dict[str, Any]]:
    return [
        {
            "title": row.number,
            "url": reverse("console:filing", args=[row.pk]),
            "note": f"{row.obligor_name} · {row.member_code}",
            "fen": row.guaranteed_fen,
            "state": row.status,
            "label": row.get_status_display(),
        }
        for row in _some(filings.listing(q=words))
    ]


def _treaties(words: str) -> list[dict[str, Any]]:
    return [
        {
            "title": row.code,
            "url": reverse("console:treaty", args=[row.code]),
            "note": row.title,
            "fen": None,
            "state": row.status,
            "label": row.get_status_display(),
        }
        for row in _some(treaties.listing(today=today(), q=words))
    ]


def _some(rows: Any) -> Any:
    """So many as are shown, and one more that says whether there are others."""
    return rows[: _FOUND + 1]


def _told(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Messages in the reader's language."""
    return [{"id": row.pk, "text": _(row.sentence) % row.facts, "at": row.at, "unread": row.read_at is None} for row in rows]


@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.of(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "console/office/notices.html", {"title": _("Messages"), "notices": _told(page), "page": page})


@signed_in
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one message: mark it and go to what it is about."""
    found = queries.of(request.user).filter(pk=pk).first()
    if found is None:
        raise NotFound
    services.mark_read(actor=request.user, notice_id=pk)
    ours = found.url and url_has_allowed_host_and_scheme(found.url, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(found.url if ours else reverse("console:notices"))


@signed_in
@posted
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(actor=request.user)
    return saved(request, "console:notices", _("All messages are marked as read."))


@signed_in
def bell(request: HttpRequest) -> HttpResponse:
    return render(request, "design/bell.html")
