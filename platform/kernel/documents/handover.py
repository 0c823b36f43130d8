"""A file goes from one house to another: the sender lays a copy aside, the letter names it, the reader takes it over.

The copy lies under `handover/<code of the house it is for>/<key>`. The last part cannot be guessed (a keyed hash under the
program's secret), so only a house that was told it can ask for it, and only the house it is addressed to is given it. The
same file offered to the same house again has the same key, and taking it again for the same thing gives the same
document: a letter that is sent twice, or a claim that comes back with old and new papers, leaves no doubles.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from kernel.audit import services as audit
from kernel.documents.models import Document
from kernel.documents.services import clean_name, described, fetch, key_of, read_all
from kernel.documents.storage import store as open_store
from kernel.errors import Invalid, NotAllowed, gettext_noop

_KEY = re.compile(r"handover/([a-z][a-z0-9]*)/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


class NotAddressed(NotAllowed):
    code = "HANDOVER_NOT_ADDRESSED"
    sentence = gettext_noop("This file was not handed over to this institution. Ask the sender to send it again.")


class Damaged(Invalid):
    code = "HANDOVER_DAMAGED"
    sentence = gettext_noop(
        "%(name)s is not the file that was sent: its content has changed on the way. Ask the sender to send it again."
    )


def offer(*, subject: str, document_id: Any, to: str) -> dict[str, Any]:
    """Lay a copy of this house's file aside for another house; `to` is its code (`GROUP`, `ANHE`) or its schema.

    Returns what the letter carries: `{"name", "sha256", "key", "size" (bytes), "content_type"}`. Raises `NoSuchDocument`,
    `FileGone` and `Damaged` when the stored bytes are no longer those of the row. Call it in the verb that posts the letter:
    a roll-back leaves a copy that nobody was told of.
    """
    document, stream = fetch(subject=subject, document_id=document_id)
    with stream:
        data = stream.read()
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise Damaged(name=document.name)
    key = f"handover/{_address(to)}/{_secret(document, _address(to))}"
    open_store().put(key, BytesIO(data), document.content_type)
    return {
        "name": document.name,
        "sha256": document.sha256,
        "key": key,
        "size": document.size,
        "content_type": document.content_type,
    }


@transaction.atomic
def take(*, actor: Any, today: date, subject: str, kind: str, offered: dict[str, Any]) -> Document:
    """Copy an offered file into the house we are inside, as a file of `subject` in slot `kind`.

    `offered` is what `offer` returned, in the words of another house: nothing in it is believed. The type is read from the
    bytes. Idempotent: the same key for the same subject and slot gives the same document; two readers at once, too.
    Raises `NotAddressed`, `FileGone`, `TooLarge`, `WrongType` and `Damaged` (other bytes than the digest says).
    """
    key, name = str(offered.get("key", "")), clean_name(str(offered.get("name", "")))
    found = _KEY.fullmatch(key)
    if found is None or found[1] != _address(connection.schema_name):
        raise NotAddressed
    number = uuid5(UUID(found[2]), f"{subject}\n{kind}")
    if taken := Document.objects.filter(id=number).first():
        return taken
    with open_store().open(key) as stream:
        data = read_all(name=name, file=stream)
    document = described(actor=actor, today=today, subject=subject, name=name, kind=kind, data=data)
    if document.sha256 != offered.get("sha256") or document.size != offered.get("size"):
        raise Damaged(name=name)
    document.id = number
    open_store().put(key_of(document), BytesIO(data), document.content_type)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        return Document.objects.get(id=number)  # another reader of the same letter was first, with the same bytes
    facts = {"name": name, "sha256": document.sha256, "key": key}
    audit.leave(actor=actor, act="documents.take", subject=subject, facts=facts)
    return document


def _address(house: str) -> str:
    """The part of a key that names a house: its code in small letters. A schema is `m_<code>` or `g_<code>`."""
    return house.rpartition("_")[2].lower()


def _secret(document: Document, address: str) -> UUID:
    text = f"{connection.schema_name}/{document.id}>{address}"
    return UUID(bytes=hmac.new(settings.SECRET_KEY.encode(), f"handover:{text}".encode(), hashlib.sha256).digest()[:16])
