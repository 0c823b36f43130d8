"""Files are known by their content; what cannot be read is refused as a whole, with a sentence."""

from __future__ import annotations

import datetime
import lzma
from pathlib import Path

import pytest
import xlsxwriter

from kernel.intake.reading import Table, open_table
from kernel.intake.refusals import Damaged, NoFile, NoHeading, NotATable, TooBig

TEXT = "编号,名称,金额\n1,安和机械,100\n2,博裕食品,200\n"


def rows(table: Table) -> list[tuple[int, list[str]]]:
    return [(line, list(cells)) for batch in table.batches() for line, cells in batch]


@pytest.mark.parametrize(
    ("encoding", "known_as"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_encodings(tmp_path: Path, encoding: str, known_as: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    table = open_table(path)
    assert table.encoding == known_as
    assert table.header == ["编号", "名称", "金额"]
    assert rows(table) == [(2, ["1", "安和机械", "100"]), (3, ["2", "博裕食品", "200"])]


def test_one_bad_byte_does_not_turn_the_rest_into_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode() + b"3,\xd6\xff,300\n")
    read = rows(open_table(path))
    assert read[0][1][1] == "安和机械"
    assert read[2] == (4, ["3", "\udcd6\udcff", "300"])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_and_blank_lines_above_the_heading(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\n" + TEXT.replace(",", delimiter), encoding="utf-8")
    table = open_table(path)
    assert (table.delimiter, table.header_line) == (delimiter, 3)
    assert rows(table)[0] == (4, ["1", "安和机械", "100"])


def test_xz_is_unpacked_and_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", tmp_path / "b.csv"
    plain.write_text(TEXT, encoding="utf-8")
    packed.write_bytes(lzma.compress(TEXT.encode()))
    assert rows(open_table(packed)) == rows(open_table(plain))
    assert open_table(packed).sha256 != open_table(plain).sha256


def workbook(path: Path, *, above: int = 0, left: int = 0) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        book.add_worksheet("说明").write(0, 0, "not this one")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write_row(above, left, ["编号", "金额", "日期"])
        for number, amount in enumerate([60000, 1234567.89, 0.07, "$60,000.00 "], start=1):
            sheet.write(above + number, left, 1000144000 + number)
            sheet.write(above + number, left + 1, amount, money)
            sheet.write_datetime(above + number, left + 2, datetime.datetime(1997, 2, 28), day)  # noqa: DTZ001
        sheet.write(above + 6, left, "after a blank row")


@pytest.mark.parametrize("above", [0, 4])
def test_xlsx_gives_text_and_the_row_numbers_that_excel_shows(tmp_path: Path, above: int) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, above=above)
    table = open_table(path)
    assert (table.header, table.header_line) == (["编号", "金额", "日期"], above + 1)
    read = [row for row in rows(table) if any(row[1])]
    assert [line - above for line, _ in read] == [2, 3, 4, 5, 7]
    assert [cells[1] for _, cells in read] == ["60000", "1234567.89", "0.07", "$60,000.00 ", ""]
    assert read[0][1][2].startswith("1997-02-28")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b'{"Fiscal Year": "2014"}\n{"Fiscal Year": "2015"}\n', NotATable),
        (b"[1, 2]", NotATable),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", NotATable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotATable),
        (b"", NoHeading),
        (b"\n \n", NoHeading),
        (lzma.compress(TEXT.encode() * 50)[:-20], Damaged),
        (b"PK\x03\x04 not a workbook at all", Damaged),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_whole(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        open_table(path)
    assert "a.bin" in str(caught.value)


def test_a_missing_file_and_one_that_unpacks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoFile):
        open_table(tmp_path / "nothing.csv")
    monkeypatch.setattr("kernel.intake.reading.table.UNPACKED_MAX_BYTES", 1000)
    packed, book = tmp_path / "a.csv.xz", tmp_path / "a.xlsx"
    packed.write_bytes(lzma.compress(TEXT.encode() * 1000))
    workbook(book)
    for path in (packed, book):
        with pytest.raises(TooBig):
            open_table(path)
