"""Files: typed by what is in them, limited in size, kept under their own house's prefix, handed out under their own thing."""

from __future__ import annotations

import hashlib
import io
import os
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from kernel.access.actors import SYSTEM
from kernel.audit.models import Entry
from kernel.documents import queries, services, storage
from kernel.documents.models import Document
from kernel.documents.numbering import next_number
from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU, house
from tests.factories.members import TODAY
from tests.kernel.apps.conftest import PDF, PNG
from tests.registry.shared import at_once

pytestmark = pytest.mark.django_db

ZIP = b"PK\x03\x04" + b"x" * 100
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100


def keep(name: str = "a.pdf", data: bytes = PDF, subject: str = "thing:1") -> Document:
    return services.store(actor=SYSTEM, today=TODAY, subject=subject, name=name, file=io.BytesIO(data))


def test_what_is_put_comes_back_whole(kept: str) -> None:
    with inside(house(ANHE)):
        data = PDF + os.urandom(200_000)
        made = keep(data=data)
        found, stream = services.fetch(subject="thing:1", document_id=made.id)
        with stream:
            assert stream.read() == data
        assert (found.size, found.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert list(queries.of("thing:1")) == [made]
        assert Entry.objects.get(act="documents.store").subject == "thing:1"


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.pdf", PDF, "application/pdf"), ("A.PDF", PDF, "application/pdf"), ("a.png", PNG, "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0x", "image/jpeg"),
        ("a.xls", OLE, "application/vnd.ms-excel"), ("a.doc", OLE, "application/msword"),
        ("a.xlsx", ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("合同.csv", "甲,乙".encode(), "text/plain"), ("a.txt", b"", "text/plain"),
    ],
)  # fmt: skip
def test_the_type_is_what_the_bytes_say(kept: str, name: str, data: bytes, content_type: str) -> None:
    with inside(house(ANHE)):
        assert keep(name, data).content_type == content_type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", PNG), ("a.png", PDF), ("a.exe", b"MZ" + b"x" * 50), ("a.pdf", b"MZ"),
        ("a.html", b"<script>"), ("a.svg", b"<svg/>"),
        ("a", PDF), ("a.pdf.exe", PDF), ("a.csv", b"a\x00b"), ("a.csv", PDF), ("a.zip", ZIP), ("a.docx", OLE), (".pdf", b""),
    ],
)  # fmt: skip
def test_a_name_that_lies_is_refused_and_nothing_is_kept(name: str, data: bytes) -> None:
    with inside(house(ANHE)):
        with pytest.raises(services.WrongType) as refused:
            keep(name, data)
        assert refused.value.field == "file"
        assert not Document.objects.exists()


def test_a_file_above_the_limit_is_refused_and_one_at_it_is_not(settings, kept: str) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    with inside(house(ANHE)):
        assert keep(data=PDF + b"x" * (1000 - len(PDF))).size == 1000
        with pytest.raises(services.TooLarge):
            keep(data=PDF + b"x" * (1001 - len(PDF)))
        assert Document.objects.count() == 1


def test_a_path_in_a_name_becomes_part_of_the_name(kept: str) -> None:
    with inside(house(ANHE)):
        made = keep("../../etc/passwd\n.pdf")
        assert made.name == ".._.._etc_passwd_.pdf"
        assert keep("长" * 300 + ".pdf").name.endswith(".pdf")


def test_another_house_finds_neither_the_row_nor_the_bytes(kept: str) -> None:
    with inside(house(ANHE)):
        made = keep()
    with inside(house(BOYU)):
        with pytest.raises(services.NoSuchDocument):
            services.fetch(subject="thing:1", document_id=made.id)
        made.save(force_insert=True)  # even with a row of the same number the bytes are another house's
        with pytest.raises(storage.FileGone):
            services.fetch(subject="thing:1", document_id=made.id)
    with inside(house(ANHE)):
        services.fetch(subject="thing:1", document_id=made.id)[1].close()


def test_another_thing_s_file_is_not_handed_out(kept: str) -> None:
    with inside(house(ANHE)):
        made = keep()
        for subject, number in (("thing:2", made.id), ("thing:1", uuid4()), ("", made.id)):
            with pytest.raises(services.NoSuchDocument):
                services.fetch(subject=subject, document_id=number)
            with pytest.raises(services.NoSuchDocument):
                services.remove(actor=SYSTEM, subject=subject, document_id=number)


def test_removed_is_out_of_sight_and_on_record(kept: str) -> None:
    with inside(house(ANHE)):
        made = keep()
        services.remove(actor=SYSTEM, subject="thing:1", document_id=made.id)
        assert not queries.of("thing:1").exists()
        for act in (services.fetch, lambda **told: services.remove(actor=SYSTEM, **told)):
            with pytest.raises(services.NoSuchDocument):
                act(subject="thing:1", document_id=made.id)
        assert Document.objects.get(id=made.id).removed_at is not None
        storage.store().open(f"m_anhe/{made.id}").close()
        assert set(Entry.objects.filter(subject="thing:1").values_list("act", flat=True)) == {
            "documents.store",
            "documents.remove",
        }


def test_a_row_never_stands_without_its_bytes(kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(type(storage.store()), "put", broken)
    with inside(house(ANHE)):
        with pytest.raises(OSError, match="disk full"):
            keep()
        assert not Document.objects.exists()
        assert not Entry.objects.filter(act="documents.store").exists()


def test_nothing_is_kept_past_this_room() -> None:
    with pytest.raises(RuntimeError):
        default_storage.save("x.txt", ContentFile(b"x"))


# --- Numbers


def test_numbers_have_no_gap_and_start_anew_each_year() -> None:
    with inside(house(ANHE)):
        assert [next_number(kind="QX", today=TODAY) for _ in range(2)] == ["QX2026-000001", "QX2026-000002"]
        with pytest.raises(ValueError), transaction.atomic():
            next_number(kind="QX", today=TODAY)
            raise ValueError
        assert next_number(kind="QX", today=TODAY) == "QX2026-000003"
        assert next_number(kind="QX", today=TODAY.replace(year=2027)) == "QX2027-000001"
        assert next_number(kind="QY", today=TODAY) == "QY2026-000001"
    with inside(house(BOYU)):
        assert next_number(kind="QX", today=TODAY) == "QX2026-000001"


@pytest.mark.django_db(transaction=False)
def test_numbers_taken_at_once_are_all_different(fresh_database: None) -> None:
    anhe = house(ANHE)

    def take() -> str:
        with inside(anhe), transaction.atomic():
            return next_number(kind="QX", today=TODAY)

    assert sorted(at_once(*[take] * 12)) == [f"QX2026-{number:06d}" for number in range(1, 13)]
