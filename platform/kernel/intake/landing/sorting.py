"""A whole file, row by row: each is refused, or goes to the parcel of its house as a line of COPY text.

Memory holds one batch, the keys, and the rows that were refused; parcels beyond a megabyte lie on disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import IO

from kernel.intake.landing.target import Staged, Target
from kernel.intake.mapping import Mapping
from kernel.intake.reading import Table
from kernel.intake.reading.records import Broken
from kernel.intake.refusals import Refused, Reject

# Null in COPY text; no text that a converter lets pass contains it.
NULL = "\x02"
_SPOOL_BYTES = 1 << 20


def _spool() -> IO[str]:
    return tempfile.SpooledTemporaryFile(_SPOOL_BYTES, "w+", encoding="utf-8", newline="")


@dataclass
class Parcel:
    """The staged rows of one house: COPY text of (line, key, digest, columns…)."""

    house: str
    text: IO[str] = field(default_factory=_spool)
    rows: int = 0
    lines: dict[str, int] = field(default_factory=dict)


@dataclass
class Sorted:
    """A file read to its end. `rows` counts every row that is not blank; the rejects are in the file's order."""

    rows: int = 0
    parcels: dict[str, Parcel] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)

    def close(self) -> None:
        for parcel in self.parcels.values():
            parcel.text.close()


def sort(table: Table, mapping: Mapping, *, as_of: date, home: str | None = None) -> Sorted:
    """Read every row of `table`. With `home`, a row of another house is refused (a member loads only its own rows).

    Raises MissingColumns and TwiceInHeading before the first row.
    """
    convert = mapping.compile(table.header)
    shape = mapping.target.shape(mapping.options, as_of)
    write = _writer(mapping.target, home)
    named = _named(table.header)
    done = Sorted()
    for batch in table.batches():
        kept: dict[str, list[str]] = {}
        for line, cells in batch:
            try:
                if len(cells) != named:
                    _check_width(cells, named)
                house, text = write(line, shape(convert(cells)), done)
            except Refused as refused:
                _refuse(done, mapping, line, cells, refused)
            else:
                kept.setdefault(house, []).append(text)
        for house, texts in kept.items():
            parcel = done.parcels[house]
            parcel.rows += len(texts)
            parcel.text.write("".join(texts))
    done.rows = len(done.rejects) + sum(parcel.rows for parcel in done.parcels.values())
    return done


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


def _writer(target: Target, home: str | None) -> Callable[[int, Staged, Sorted], tuple[str, str]]:
    """Staged row -> (house, COPY line). The digest tells an unchanged row from a changed one at the next import."""
    passing = target.passing

    def write(line: int, staged: Staged, done: Sorted) -> tuple[str, str]:
        house, key, columns = staged
        if home is not None and house != home:
            if house:
                raise Refused("OTHER_HOUSE", value=house)
            house = home
        parcel = done.parcels.get(house)
        if parcel is None:
            parcel = done.parcels[house] = Parcel(house)
        first = parcel.lines.setdefault(key, line)
        if first != line:
            raise Refused("DUPLICATE", first=first)
        fixed = "\t".join([NULL if value is None else str(value) for value in columns[: len(columns) - passing]])
        digest = blake2b(fixed.encode(), digest_size=16).hexdigest()
        text = f"{line}\t{key}\t{digest}\t{fixed}"
        for value in columns[len(columns) - passing :]:
            text += "\t" + (NULL if value is None else str(value))
        if "\\" in text:
            text = text.replace("\\", "\\\\")
        return house, text + "\n"

    return write
