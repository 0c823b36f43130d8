"""One call for a list page: filter, sort, page, remember, export; whole page or fragment (ui.md 1.4 rules 1-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_tables2 import RequestConfig

from design.lists.columns import Table
from design.lists.export import spreadsheet

SIZES = (20, 50, 100)
REMEMBERED = "lists"
_PASSING = ("page", "_export", "_reset")


def _recall(request: HttpRequest) -> HttpResponse | None:
    """A bare visit returns to the filters last used here; `?_reset=1` forgets them. Kept in the session, not the browser."""
    session = getattr(request, "session", None)
    if session is None or getattr(request, "htmx", False) and "_reset" not in request.GET:
        return None
    kept = session.get(REMEMBERED, {})
    if "_reset" in request.GET:
        if kept.pop(request.path, None) is not None:
            session[REMEMBERED] = kept
        return HttpResponseRedirect(request.path)
    if not request.GET and kept.get(request.path):
        return HttpResponseRedirect(f"{request.path}?{kept[request.path]}")
    return None


def _remember(request: HttpRequest) -> None:
    session = getattr(request, "session", None)
    if session is None:
        return
    query = request.GET.copy()
    for key in [key for key, value in query.items() if key in _PASSING or not value]:
        del query[key]
    kept = session.get(REMEMBERED, {})
    if kept.get(request.path, "") != query.urlencode():
        session[REMEMBERED] = {**kept, request.path: query.urlencode()}


def list_page(
    request: HttpRequest,
    *,
    title: Any,
    table: type[Table] | Table,
    rows: Any = None,
    filterset: Any = None,
    actions: Iterable[Mapping[str, Any]] = (),
    bulk: Iterable[Mapping[str, Any]] = (),
    template: str = "design/list.html",
    context: Mapping[str, Any] | None = None,
    per_page: int = SIZES[0],
) -> HttpResponse:
    """Answer a list request.

    `actions`: buttons {label, url, icon, primary}; `bulk`: {label, url, confirm, tone} for ticked rows.
    """
    if (elsewhere := _recall(request)) is not None:
        return elsewhere
    chosen = filterset(request.GET, queryset=rows, request=request) if filterset else None
    if chosen is not None:
        rows = chosen.qs
    made = table if isinstance(table, Table) else table(rows)
    size = request.GET.get("per_page", "")
    size = int(size) if size in map(str, SIZES) else per_page
    # RequestConfig would take any per_page from the query; only ours are served.
    made.per_page_field = "_unused"
    RequestConfig(request, paginate={"per_page": size}).configure(made)
    if request.GET.get("_export") == "xlsx":
        return spreadsheet(request, made, str(title))
    _remember(request)
    partial = getattr(request, "htmx", False) and request.htmx.target in ("list", "div#list")
    return render(
        request,
        "design/list_body.html" if partial else template,
        {
            "title": title,
            "table": made,
            "filter": chosen,
            "actions": list(actions),
            "bulk": list(bulk),
            "sizes": SIZES,
            "size": size,
            "default_size": per_page,
            "filtered": any(value for key, value in request.GET.items() if key not in (*_PASSING, "sort", "per_page")),
            **(context or {}),
        },
    )
