"""A file from house to house: whole, for one house only, and once however often the letter comes."""

from __future__ import annotations

import hashlib
import io
import os
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from kernel.access.actors import SYSTEM
from kernel.audit.models import Entry
from kernel.documents import handover, queries, services, storage
from kernel.documents.models import Document
from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.factories.members import TODAY
from tests.kernel.apps.conftest import PDF, PNG
from tests.registry.shared import at_once

pytestmark = pytest.mark.django_db

DATA = PDF + b"compensation voucher" * 4000
CLAIM = "claim:ANHE:LP2026-000001"


def offered(*, data: bytes = DATA, name: str = "凭证.pdf", to: str = GROUP, sender: str = ANHE) -> dict[str, Any]:
    with inside(house(sender)):
        made = services.store(actor=SYSTEM, today=TODAY, subject="compensation:1", name=name, file=io.BytesIO(data))
        return handover.offer(subject="compensation:1", document_id=made.id, to=to)


def take(offer: dict[str, Any], *, by: str = GROUP, subject: str = CLAIM, kind: str = "VOUCHER") -> Document:
    with inside(house(by)):
        return handover.take(actor=SYSTEM, today=TODAY, subject=subject, kind=kind, offered=offer)


def lay(key: str, data: bytes) -> None:
    storage.store().put(key, io.BytesIO(data), "application/pdf")


def test_what_is_offered_arrives_whole_and_says_where_it_came_from(kept: str) -> None:
    told = offered()
    assert re.fullmatch(r"handover/group/[0-9a-f-]{36}", told["key"])
    assert (told["name"], told["size"], told["content_type"]) == ("凭证.pdf", len(DATA), "application/pdf")
    assert told["sha256"] == hashlib.sha256(DATA).hexdigest()
    made = take(told)
    with inside(house(GROUP)):
        row, stream = services.fetch(subject=CLAIM, document_id=made.id)
        with stream:
            assert stream.read() == DATA
        assert (row.kind, row.name, row.content_type, row.sha256) == ("VOUCHER", "凭证.pdf", "application/pdf", told["sha256"])
        assert told["key"] in str(Entry.objects.get(act="documents.take").facts)


@pytest.mark.parametrize("to", ["ANHE", "anhe", "m_anhe"])
def test_a_house_is_named_by_its_code_or_its_schema(to: str) -> None:
    assert take(offered(to=to, sender=GROUP), by=ANHE).size == len(DATA)


def test_the_letter_that_comes_twice_leaves_one_file(kept: str) -> None:
    told = offered()
    assert take(told).id == take(told).id
    with inside(house(GROUP)):
        assert queries.of(CLAIM).count() == 1
        assert Entry.objects.filter(act="documents.take").count() == 1


def test_offered_again_it_is_the_same_file_and_in_another_place_another_row() -> None:
    """A returned claim comes back with all its papers: those that were there already are not doubled."""
    with inside(house(ANHE)):
        made = services.store(actor=SYSTEM, today=TODAY, subject="compensation:1", name="a.pdf", file=io.BytesIO(DATA))
        first, again = (handover.offer(subject="compensation:1", document_id=made.id, to=GROUP) for _ in range(2))
        other = handover.offer(subject="compensation:1", document_id=made.id, to=BOYU)
    assert first == again
    assert first["key"].rpartition("/")[2] != other["key"].rpartition("/")[2], "a house must not learn another house's key"
    taken = {take(first).id, take(again).id, take(first, kind="OTHER").id, take(first, subject="claim:ANHE:2").id}
    assert len(taken) == 3


def test_what_is_addressed_to_another_house_is_not_given() -> None:
    told = offered(to=GROUP)
    for thief in (BOYU, ANHE):
        with pytest.raises(handover.NotAddressed):
            take(told, by=thief)
    own = told | {"key": told["key"].replace("/group/", "/boyu/")}
    with pytest.raises(storage.FileGone):
        take(own, by=BOYU)
    with inside(house(BOYU)):
        assert not Document.objects.exists()


@pytest.mark.parametrize(
    "key",
    [
        "", "handover/group/", "m_anhe/%s", "handover/group/../../m_anhe/%s", "handover/group/%s/", "handover/group/%s\n",
        "/handover/group/%s", "handover/m_group/%s", "handover//%s",
    ],
)  # fmt: skip
def test_a_key_that_is_not_one_of_ours_opens_nothing(key: str) -> None:
    told = offered()
    with inside(house(ANHE)):
        inner = Document.objects.get().id
    with pytest.raises(handover.NotAddressed):
        take(told | {"key": key % inner if "%s" in key else key})


def test_a_key_cannot_be_guessed_from_what_others_know() -> None:
    """The documents' numbers are no secret; the key is made with one."""
    told = offered()
    with inside(house(ANHE)):
        assert str(Document.objects.get().id) not in told["key"]
    with pytest.raises(storage.FileGone):
        take(told | {"key": f"handover/group/{uuid4()}"})


@pytest.mark.parametrize("data", [DATA[:-1] + b"!", DATA[:-1], DATA + b"!"])
def test_other_bytes_than_were_sent_are_refused_and_nothing_is_kept(kept: str, data: bytes) -> None:
    told = offered()
    lay(told["key"], data)
    with pytest.raises(handover.Damaged):
        take(told)
    with inside(house(GROUP)):
        assert not Document.objects.exists()
    lay(told["key"], DATA)
    assert take(told).size == len(DATA)


@pytest.mark.parametrize("lie", [{"sha256": "0" * 64}, {"sha256": None}, {"size": 1}, {"size": str(len(DATA))}])
def test_a_letter_that_says_another_digest_or_size_is_refused(lie: dict[str, Any]) -> None:
    with pytest.raises(handover.Damaged):
        take(offered() | lie)


def test_the_type_is_read_from_the_bytes_and_the_name_is_no_path() -> None:
    told = offered(data=PNG, name="a.png")
    with pytest.raises(services.WrongType):
        take(told | {"name": "a.pdf", "content_type": "application/pdf"})
    made = take(told | {"name": "../../a.png", "content_type": "text/html"})
    assert (made.name, made.content_type) == (".._.._a.png", "image/png")


def test_a_file_above_the_limit_is_not_taken_however_it_got_there(settings) -> None:
    told = offered()
    settings.UPLOAD_MAX_BYTES = len(DATA) - 1
    with pytest.raises(services.TooLarge):
        take(told)


def test_what_was_spoilt_in_the_store_is_not_offered(kept: str) -> None:
    with inside(house(ANHE)):
        made = services.store(actor=SYSTEM, today=TODAY, subject="compensation:1", name="a.pdf", file=io.BytesIO(DATA))
        lay(f"m_anhe/{made.id}", DATA + b"!")
        with pytest.raises(handover.Damaged):
            handover.offer(subject="compensation:1", document_id=made.id, to=GROUP)
        with pytest.raises(services.NoSuchDocument):
            handover.offer(subject="compensation:2", document_id=made.id, to=GROUP)


def test_a_removed_file_is_not_offered_and_what_was_taken_stays() -> None:
    told = offered()
    taken = take(told)
    with inside(house(ANHE)):
        number = Document.objects.get().id
        services.remove(actor=SYSTEM, subject="compensation:1", document_id=number)
        with pytest.raises(services.NoSuchDocument):
            handover.offer(subject="compensation:1", document_id=number, to=GROUP)
    with inside(house(GROUP)):
        services.fetch(subject=CLAIM, document_id=taken.id)[1].close()


@pytest.mark.django_db(transaction=False)
def test_two_readers_at_once_take_one_file(fresh_database: None) -> None:
    told, group = offered(), house(GROUP)

    def reading() -> Any:
        with inside(group):
            return handover.take(actor=SYSTEM, today=TODAY, subject=CLAIM, kind="VOUCHER", offered=told).id

    assert len(set(at_once(*[reading] * 6))) == 1
    with inside(group):
        assert Document.objects.count() == 1


def test_the_folder_keeps_hand_overs_too(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.S3_ENDPOINT_URL, settings.FILES_DIR = "", tmp_path
    monkeypatch.setattr(storage, "_store", None)
    told = offered(data=PDF + os.urandom(1000))
    assert (tmp_path / told["key"]).read_bytes()[: len(PDF)] == PDF
    assert take(told).size == told["size"]
