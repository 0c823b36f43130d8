"""One search over all that a face finds: a whole number opens its page at once, else the first hits of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from desks.pages import here
from kernel.access.permissions import may

_SHOWN = 8


@dataclass(frozen=True)
class Hit:
    """One thing found; `state` is a code, `label` what it is called, `fen` the amount where it has one."""

    title: str
    url: str
    note: str
    state: str
    label: str
    fen: int | None = None


@dataclass(frozen=True)
class Kind:
    """What is searched by whoever holds `needs`; `find(user, words, limit)` gives at most so many hits.

    `view` names the list of the same things in the face, which takes the words under the name `query`.
    """

    label: Any
    needs: str
    view: str
    find: Callable[[Any, str, int], Iterable[Hit]]
    query: str = "q"


def answer(request: HttpRequest, kinds: Iterable[Kind], hint: str) -> HttpResponse:
    """The page of what was asked for; `hint` says what can be looked for. Only what the person's roles open is searched."""
    words = request.GET.get("q", "").strip()
    found = [_found(request, kind, words) for kind in kinds if may(request.user, kind.needs)] if words else []
    exact = [hit.url for part in found for hit in part["hits"] if hit.title == words]
    if len(exact) == 1:
        return HttpResponseRedirect(exact[0])
    context = {
        "title": _("Search"), "words": words, "search_words": words, "hint": hint,
        "found": [part for part in found if part["hits"]],
    }  # fmt: skip
    return render(request, "desks/office/search.html", context)


def _found(request: HttpRequest, kind: Kind, words: str) -> dict[str, Any]:
    """At most so many hits; whether there are more is known by asking for one more."""
    hits = list(kind.find(request.user, words, _SHOWN + 1))
    url = f"{here(request, kind.view)}?{urlencode({kind.query: words})}"
    return {"label": kind.label, "hits": hits[:_SHOWN], "more": len(hits) > _SHOWN, "url": url}
