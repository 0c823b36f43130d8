"""Reads of imports."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language

from kernel.intake.models import ImportBatch, ImportReject
from kernel.intake.services import NoSuchImport


def batches() -> QuerySet[ImportBatch]:
    """Imports of this house, newest first."""
    return ImportBatch.objects.all()


def one(batch_id: int) -> ImportBatch:
    """One import. Raises NoSuchImport."""
    found = ImportBatch.objects.filter(pk=batch_id).first()
    if found is None:
        raise NoSuchImport
    return found


def rejects(batch_id: int) -> QuerySet[ImportReject]:
    """Kept rejects of an import in the file's order, each with .line .column .code .reason .cells."""
    return ImportReject.objects.filter(batch_id=batch_id)


def mappings(target: str) -> list[tuple[str, str]]:
    """(name, title) of the mappings that feed a target, for a choice on a page."""
    language = "en" if (get_language() or "zh").startswith("en") else "zh"
    found = []
    for path in sorted(Path(settings.INTAKE_MAPPINGS).glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["target"] == target:
            found.append((document["name"], document.get("title", {}).get(language, document["name"])))
    return found
