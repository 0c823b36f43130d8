"""Bring files in, and take them back: the only writers of batches, rejects and landed rows."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from kernel.audit import services as audit
from kernel.documents import services as documents
from kernel.errors import Conflict, NotFound, gettext_noop
from kernel.intake.flow import IMPORT
from kernel.intake.landing import land as landing
from kernel.intake.landing.sorting import Parcel, Sorted, stream
from kernel.intake.landing.target import target as target_named
from kernel.intake.mapping import Mapping, load
from kernel.intake.models import ImportBatch, ImportReject
from kernel.intake.reading import Table, open_table
from kernel.intake.refusals import Reject

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
# A page shows the first; the whole list is the rejects file's business.
_KEPT_REJECTS = 10_000


class NoSuchMapping(NotFound):
    code = "NO_SUCH_MAPPING"
    sentence = gettext_noop("There is no mapping %(name)s.")


class NoSuchImport(NotFound):
    code = "NO_SUCH_IMPORT"
    sentence = gettext_noop("There is no such import.")


class FileChanged(Conflict):
    code = "IMPORT_FILE_CHANGED"
    sentence = gettext_noop("The stored file is not the one that was checked. Upload it again.")


class BatchInUse(Conflict):
    code = "IMPORT_IN_USE"
    sentence = gettext_noop("Somebody has worked with rows of this import. It can no longer be undone as a whole.")


@dataclass(frozen=True)
class Brought:
    """What an import did, or would do: rows = accepted + unchanged + len(rejects)."""

    rows: int
    accepted: int
    unchanged: int
    rejects: list[Reject]
    batch_id: int | None = None


def mapping_named(name: str) -> Mapping:
    """A mapping of settings.INTAKE_MAPPINGS by its name. Raises NoSuchMapping, BadMapping."""
    path = Path(settings.INTAKE_MAPPINGS) / f"{name}.json"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NoSuchMapping(name=name)
    return load(path)


def bring_in(
    *,
    actor: Any,
    today: date,
    mapping: Mapping,
    table: Table,
    parcels: Iterable[Parcel],
    as_of: date,
    dry_run: bool = False,
) -> Brought:
    """Land one house's parcels of a file: one transaction, one batch, one audit line.

    The caller stands in the house. Imports of one target into one house wait for each other. A dry run does all
    of it and rolls back; an import that changes nothing leaves nothing.
    """
    with transaction.atomic():
        landing.lock(mapping.target)
        batch = _new_batch(actor, today, mapping, table, as_of)
        mapping.target.prepare(options=mapping.options, actor=actor, today=today)
        outcome = landing.land(parcels, mapping.target, batch_id=batch.pk)
        _count(batch, outcome.accepted, outcome.unchanged, len(outcome.rejects))
        batch.state = ImportBatch.State.DONE
        batch.save()
        _note(actor, "intake.import", batch)
        if dry_run or not outcome.accepted:
            transaction.set_rollback(True)
    kept = None if dry_run or not outcome.accepted else batch.pk
    return Brought(outcome.rows, outcome.accepted, outcome.unchanged, outcome.rejects, kept)


def start(*, actor: Any, today: date, mapping: str, name: str, file: BinaryIO, as_of: date | None = None) -> ImportBatch:
    """Take an uploaded file, check every row of it, and write nothing into the books: the batch is CHECKED.

    Its rejects are listed, its file is kept as a document of `import:<id>`. Rows of another institution are
    refused. Raises NoSuchMapping, BadMapping, the Unusable kinds, and what documents.store raises.
    """
    chosen = mapping_named(mapping)
    with _on_disk(file) as path, transaction.atomic():
        table = open_table(path, name=name)
        batch = _new_batch(actor, today, chosen, table, as_of or today)
        brought = _rehearse(actor, today, chosen, table, batch)
        _count(batch, brought.accepted, brought.unchanged, len(brought.rejects))
        with path.open("rb") as kept:
            document = documents.store(actor=actor, today=today, subject=batch.subject, name=name, file=kept, kind="import")
        batch.document_id = document.id
        batch.save()
        _keep_rejects(batch, brought.rejects)
        _note(actor, "intake.check", batch)
    return batch


def confirm(*, actor: Any, today: date, batch_id: int) -> ImportBatch:
    """Bring in the file that was checked. Its counts and rejects are those of now: the books may have moved.

    Raises NoSuchImport, WrongState, FileChanged.
    """
    with transaction.atomic():
        batch = _held(batch_id)
        IMPORT.move(batch, "confirm")
        chosen = mapping_named(batch.mapping)
        _, stream = documents.fetch(subject=batch.subject, document_id=batch.document_id)
        with stream, _on_disk(stream) as path:
            table = open_table(path, name=batch.file_name)
            if table.sha256 != batch.sha256:
                raise FileChanged
            brought = _land_whole(actor, today, chosen, table, batch)
        _count(batch, brought.accepted, brought.unchanged, len(brought.rejects))
        batch.save()
        batch.rejects.all().delete()
        _keep_rejects(batch, brought.rejects)
        _note(actor, "intake.import", batch)
    return batch


def cancel(*, actor: Any, today: date, batch_id: int) -> ImportBatch:
    """Drop a file that was only checked. Raises NoSuchImport, WrongState."""
    with transaction.atomic():
        batch = _held(batch_id)
        IMPORT.move(batch, "cancel")
        batch.save(update_fields=["state"])
        _note(actor, "intake.cancel", batch)
    return batch


def undo(*, actor: Any, today: date, batch_id: int) -> ImportBatch:
    """Delete what the import brought, as long as nobody has worked with it. Raises NoSuchImport, WrongState, BatchInUse."""
    try:
        with transaction.atomic():
            batch = _held(batch_id)
            IMPORT.move(batch, "undo")
            feeds = target_named(batch.target)
            if feeds is None:
                raise NoSuchMapping(name=batch.target)
            landing.lock(feeds)
            if landing.worked_with(feeds, batch_id=batch.pk):
                raise BatchInUse
            landing.take_back(feeds, batch_id=batch.pk)
            batch.save(update_fields=["state"])
            _note(actor, "intake.undo", batch)
    except IntegrityError as error:
        raise BatchInUse from error
    return batch


def write_rejects(out: Any, header: list[str], rejects: Iterable[Reject | ImportReject]) -> None:
    """The rejects file: the original columns, then line, column, code and reason, so that it can be mended and sent again."""
    writer = csv.writer(out)
    writer.writerow([*header, "line", "column", "code", "reason"])
    for reject in rejects:
        cells = list(reject.cells)[: len(header)]
        cells += [""] * (len(header) - len(cells))
        writer.writerow([*cells, reject.line, reject.column, reject.code, reason(reject)])


def reason(reject: Reject | ImportReject) -> str:
    """What is wrong and what to do, in the active language."""
    return reject.reason if isinstance(reject, ImportReject) else gettext(reject.sentence) % reject.facts


def rejects_file(*, batch_id: int) -> io.BytesIO:
    """The kept rejects of a batch as csv that Excel opens. Raises NoSuchImport."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NoSuchImport
    header: list[str] = []
    if batch.document_id:
        _, stream = documents.fetch(subject=batch.subject, document_id=batch.document_id)
        with stream, _on_disk(stream) as path:
            header = open_table(path, name=batch.file_name).header
    out = io.StringIO(newline="")
    write_rejects(out, header, batch.rejects.all())
    return io.BytesIO(out.getvalue().encode("utf-8-sig", "replace"))


def _new_batch(actor: Any, today: date, mapping: Mapping, table: Table, as_of: date) -> ImportBatch:
    return ImportBatch.objects.create(
        target=mapping.target.name,
        mapping=mapping.name,
        file_name=table.name[-200:],
        sha256=table.sha256,
        as_of=as_of,
        state=ImportBatch.State.CHECKED,
        by_id=actor.id,
        by=actor.label,
        on=today,
    )


def _rehearse(actor: Any, today: date, mapping: Mapping, table: Table, batch: ImportBatch) -> Brought:
    """Everything an import does, rolled back to here."""
    with transaction.atomic():
        brought = _land_whole(actor, today, mapping, table, batch)
        transaction.set_rollback(True)
    return brought


def _land_whole(actor: Any, today: date, mapping: Mapping, table: Table, batch: ImportBatch) -> Brought:
    landing.lock(mapping.target)
    mapping.target.prepare(options=mapping.options, actor=actor, today=today)
    done = Sorted()
    parcels = stream(done, table, mapping, as_of=batch.as_of, home=mapping.target.home())
    outcome = landing.land(parcels, mapping.target, batch_id=batch.pk)
    return Brought(done.rows, outcome.accepted, outcome.unchanged, merged(table, done, outcome.rejects), batch.pk)


def merged(table: Table, done: Sorted, late: list[Reject]) -> list[Reject]:
    """All rejects in the file's order; those found in the house get their cells back."""
    return sorted([*done.rejects, *_with_cells(table, late)], key=lambda reject: reject.line)


def _with_cells(table: Table, rejects: list[Reject]) -> list[Reject]:
    """Rejects found after the file was read, with the cells of their lines: read again, because few need it."""
    wanted = {reject.line: reject for reject in rejects if not reject.cells}
    found = [reject for reject in rejects if reject.cells]
    if wanted:
        for batch in table.batches():
            for line, cells in batch:
                if reject := wanted.get(line):
                    found.append(Reject(line, reject.column, reject.code, reject.facts, tuple(cells)))
    return sorted(found, key=lambda reject: reject.line)


def _count(batch: ImportBatch, accepted: int, unchanged: int, rejected: int) -> None:
    batch.accepted, batch.unchanged, batch.rejected = accepted, unchanged, rejected
    batch.rows = accepted + unchanged + rejected


def _keep_rejects(batch: ImportBatch, rejects: list[Reject]) -> None:
    ImportReject.objects.bulk_create(
        (
            ImportReject(
                batch=batch,
                line=reject.line,
                column=reject.column[:200],
                code=reject.code,
                facts=reject.facts,
                cells=[cell.encode("utf-8", "replace").decode().replace("\x00", "") for cell in reject.cells],
            )
            for reject in rejects[:_KEPT_REJECTS]
        ),
        batch_size=1000,
    )


def _held(batch_id: int) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise NoSuchImport
    return batch


@contextmanager
def _on_disk(stream: BinaryIO) -> Iterator[Path]:
    """A stream as a file with a path, because a table is read more than once."""
    with tempfile.NamedTemporaryFile(prefix="import-") as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        yield Path(file.name)


def _note(actor: Any, act: str, batch: ImportBatch) -> None:
    facts = {"file": batch.file_name, "sha256": batch.sha256, "mapping": batch.mapping, "accepted": batch.accepted,
             "unchanged": batch.unchanged, "rejected": batch.rejected}  # fmt: skip
    audit.leave(actor=actor, act=act, subject=batch.subject, facts=facts)
