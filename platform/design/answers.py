"""What a view says back: saved-and-go-on, a short toast, the figures of a chart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext

from kernel.errors import DomainError


def saved(request: HttpRequest, to: Any, text: str = "", *, tone: str = "success") -> HttpResponse:
    """Say `text` and go to a URL, view name or object; right for plain forms, htmx and dialogs alike."""
    if text:
        messages.add_message(request, getattr(messages, tone.upper()), text)
    url = resolve_url(to)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def toast(response: HttpResponse, text: str, *, tone: str = "success", **events: Any) -> HttpResponse:
    """Add a toast, and other browser events, to the answer of an htmx request. tone: success, info, warning, danger."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": str(text), "tone": tone}, **events})
    return response


KINDS = ("bar", "line", "mix", "stack", "rank", "pie", "map")


def chart(
    *, kind: str, categories: Sequence[Any], series: Sequence[dict[str, Any]], unit: str = "", summary: str = ""
) -> JsonResponse:
    """The JSON that <c-chart> draws. A datum is a number or {"value", "url"}; `url` opens the rows behind it."""
    if kind not in KINDS:
        raise ValueError(f"chart kind {kind!r} is none of {', '.join(KINDS)}")
    if kind in ("pie", "map") and len(series) != 1:
        raise ValueError(f"a {kind} takes one series")
    for one in series:
        if len(one["data"]) != len(categories):
            raise ValueError(f"series {one.get('name')!r} has {len(one['data'])} figures for {len(categories)} categories")
    body = {"kind": kind, "categories": list(categories), "series": list(series), "unit": str(unit), "summary": str(summary)}
    return JsonResponse(body, headers={"Cache-Control": "private, no-store"})


def say(error: DomainError) -> str:
    """The sentence of a refusal in the reader's language."""
    sentence = gettext(error.sentence)
    return sentence % error.facts if error.facts else sentence.replace("%%", "%")
