"""A broken row stays alone: whatever stands in one line, the others come out with their lines and cells."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.intake.reading import records as module
from kernel.intake.reading.records import Broken, records

WIDTH = 4


def read(text: str, *, width: int = WIDTH, delimiter: str = ",") -> dict[int, list[str] | Broken]:
    lines = iter(io.StringIO(text, newline=""))
    return {line: cells for batch in records(lines, delimiter=delimiter, width=width, first=2) for line, cells in batch}


def test_lines_are_physical_and_a_quoted_cell_may_run_over_several() -> None:
    rows = read('1,a,b,c\n2,"first\nsecond, third",b,c\n\n3,"quote "" inside",b,c\r\n')
    assert rows == {
        2: ["1", "a", "b", "c"],
        3: ["2", "first\nsecond, third", "b", "c"],
        5: [],
        6: ["3", 'quote " inside', "b", "c"],
    }


def test_an_open_quote_swallows_nothing() -> None:
    rows = read('1,a,b,c\n2,"open,b,c\n3,a,b,c\n4,a,b,c\n')
    assert rows[3] == Broken("BROKEN_QUOTE", '2,"open,b,c')
    assert [rows[line] for line in (2, 4, 5)] == [[n, "a", "b", "c"] for n in "134"]


def test_two_open_quotes_do_not_make_one_row_of_two() -> None:
    # Taken together these lines are one well-formed row of four cells, with the amount of the second row.
    rows = read('1,"ABC,100,OK\n2,DEF",200,OK\n3,a,b,c\n')
    assert isinstance(rows[2], Broken)
    assert isinstance(rows[3], Broken) or rows[3] == ["2", 'DEF"', "200", "OK"]
    assert rows[4] == ["3", "a", "b", "c"]


def test_a_quote_inside_a_word_is_text() -> None:
    assert read('1,LOWE"S,b,c\n2,a,b,c\n') == {2: ["1", 'LOWE"S', "b", "c"], 3: ["2", "a", "b", "c"]}


def test_a_usual_reader_would_have_lost_rows() -> None:
    """The reason for all this, kept as a fact: csv alone loses three sound rows to one open quote."""
    text = '1,a,b,c\n2,"open,b,c\n3,a,b,c\n4,a,b,c\n5,a,b,c\n'
    assert len(list(csv.reader(io.StringIO(text)))) == 2
    assert sum(not isinstance(cells, Broken) for cells in read(text).values()) == 4


CELL = st.text(alphabet='ab ",;\n', max_size=6)
ROW = st.lists(CELL, min_size=WIDTH, max_size=WIDTH)
# A line of its own, as damage leaves it: no line break, and as many delimiters as a row has.
DAMAGED = st.text(alphabet='ab "', max_size=8).map(lambda text: f'9,"{text},x,y\n')


def written(row: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(row)
    return out.getvalue()


@given(st.lists(ROW, max_size=12), st.sampled_from([1, 3, 4096]))
@settings(max_examples=150, deadline=None)
def test_sound_rows_come_out_as_they_went_in(rows: list[list[str]], batch: int) -> None:
    # A row of which two lines hold a whole row's delimiters is taken for damage: named, never misread.
    rows = [row for row in rows if sum(line.count(",") >= WIDTH - 1 for line in written(row).splitlines()) < 2]
    before, module.BATCH = module.BATCH, batch
    try:
        got = read("".join(map(written, rows)))
    finally:
        module.BATCH = before
    assert list(got.values()) == rows
    lines = [2 + sum(written(row).count("\n") for row in rows[:index]) for index in range(len(rows))]
    assert list(got) == lines


@given(st.lists(st.lists(st.text(alphabet="abc", max_size=4), min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=8), DAMAGED,
       st.integers(0, 8))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_damage_in_one_line_changes_no_other(rows: list[list[str]], damaged: str, at: int) -> None:
    lines = [",".join(row) + "\n" for row in rows]
    at = min(at, len(lines))
    got = read("".join([*lines[:at], damaged, *lines[at:]]))
    sound = [cells for line, cells in got.items() if line != at + 2]
    assert sound == rows
