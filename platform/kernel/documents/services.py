"""Keep and hand out files. The caller has checked that the user may see `subject` (fetch-as-permission)."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from io import BytesIO
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from kernel.audit import services as audit
from kernel.documents.models import Document
from kernel.documents.storage import store as open_store
from kernel.errors import Invalid, NotFound, gettext_noop

# What the first bytes say, not what the sender says (design.md 10).
_SIGNATURES: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"%PDF-", "application/pdf", ("pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument", ("docx", "xlsx")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", ("doc", "xls")),
)
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
}


class TooLarge(Invalid):
    code = "FILE_TOO_LARGE"
    sentence = gettext_noop("%(name)s is larger than %(limit)s MB. Make it smaller or split it.")


class WrongType(Invalid):
    code = "FILE_TYPE"
    sentence = gettext_noop("%(name)s is not a PDF, picture, Word, Excel or CSV file, or its content does not match its name.")


class NoSuchDocument(NotFound):
    code = "NO_SUCH_DOCUMENT"
    sentence = gettext_noop("There is no such file here.")


def _typed(name: str, head: bytes) -> str:
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    for signature, content_type, endings in _SIGNATURES:
        if head.startswith(signature):
            if ending not in endings:
                raise WrongType(field="file", name=name)
            return _OFFICE.get(ending, content_type)
    if ending in ("csv", "txt") and b"\x00" not in head:
        return "text/plain"
    raise WrongType(field="file", name=name)


def clean_name(name: str) -> str:
    """A name that is no path and fits its column; the ending stays, and no mark of direction shows another one."""
    return re.sub(r"[\x00-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]", "_", name)[-200:]


def read_all(*, name: str, file: BinaryIO) -> bytes:
    """The bytes of a file. Raises `TooLarge` above settings.UPLOAD_MAX_BYTES."""
    limit = settings.UPLOAD_MAX_BYTES
    data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(field="file", name=name, limit=limit // (1024 * 1024))
    return data


@transaction.atomic
def store(*, actor: Any, today: date, subject: str, name: str, file: BinaryIO, kind: str = "") -> Document:
    """Keep a file. Raises `TooLarge` (settings.UPLOAD_MAX_BYTES) and `WrongType`.

    The bytes are put before the row commits: a crash between leaves an unreferenced object, never a row without bytes.
    """
    name = clean_name(name)
    data = read_all(name=name, file=file)
    document = described(actor=actor, today=today, subject=subject, name=name, kind=kind, data=data)
    open_store().put(key_of(document), BytesIO(data), document.content_type)
    document.save(force_insert=True)
    audit.leave(actor=actor, act="documents.store", subject=subject, facts={"name": name, "sha256": document.sha256})
    return document


def described(*, actor: Any, today: date, subject: str, name: str, kind: str, data: bytes) -> Document:
    """The row of a file, not yet saved. Raises `WrongType`."""
    return Document(
        subject=subject,
        kind=kind,
        name=name,
        content_type=_typed(name, data[:1024]),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        by_id=actor.id,
        by=actor.label,
        on=today,
    )


def key_of(document: Document) -> str:
    """Where the bytes of a file of the house we are inside lie."""
    return f"{connection.schema_name}/{document.id}"


def fetch(*, subject: str, document_id: Any) -> tuple[Document, BinaryIO]:
    """A file of this subject and its open stream. Raises `NoSuchDocument` when it belongs to something else."""
    document = Document.objects.filter(id=document_id, subject=subject, removed_at=None).first()
    if document is None:
        raise NoSuchDocument
    return document, open_store().open(key_of(document))


@transaction.atomic
def remove(*, actor: Any, subject: str, document_id: Any) -> None:
    """Take a file out of sight. Its bytes and its row stay for the record."""
    changed = Document.objects.filter(id=document_id, subject=subject, removed_at=None).update(removed_at=timezone.now())
    if not changed:
        raise NoSuchDocument
    audit.leave(actor=actor, act="documents.remove", subject=subject, facts={"document": str(document_id)})
