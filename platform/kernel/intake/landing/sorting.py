"""A whole file, row by row: each is refused, or goes to the parcel of its house as a line of COPY text.

Memory holds a batch, the keys, and the rows that were refused; parcels beyond some megabytes lie on disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import IO

from kernel.intake.landing.target import Staged
from kernel.intake.mapping import Mapping
from kernel.intake.reading import Table
from kernel.intake.reading.records import BATCH, Broken
from kernel.intake.refusals import Refused, Reject

_SPOOL_BYTES = 1 << 23
# Rows that land together while the next are read.
_PARCEL = 2 * BATCH


def _spool() -> IO[str]:
    return tempfile.SpooledTemporaryFile(_SPOOL_BYTES, "w+", encoding="utf-8", newline="")


@dataclass
class Parcel:
    """Staged rows of one house: COPY text of (line, key, digest, columns…)."""

    house: str
    text: IO[str] = field(default_factory=_spool)
    rows: int = 0


@dataclass
class Sorted:
    """What is known of a file so far. The rejects are in the file's order; `lines` gives each house's keys their lines."""

    parcels: dict[str, Parcel] = field(default_factory=dict)
    lines: dict[str, dict[str, int]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Every row that is not blank."""
        return len(self.rejects) + sum(map(len, self.lines.values()))

    def close(self) -> None:
        for parcel in self.parcels.values():
            parcel.text.close()


def sort(table: Table, mapping: Mapping, *, as_of: date, home: str | None = None) -> Sorted:
    """Read the whole table into one parcel a house. With `home`, a row of another house is refused.

    Raises MissingColumns and TwiceInHeading before the first row.
    """
    done = Sorted()
    for parcel in _parcels(done, table, mapping, as_of, home, most=0):
        done.parcels[parcel.house] = parcel
    return done


def stream(done: Sorted, table: Table, mapping: Mapping, *, as_of: date, home: str) -> Iterator[Parcel]:
    """Parcels of one house, each read while the one before lands: reading and the database share two processors.

    `done` fills as they come. Raises as `sort`, at the first parcel.
    """
    parcels = _parcels(done, table, mapping, as_of, home, most=_PARCEL)
    with ThreadPoolExecutor(1, "intake") as reader:
        coming = reader.submit(next, parcels, None)
        try:
            while (parcel := coming.result()) is not None:
                coming = reader.submit(next, parcels, None)
                with closing(parcel.text):
                    yield parcel
        finally:
            # Landing may have stopped early, with one parcel read ahead and others begun.
            left = coming.result()
            if left is not None:
                left.text.close()
            parcels.close()


def _parcels(
    done: Sorted, table: Table, mapping: Mapping, as_of: date, home: str | None, *, most: int
) -> Generator[Parcel, None, None]:
    """Parcels of at least `most` rows as they fill, and the rest at the end (0: all at the end)."""
    convert = mapping.compile(table.header)
    shape = mapping.target.shape(mapping.options, as_of)
    write = _writer(done, home)
    named = _named(table.header)
    filling: dict[str, Parcel] = {}
    try:
        for batch in table.batches():
            kept: dict[str, list[str]] = {}
            for line, cells in batch:
                try:
                    if len(cells) != named:
                        _check_width(cells, named)
                    house, text = write(line, shape(convert(cells)))
                except Refused as refused:
                    _refuse(done, mapping, line, cells, refused)
                else:
                    kept.setdefault(house, []).append(text)
            for house, texts in kept.items():
                parcel = filling.get(house) or filling.setdefault(house, Parcel(house))
                parcel.rows += len(texts)
                parcel.text.write("".join(texts))
                if most and parcel.rows >= most:
                    yield filling.pop(house)
        while filling:
            yield filling.popitem()[1]
    finally:
        for parcel in filling.values():
            parcel.text.close()


def _named(header: list[str]) -> int:
    """How many leading cells have a heading: Excel may end every line with a delimiter."""
    named = len(header)
    while named and not header[named - 1]:
        named -= 1
    return named


def _check_width(cells: list[str] | Broken, named: int) -> None:
    if isinstance(cells, Broken):
        raise Refused(cells.code)
    if len(cells) < named:
        raise Refused("TOO_FEW_COLUMNS", found=len(cells), expected=named)
    for at in range(named, len(cells)):
        if cells[at].strip():
            raise Refused("ROW_SHIFTED", column=f"#{at + 1}")


def _refuse(done: Sorted, mapping: Mapping, line: int, cells: list[str] | Broken, refused: Refused) -> None:
    """Keep the refusal; a line without any text is no row at all."""
    row = (cells.text,) if isinstance(cells, Broken) else tuple(cells)
    if any(cell.strip() for cell in row):
        column = refused.column or (refused.field and mapping.column_of(refused.field))
        done.rejects.append(Reject(line, column, refused.code, refused.facts, row))


def _writer(done: Sorted, home: str | None) -> Callable[[int, Staged], tuple[str, str]]:
    """Staged row -> (house, COPY line). The digest tells an unchanged row from a changed one at the next import."""

    def write(line: int, staged: Staged) -> tuple[str, str]:
        house, key, columns, passing = staged
        if home is not None and house != home:
            if house:
                raise Refused("OTHER_HOUSE", value=house)
            house = home
        keys = done.lines.get(house)
        if keys is None:
            keys = done.lines[house] = {}
        first = keys.setdefault(key, line)
        if first != line:
            raise Refused("DUPLICATE", first=first)
        fixed = "\t".join(map(str, columns))
        digest = blake2b(fixed.encode(), digest_size=16).hexdigest()
        text = "\t".join((str(line), key, digest, fixed, *map(str, passing)))
        if "\\" in text:
            text = text.replace("\\", "\\\\")
        return house, text + "\n"

    return write
