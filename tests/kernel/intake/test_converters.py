"""Cells become exact values or a refusal with a code; nothing is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.intake.mapping.converters import build, date_pattern
from kernel.intake.refusals import SENTENCES, Refused


def convert(kind: str, cell: str, **options: Any) -> Any:
    return build({"as": kind, "column": "C", **options}, limit=options.pop("limit", 0))[cell]


def refusal(kind: str, cell: str, **options: Any) -> str:
    cells = build({"as": kind, "column": "C", **options}, limit=options.pop("limit", 0))
    codes = set()
    for _ in range(2):  # a refusal is the same the second time: it is not remembered as a value
        with pytest.raises(Refused) as caught:
            cells[cell]
        assert caught.value.column == "C"
        assert SENTENCES[caught.value.code] % caught.value.facts
        codes.add(caught.value.code)
    return codes.pop()


@pytest.mark.parametrize(
    ("cell", "options", "fen"),
    [
        ("$60,000.00 ", {}, 6_000_000),
        ("60000", {}, 6_000_000),
        ("¥1,234,567.8", {}, 123_456_780),
        ("100元", {}, 10_000),
        ("123.4500000", {}, 12_345),
        ("-5.01", {}, -501),
        ("12.345678", {"unit": "WAN"}, 12_345_678),
        ("7", {"unit": "FEN"}, 7),
    ],
)
def test_money(cell: str, options: dict[str, Any], fen: int) -> None:
    assert convert("money", cell, **options) == fen


@pytest.mark.parametrize("cell", ["0.30000000000000004", "1.005", "6,0000", "1e5", "abc", "$", "１００", "60.000,00", "12 000"])
def test_money_is_never_guessed(cell: str) -> None:
    assert refusal("money", cell) == "BAD_MONEY"


def test_money_beyond_reason() -> None:
    assert refusal("money", "99999999999999.99") == "OUT_OF_RANGE"


@given(st.integers(-(10**15), 10**15))
def test_money_round_trip(fen: int) -> None:
    sign, whole, part = "-" if fen < 0 else "", abs(fen) // 100, abs(fen) % 100
    assert convert("money", f"${sign}{whole:,}.{part:02d} ") == fen


FORMS = {"formats": ["D-MON-YY", "YYYY-MM-DD"], "latest_year": 2020}


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("28-Feb-97", date(1997, 2, 28)),
        ("28-feb-97", date(1997, 2, 28)),
        ("7-MAY-06", date(2006, 5, 7)),
        ("31-dec-20", date(2020, 12, 31)),
        ("1-Jan-21", date(1921, 1, 1)),
        ("29-feb-00", date(2000, 2, 29)),
        ("2006-02-28", date(2006, 2, 28)),
        ("2006-02-28 00:00:00", date(2006, 2, 28)),
    ],
)
def test_dates(cell: str, day: date) -> None:
    assert convert("date", cell, **FORMS) == day


@pytest.mark.parametrize(
    "cell", ["31-feb-97", "29-Feb-99", "2006-13-01", "28/02/1997", "28-xyz-97", "1997-2-8", "28-Feb-1997x", "0-Jan-97"]
)
def test_dates_that_are_none(cell: str) -> None:
    assert refusal("date", cell, **FORMS) == "BAD_DATE"


def test_another_pivot_is_another_century() -> None:
    assert convert("date", "28-Feb-72", formats=["D-MON-YY"], latest_year=2071) == date(1972, 2, 28)
    assert convert("date", "28-Feb-72", formats=["D-MON-YY"], latest_year=2072) == date(2072, 2, 28)


@pytest.mark.parametrize("form", ["D-M", "YYYY", "DD-MM-YY-YYYY", "MON-YY", "D-M-M-YY"])
def test_forms_that_are_no_date(form: str) -> None:
    with pytest.raises(ValueError, match=form):
        date_pattern(form)


def test_texts() -> None:
    assert convert("text", "  a b ") == "a b"
    assert convert("text", " a ", trim=False) == " a "
    assert convert("upper", " ca ", pattern="[A-Z]{2}") == "CA"
    assert convert("raw", " \x00 ") == " \x00 "
    assert refusal("text", "a\x00b") == refusal("text", "a\udcd6") == refusal("text", "a\tb") == "BAD_TEXT"
    assert refusal("text", "abcd", limit=3) == "TOO_LONG"
    assert refusal("text", "1.00014E+09", pattern="[0-9]{10}") == "BAD_PATTERN"


def test_blanks() -> None:
    assert refusal("text", "") == refusal("money", " ") == refusal("date", "\t", **FORMS) == "BLANK"
    assert convert("date", " ", blank=None, **FORMS) is None
    assert convert("text", "", blank="(blank)") == "(blank)"
    assert convert("money", "", blank=0) == 0


def test_codes_and_numbers() -> None:
    codes = {"P I F": "RELEASED", "CHGOFF": "COMPENSATED"}
    assert convert("code", "P I F", codes=codes) == "RELEASED"
    assert refusal("code", "PIF", codes=codes) == "UNKNOWN_CODE"
    assert convert("code", "722110", codes={"72": "H"}, first=2) == "H"
    assert convert("integer", " 84 ") == 84
    assert refusal("integer", "84.5") == refusal("integer", "").replace("BLANK", "BAD_INTEGER") == "BAD_INTEGER"
    assert convert("decimal", "1.5%") == convert("decimal", "1.5", percent=True) == Decimal("0.015")
    assert convert("decimal", "0.015") == Decimal("0.015")
    assert refusal("decimal", "1,5") == "BAD_DECIMAL"
