"""Hand out a stored file. The view has checked that the person may see its subject."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase

from kernel.documents import services as documents


def handed(subject: str, document_id: Any) -> HttpResponseBase:
    """The file itself, always as an attachment: nothing that was uploaded is shown inside our pages (design.md 10)."""
    document, stream = documents.fetch(subject=subject, document_id=document_id)
    response = FileResponse(stream, as_attachment=True, filename=document.name, content_type=document.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
