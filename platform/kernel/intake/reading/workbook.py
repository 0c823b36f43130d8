"""The first sheet of an Excel workbook as text cells, with the row numbers that Excel shows.

fastexcel hands its cells over by the Arrow C data interface. Reading that with ctypes is a page of code; the
libraries that do it otherwise weigh more than everything else in this house. Numbers become their shortest exact
decimal text, so that no amount passes through floating-point arithmetic here.
"""

from __future__ import annotations

import ctypes
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
from lxml import etree

from kernel.intake.reading.records import BATCH, Row
from kernel.intake.refusals import Damaged, NoHeading, TooBig

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False}


def heading(path: Path, *, limit: int, name: str) -> tuple[int, list[str]]:
    """(row number, cells) of the first row. Raises Damaged, TooBig, NoHeading."""
    with zipfile.ZipFile(path) as book:
        if sum(part.file_size for part in book.infolist()) > limit:
            raise TooBig(name=name, limit=limit // 1024**2)
    try:
        first, columns = _load(path)
    except (fastexcel.FastExcelError, KeyError, etree.XMLSyntaxError) as error:
        raise Damaged(name=name) from error
    if not columns or not columns[0]:
        raise NoHeading(name=name)
    return first, [column[0].strip() for column in columns]


def batches(path: Path, *, after: int) -> Iterator[list[Row]]:
    """Rows below row number `after`."""
    first, columns = _load(path)
    rows = enumerate(zip(*columns, strict=True), start=first)
    batch: list[Row] = []
    for number, cells in rows:
        if number > after:
            batch.append((number, list(cells)))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _load(path: Path) -> tuple[int, list[list[str]]]:
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    return _first_row(path), _columns(sheet)


def _first_row(path: Path) -> int:
    """The number of the first row that holds anything: fastexcel leaves out the empty ones above it."""
    with zipfile.ZipFile(path) as book, book.open(_sheet_part(book)) as part:
        row = 1
        for event, element in etree.iterparse(part, events=("start", "end"), **_PARSER):
            if event == "start" and element.tag == f"{_MAIN}row":
                row = int(element.get("r", row))
            elif event == "end" and element.tag in (f"{_MAIN}v", f"{_MAIN}is"):
                return row
            elif event == "end" and element.tag == f"{_MAIN}row":
                row += 1
    return 1


def _sheet_part(book: zipfile.ZipFile) -> str:
    workbook = etree.fromstring(book.read("xl/workbook.xml"), etree.XMLParser(**_PARSER))
    first = workbook.find(f"{_MAIN}sheets/{_MAIN}sheet")
    links = etree.fromstring(book.read("xl/_rels/workbook.xml.rels"), etree.XMLParser(**_PARSER))
    wanted = first.get(f"{_REL}id")
    target = next(link.get("Target") for link in links if link.get("Id") == wanted)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


class _Array(ctypes.Structure):
    """ArrowArray of the Arrow C data interface."""


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]


class _Schema(ctypes.Structure):
    """The head of ArrowSchema: as much as is read here."""


_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
]
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def _columns(sheet: Any) -> list[list[str]]:
    """The sheet's columns as lists of text; an empty cell is "". The capsules own the memory while they live."""
    schema_capsule, array_capsule = sheet.__arrow_c_array__()
    schema = _Schema.from_address(_pointer(schema_capsule, b"arrow_schema"))
    array = _Array.from_address(_pointer(array_capsule, b"arrow_array"))
    return [_texts(array.children[index].contents, schema.children[index].contents.format) for index in range(array.n_children)]


def _texts(column: _Array, form: bytes) -> list[str]:
    if form == b"n":  # a column without any value
        return [""] * column.length
    if form not in (b"u", b"U"):
        raise TypeError(f"a text column was asked for, not {form!r}")
    offset_type = ctypes.c_int32 if form == b"u" else ctypes.c_int64
    ends = (offset_type * (column.offset + column.length + 1)).from_address(column.buffers[1])
    data = ctypes.string_at(column.buffers[2], ends[column.offset + column.length])
    # A null cell has no bytes: its two ends are equal, so it reads as "".
    return [data[ends[at] : ends[at + 1]].decode("utf-8") for at in range(column.offset, column.offset + column.length)]
