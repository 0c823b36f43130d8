"""Named converters: one cell of text in, one value out, or a refusal that says what is wrong.

Each is compiled once from its options. Cells repeat (dates, banks, round amounts), so a converter remembers what
it made of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.intake.refusals import Refused

Convert = Callable[[str], Any]
_KEEP = 100_000
_MOST_MONEY = 10**15
# Control characters, and the lone surrogates that stand for bytes the file's encoding does not know.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_MONEY = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d{1,16})(?:\.(\d+))?", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,12}(?:\.\d{1,12})?", re.ASCII)
_PLACES = {"FEN": 0, "YUAN": 2, "WAN": 6}
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip


def build(options: Mapping[str, Any], *, limit: int = 0, repeats: bool = True) -> Cells:
    """The converter of one field. `limit` is the longest text it holds (0: none); `repeats` makes it remember."""
    make = _MAKERS[options["as"]]
    convert = make(options, limit) if make in (_text, _upper) else make(options)
    return Cells(options["column"], _with_blank(convert, options), _KEEP if repeats else 0)


class Cells(dict[str, Any]):
    """Cell -> value, as a lookup: what was seen before costs one step of the interpreter.

    A refusal is raised with the column at fault and never remembered.
    """

    def __init__(self, column: str, convert: Convert, keep: int) -> None:
        super().__init__()
        self._column, self._convert, self._keep = column, convert, keep

    def __missing__(self, cell: str) -> Any:
        try:
            value = self._convert(cell)
        except Refused as refused:
            refused.column = self._column
            raise
        if len(self) < self._keep:
            self[cell] = value
        return value


def _with_blank(convert: Convert, options: Mapping[str, Any]) -> Convert:
    if "blank" not in options:

        def needed(cell: str) -> Any:
            if not cell or cell.isspace():
                raise Refused("BLANK")
            return convert(cell)

        return needed
    instead = options["blank"]

    def optional(cell: str) -> Any:
        return convert(cell) if cell and not cell.isspace() else instead

    return optional


def _text(options: Mapping[str, Any], limit: int) -> Convert:
    trim = options.get("trim", True)
    pattern = re.compile(options["pattern"]) if "pattern" in options else None

    def text(cell: str) -> str:
        value = cell.strip() if trim else cell
        if UNPRINTABLE.search(value):
            raise Refused("BAD_TEXT")
        if pattern and not pattern.fullmatch(value):
            raise Refused("BAD_PATTERN", value=value, pattern=pattern.pattern)
        if limit and len(value) > limit:
            raise Refused("TOO_LONG", length=len(value), limit=limit)
        return value

    return text


def _upper(options: Mapping[str, Any], limit: int) -> Convert:
    text = _text({key: value for key, value in options.items() if key != "pattern"}, 0)
    check = _text(options, limit)
    return lambda cell: check(text(cell).upper())


def _raw(options: Mapping[str, Any]) -> Convert:
    """The cell exactly as given, whatever it holds: for what is only hashed or compared, never stored."""
    return lambda cell: cell


def _money(options: Mapping[str, Any]) -> Convert:
    """Integer fen; `unit` says what the file counts in. A sign of currency and thousands separators may stand."""
    places = _PLACES[options.get("unit", "YUAN")]

    def money(cell: str) -> int:
        found = _MONEY.fullmatch(cell.strip().lstrip("$¥￥").removesuffix("元").strip())
        part = (found[3] or "").rstrip("0") if found else ""
        if found is None or len(part) > places:
            raise Refused("BAD_MONEY", value=cell.strip(), places=places)
        fen = int(found[2].replace(",", "")) * 10**places + int(part.ljust(places, "0") or 0)
        if fen > _MOST_MONEY:
            raise Refused("OUT_OF_RANGE", value=cell.strip(), least=0, most="10,000,000,000,000.00")
        return -fen if found[1] else fen

    return money


def _integer(options: Mapping[str, Any]) -> Convert:
    def integer(cell: str) -> int:
        text = cell.strip()
        if not _INTEGER.fullmatch(text):
            raise Refused("BAD_INTEGER", value=text)
        return int(text)

    return integer


def _decimal(options: Mapping[str, Any]) -> Convert:
    """An exact Decimal; a percent sign, or `percent`, divides by a hundred."""
    percent = options.get("percent", False)

    def decimal(cell: str) -> Decimal:
        text = cell.strip()
        number = text.removesuffix("%").rstrip()
        if not _DECIMAL.fullmatch(number):
            raise Refused("BAD_DECIMAL", value=text)
        return Decimal(number) / 100 if percent or number != text else Decimal(number)

    return decimal


def _code(options: Mapping[str, Any]) -> Convert:
    """Another party's code by a table; `first` looks at that many leading characters."""
    codes, first = options["codes"], options.get("first")

    def code(cell: str) -> str:
        text = cell.strip()
        found = codes.get(text[:first] if first else text)
        if found is None:
            known = ", ".join(list(codes)[:12]) + (" …" if len(codes) > 12 else "")
            raise Refused("UNKNOWN_CODE", value=text, known=known)
        return found

    return code


_TOKENS = (
    ("YYYY", r"(?P<Y>\d{4})"),
    ("YY", r"(?P<y>\d{2})"),
    ("MON", r"(?P<b>[A-Za-z]{3,9})"),
    ("MM", r"(?P<m>\d{2})"),
    ("DD", r"(?P<d>\d{2})"),
    ("M", r"(?P<m>\d{1,2})"),
    ("D", r"(?P<d>\d{1,2})"),
)
# Excel gives every date a time of day.
_MIDNIGHT = r"(?:[ T]00:00:00(?:\.0+)?)?"


def date_pattern(form: str) -> re.Pattern[str]:
    """`D-MON-YY` as a regular expression. Raises ValueError for a form without day, month and year."""
    text, at = "", 0
    while at < len(form):
        for token, pattern in _TOKENS:
            if form.startswith(token, at):
                text, at = text + pattern, at + len(token)
                break
        else:
            text, at = text + re.escape(form[at]), at + 1
    try:
        compiled = re.compile(text + _MIDNIGHT, re.ASCII)
    except re.error as error:
        raise ValueError(form) from error
    groups = set(compiled.groupindex)
    if groups not in ({"Y", "m", "d"}, {"Y", "b", "d"}, {"y", "m", "d"}, {"y", "b", "d"}):
        raise ValueError(form)
    return compiled


def _date(options: Mapping[str, Any]) -> Convert:
    """A date in one of `formats`; a year of two digits lies in the hundred years that end with `latest_year`."""
    patterns = [date_pattern(form) for form in options["formats"]]
    latest = options.get("latest_year", 0)

    def day(cell: str) -> date:
        text = cell.strip()
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                made = _made(found.groupdict(), latest)
                if made:
                    return made
        raise Refused("BAD_DATE", value=text, formats=" / ".join(options["formats"]))

    return day


def _made(parts: dict[str, str], latest: int) -> date | None:
    if "Y" in parts:
        year = int(parts["Y"])
    else:
        year = latest - (latest - int(parts["y"])) % 100
    month = int(parts["m"]) if "m" in parts else _MONTHS.get(parts["b"].lower(), 0)
    try:
        return date(year, month, int(parts["d"]))
    except ValueError:
        return None


_MAKERS: dict[str, Callable[..., Convert]] = {
    "text": _text,
    "upper": _upper,
    "raw": _raw,
    "money": _money,
    "integer": _integer,
    "decimal": _decimal,
    "code": _code,
    "date": _date,
}
# What a converter yields, so that a mapping cannot put a date where money belongs.
YIELDS = {
    "text": "TEXT", "upper": "TEXT", "raw": "RAW", "code": "TEXT",
    "money": "MONEY", "integer": "INTEGER", "decimal": "DECIMAL", "date": "DATE",
}  # fmt: skip
