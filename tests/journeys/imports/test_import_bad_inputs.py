"""Files as they come: what is sound goes in, every other row is named, and a file of another kind is refused as a whole."""

from __future__ import annotations

import csv
import io
import lzma
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from registry import queries
from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU
from tests.journeys.imports.importing import DATA, read_books, run

BAD = DATA / "bad_inputs"
pytestmark = pytest.mark.skipif(not BAD.exists(), reason="the bad files are not on this machine")

SEMICOLON = BAD / "sba_4323_semicolon_excel.csv.xz"
DIRTY = BAD / "sba_dirty_records.csv"


def rows_of(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Heading and (line, cells), read with nothing but csv: these two files have no quoted line breaks."""
    content = path.read_bytes()
    lines = (lzma.decompress(content) if path.suffix == ".xz" else content).decode("ascii").splitlines()
    delimiter = ";" if ";" in lines[0] else ","
    heading, *rows = csv.reader(lines, delimiter=delimiter)
    assert len(rows) == len(lines) - 1
    return heading, list(enumerate(rows, start=2))


def cents(text: str) -> int:
    return round(float(text.replace("$", "").replace(",", "").strip() or 0) * 100)


def day(text: str) -> date | None:
    text = text.strip()
    if not text:
        return None
    return datetime.strptime(text, "%Y-%m-%d" if len(text) == 10 else "%d-%b-%y").date()  # noqa: DTZ007


def fault(heading: list[str], cells: list[str]) -> tuple[str, str] | None:
    """(code, column) of what is wrong with a row, or None: written again from the rules, not from the program."""
    if any(cell.strip() for cell, name in zip(cells, heading, strict=True) if not name):
        return "ROW_SHIFTED", "#28"
    row = dict(zip(heading, cells, strict=True))
    if not re.fullmatch("[A-Z]{2}", row["State"].strip()):
        return "BAD_PATTERN", "State"
    assert re.fullmatch(r"\d{10}", row["LoanNr_ChkDgt"])
    assert row["MIS_Status"] in ("P I F", "CHGOFF", "")
    assert day(row["ApprovalDate"])
    day(row["DisbursementDate"])
    day(row["ChgOffDate"])
    assert 0 < cents(row["SBA_Appv"]) <= cents(row["GrAppv"])
    assert row["Term"].isdigit()
    return None


def figures(heading: list[str], rows: list[list[str]]) -> dict[str, dict[str, int]]:
    """By state: count, loan, guaranteed, statuses and claims of sound rows, by the golden rules."""
    found: dict[str, dict[str, int]] = {}
    for cells in rows:
        row = dict(zip(heading, cells, strict=True))
        loan, guaranteed, lost = cents(row["GrAppv"]), cents(row["SBA_Appv"]), cents(row["ChgOffPrinGr"])
        claim = min((2 * lost * guaranteed + loan) // (2 * loan), guaranteed) if row["MIS_Status"] == "CHGOFF" else 0
        state = found.setdefault(row["State"], Counter())
        state.update(count=1, loan_cents=loan, guaranteed_cents=guaranteed, claim_cents=claim)
        state.update({{"P I F": "n_PIF", "CHGOFF": "n_CHGOFF", "": "n_UNKNOWN"}[row["MIS_Status"]]: 1})
    return found


@pytest.mark.slow
def test_excel_with_semicolons_and_shifted_rows(states: None, tmp_path: Path) -> None:
    heading, rows = rows_of(SEMICOLON)
    faults = {line: found for line, cells in rows if (found := fault(heading, cells))}
    # Lost quotes have moved the cells of 84 rows by one; 7 more were cut into pieces, so that their state is no state.
    assert Counter(code for code, _ in faults.values()) == {"ROW_SHIFTED": 84, "BAD_PATTERN": 7}
    rejects = tmp_path / "rejects.csv"
    told = run(SEMICOLON, "--mapping", "sba", "--open-members", "--rejects", rejects)
    assert (told["rows"], told["accepted"], told["unchanged"]) == (4323, 4232, 0)
    assert {reject["line"]: (reject["code"], reject["column"]) for reject in told["rejected"]} == faults
    sound = [cells for line, cells in rows if line not in faults]
    books = read_books([])
    filled = {state: each for state, each in books.by_state.items() if each["count"]}
    nothing = dict.fromkeys(next(iter(filled.values())), 0)
    assert filled == {state: {**nothing, **each} for state, each in figures(heading, sound).items()}
    _the_rejects_file_can_be_mended(rejects, heading, rows, faults)
    again = run(SEMICOLON, "--mapping", "sba", "--open-members")
    assert (again["accepted"], again["unchanged"], len(again["rejected"])) == (0, 4232, 91)


def _the_rejects_file_can_be_mended(
    path: Path, heading: list[str], rows: list[tuple[int, list[str]]], faults: dict[int, tuple[str, str]]
) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first, *kept = csv.reader(file)
    assert first == [*heading, "line", "column", "code", "reason"]
    original = dict(rows)
    for cells in kept:
        line = int(cells[28])
        assert cells[:28] == original[line]
        assert (cells[30], cells[29]) == faults[line]
    # Move one row's cells back under their headings, and it goes in.
    cells = next(cells for cells in kept if cells[30] == "ROW_SHIFTED")
    mended = [cells[0], f"{cells[1]},{cells[2]}", *cells[3:28], ""]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([first, [*mended, *cells[28:]]])
    told = run(path, "--mapping", "sba")
    assert (told["rows"], told["accepted"]) == (1, 1)


@pytest.mark.slow
def test_dirty_records_are_odd_but_sound(states: None) -> None:
    """Missing status, bank or drawdown, no term, charge-offs above the loan: the rules have an answer to each."""
    heading, rows = rows_of(DIRTY)
    assert [found for _, cells in rows if (found := fault(heading, cells))] == []
    told = run(DIRTY, "--mapping", "sba", "--open-members")
    assert told == {"rows": 400, "accepted": 400, "unchanged": 0, "rejected": []}
    books = read_books([])
    expected = figures(heading, [cells for _, cells in rows])
    assert {state: {name: figure for name, figure in each.items() if figure} for state, each in books.by_state.items()} == {
        state: {name: figure for name, figure in each.items() if figure} for state, each in expected.items()
    }
    assert books.by_bank["(blank)"]["count"] == sum(not row[heading.index("Bank")] for _, row in rows) > 0


def test_without_leave_to_open_members_every_row_is_named(db: None) -> None:
    told = run(DIRTY, "--mapping", "sba")
    assert (told["rows"], told["accepted"]) == (400, 0)
    assert {(reject["code"], reject["column"]) for reject in told["rejected"]} == {("HOUSE_NOT_OPEN", "State")}
    assert [reject["line"] for reject in told["rejected"]] == list(range(2, 402))


FOREIGN = {
    "dca_guarantees_broken.jsonl": "NOT_A_TABLE",
    "cn_banks_dirty_lines.txt": "MISSING_COLUMNS",
    "../dca_guarantees.csv": "MISSING_COLUMNS",
    "no_such_file.csv": "FILE_NOT_FOUND",
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("more", [("--dry-run",), (), ("--member", ANHE)])
def test_a_file_of_another_kind_is_refused_as_a_whole(db: None, name: str, more: tuple[str, ...]) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_portfolio", str(BAD / name), "--mapping", "sba", "--open-members", "--json", *more, stdout=out)
    assert caught.value.returncode == 2
    assert getattr(caught.value.__cause__, "code", "") == FOREIGN[name]
    assert len(str(caught.value)) > 10
    assert out.getvalue() == ""
    assert [member.code for member in queries.members()] == [ANHE, BOYU]
    assert _guarantees() == 0


def _guarantees() -> int:
    count = 0
    for member in queries.members():
        with inside(member), connection.cursor() as cursor:
            cursor.execute("select count(*) from guarantees_guarantee")
            count += cursor.fetchone()[0]
    return count


@pytest.mark.parametrize("mapping", ["nothing", "../sba", "none.json"])
def test_an_unusable_mapping_is_refused(db: None, mapping: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("import_portfolio", str(DIRTY), "--mapping", mapping)
    assert caught.value.returncode == 2


def test_the_same_rows_from_excel(db: None, tmp_path: Path) -> None:
    """An xlsx with numbers and real dates gives the same rows as the csv; half a fen is not rounded away but refused."""
    import xlsxwriter

    heading, rows = rows_of(DIRTY)
    at = {name: index for index, name in enumerate(heading)}
    rows = [row for row in rows if row[1][at["State"]] == "CA"]
    path, plain = tmp_path / "ca.xlsx", tmp_path / "ca.csv"
    with plain.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *(cells for _, cells in rows)])
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        form = book.add_format({"num_format": "d-mmm-yy"})
        sheet.write_row(2, 0, heading)
        for number, (_, cells) in enumerate(rows, start=3):
            for column, cell in enumerate(cells):
                _write_cell(sheet, number, column, cell, form)
        sheet.write_number(4, at["GrAppv"], 1234.565)
    told = run(plain, "--mapping", "sba", "--open-members")
    assert told == {"rows": len(rows), "accepted": len(rows), "unchanged": 0, "rejected": []}
    told = run(path, "--mapping", "sba")
    assert (told["rows"], told["accepted"], told["unchanged"]) == (len(rows), 0, len(rows) - 1)
    assert [(each["line"], each["column"], each["code"]) for each in told["rejected"]] == [(5, "GrAppv", "BAD_MONEY")]


def _write_cell(sheet: Any, row: int, column: int, cell: str, form: Any) -> None:
    when = day(cell) if re.fullmatch(r"\d{4}-\d\d-\d\d", cell) else None
    if when:
        sheet.write_datetime(row, column, datetime.combine(when, datetime.min.time()), form)
    elif cell.isdigit():
        sheet.write_number(row, column, int(cell))
    else:
        sheet.write_string(row, column, cell)
