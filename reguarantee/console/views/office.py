"""What belongs to no single room: the search."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kernel.access.permissions import may, signed_in
from reguarantee.console.pages import today
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
