"""One opened table: its heading, its digest, and its rows in batches."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import lzma
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kernel.intake.reading import workbook
from kernel.intake.reading.records import Row, records
from kernel.intake.refusals import Damaged, NoFile, NoHeading, NotATable, TooBig

UNPACKED_MAX_BYTES = 2 * 1024**3
_DELIMITERS = ",;\t|"
_XZ, _ZIP, _OLD_EXCEL = b"\xfd7zXZ\x00", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass
class Table:
    """A file with one heading line. `batches()` may be called again: it reads the file anew."""

    path: Path
    name: str
    sha256: str
    header: list[str] = field(default_factory=list)
    header_line: int = 1
    encoding: str = ""
    delimiter: str = ""

    def batches(self) -> Iterator[list[Row]]:
        """Rows below the heading: (physical line, cells or Broken). Cells are text as the file gives it."""
        if not self.encoding:
            return workbook.batches(self.path, after=self.header_line)
        return self._delimited()

    def _delimited(self) -> Iterator[list[Row]]:
        with _unpacked(self.path) as raw, _text(raw, self.encoding) as text:
            for _ in range(self.header_line):
                next(text)
            yield from records(text, delimiter=self.delimiter, width=len(self.header), first=self.header_line + 1)


def open_table(path: Path, *, name: str = "") -> Table:
    """Open csv, csv.xz or xlsx. Raises the Unusable kinds, all before any row is given out."""
    name = name or path.name
    if not path.is_file():
        raise NoFile(name=name)
    table = Table(path, name, _sha256(path))
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_OLD_EXCEL):
        raise NotATable(name=name)
    try:
        if head.startswith(_ZIP):
            table.header_line, table.header = workbook.heading(path, limit=UNPACKED_MAX_BYTES, name=name)
        else:
            table.encoding = _encoding(path, name)
            _find_heading(table)
    except (lzma.LZMAError, EOFError, zipfile.BadZipFile) as error:
        raise Damaged(name=name) from error
    return table


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(len(_XZ)) == _XZ
    return lzma.open(path) if packed else path.open("rb")


def _text(raw: BinaryIO, encoding: str) -> io.TextIOWrapper:
    # Bytes that the encoding does not know become lone surrogates: the cell that holds them is refused, no other.
    return io.TextIOWrapper(raw, encoding=encoding, errors="surrogateescape", newline="")


def _encoding(path: Path, name: str) -> str:
    """UTF-8 (with or without mark), UTF-16 by its mark, else GB18030 when more lines agree with it."""
    with _unpacked(path) as raw:
        head = raw.read(8192)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                _count_agreeing(raw, name)
                return encoding
        if b"\x00" in head or head.lstrip()[:1] in (b"{", b"["):
            raise NotATable(name=name)
        raw.seek(0)
        utf8, gb18030 = _count_agreeing(raw, name)
    return "gb18030" if gb18030 > utf8 else "utf-8"


def _count_agreeing(lines: Iterable[bytes], name: str) -> tuple[int, int]:
    """How many lines beyond ASCII are UTF-8, and how many of the others GB18030; reads to the end of the file."""
    utf8 = gb18030 = size = 0
    for line in lines:
        size += len(line)
        if size > UNPACKED_MAX_BYTES:
            raise TooBig(name=name, limit=UNPACKED_MAX_BYTES // 1024**2)
        if not line.isascii():
            if _agrees(line, "utf-8"):
                utf8 += 1
            else:
                gb18030 += _agrees(line, "gb18030")
    return utf8, gb18030


def _agrees(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _find_heading(table: Table) -> None:
    """The first line that is not blank, split by the delimiter that gives the most cells."""
    with _unpacked(table.path) as raw, _text(raw, table.encoding) as text:
        for number, line in enumerate(text, start=1):
            if line.strip():
                table.header_line = number
                break
        else:
            raise NoHeading(name=table.name)
    for delimiter in _DELIMITERS:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        if len(cells) > len(table.header):
            table.header, table.delimiter = [cell.strip() for cell in cells], delimiter
