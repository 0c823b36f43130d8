"""Reads of files."""

from __future__ import annotations

from django.db.models import QuerySet

from kernel.documents.models import Document


def of(subject: str) -> QuerySet[Document]:
    """The files of one thing, oldest first."""
    return Document.objects.filter(subject=subject, removed_at=None)
