"""The papers of an agreement: the signed scan, annexes. Handed out as attachments only (design.md 10)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.forms import UploadForm
from desks.pages import acted, dialog, sent
from kernel.access.permissions import needs
from kernel.documents import services as documents
from reguarantee.treaties import queries


def subject(treaty: Any) -> str:
    """Under which name the papers of a treaty are kept."""
    return f"treaty:{treaty.pk}"


@needs("treaties.view")
def fetch(request: HttpRequest, code: str, paper: UUID) -> HttpResponseBase:
    document, stream = documents.fetch(subject=subject(queries.get(code)), document_id=paper)
    response = FileResponse(stream, as_attachment=True, filename=document.name, content_type=document.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@needs("treaties.edit")
def add(request: HttpRequest, code: str) -> HttpResponse:
    treaty = queries.get(code)
    form = UploadForm(sent(request), request.FILES or None)
    if acted(request, form, documents.store, subject=subject(treaty)):
        return saved(request, reverse("console:treaty", args=[code]), _("The file is kept."))
    return dialog(request, form, title=_("Add a file"), submit=_("Upload"))
