"""Rows of a delimited text with their physical lines; a broken row stays alone.

An unclosed quotation mark makes a usual reader swallow the rows that follow. Here a batch of lines is parsed at
once, strictly; only when that fails, or lines and rows are not one to one, line by line: a quoted cell may run
over several lines.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

BATCH = 4096
_LOOK_AHEAD = 50


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is not a row; it has no cells."""

    code: str
    text: str

    def __len__(self) -> int:
        return 0


Row = tuple[int, "list[str] | Broken"]


def records(lines: Iterator[str], *, delimiter: str, width: int, first: int) -> Iterator[list[Row]]:
    """Yield batches of (physical line, cells or Broken); a blank line has no cells. `first` is the line of the first."""
    number, left = first, []  # type: int, list[str]
    while chunk := left + list(islice(lines, max(BATCH - len(left), 0))):
        whole = _all_at_once(chunk, delimiter)
        if whole is not None:
            yield list(zip(count(number), whole))
            number, left = number + len(chunk), []
            continue
        chunk += islice(lines, _LOOK_AHEAD)
        rows, used = _one_by_one(chunk, delimiter, width, number)
        yield rows
        number, left = number + used, chunk[used:]


def _all_at_once(chunk: list[str], delimiter: str) -> list[list[str]] | None:
    try:
        rows = list(csv.reader(chunk, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    # Every row takes at least one line: as many rows as lines means one line each.
    return rows if len(rows) == len(chunk) else None


def _one_by_one(chunk: list[str], delimiter: str, width: int, first: int) -> tuple[list[Row], int]:
    rows: list[Row] = []
    at = 0
    while at < len(chunk) and at < BATCH:
        cells, used = _parse([chunk[at]], delimiter), 1
        if cells is None:
            cells, used = _over_lines(chunk, at, delimiter, width)
        rows.append((first + at, Broken("BROKEN_QUOTE", chunk[at].rstrip("\r\n")) if cells is None else cells))
        at += used
    return rows, at


def _over_lines(chunk: list[str], at: int, delimiter: str, width: int) -> tuple[list[str] | None, int]:
    """A row with line breaks inside quotation marks, or nothing: the line is broken.

    Two rows that each lost a mark can together read as one sound row, of the first one's number and the second
    one's amount. So at most one of its lines may hold as many delimiters as a whole row.
    """
    whole = 0
    for end in range(at, min(at + _LOOK_AHEAD, len(chunk))):
        whole += chunk[end].count(delimiter) >= width - 1
        if whole > 1:
            break
        cells = _parse(chunk[at : end + 1], delimiter)
        if cells is not None:
            return (cells, end + 1 - at) if len(cells) == width else (None, 1)
    return None, 1


def _parse(lines: list[str], delimiter: str) -> list[str] | None:
    """The one row in these lines, or None."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
