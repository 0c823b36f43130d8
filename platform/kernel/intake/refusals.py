"""Why a row is not taken, and why a whole file or mapping is not.

Codes are stable; sentences are message ids that say what to do. A row that is refused never stops another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from kernel.errors import Invalid, gettext_noop


class Refused(Exception):
    """One row is not taken. Raised while a row is read, with the column of the file or the field of the target."""

    def __init__(self, code: str, /, *, column: str = "", field: str = "", **facts: Any) -> None:
        self.code, self.column, self.field, self.facts = code, column, field, facts
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was not taken: its physical line, the column at fault ("" for the whole row), and why."""

    line: int
    column: str
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    cells: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]


# code -> sentence; places are the facts of the refusal
SENTENCES = {
    "BLANK": gettext_noop("This cell is empty. Enter a value."),
    "BAD_TEXT": gettext_noop("The text contains characters that cannot be read or printed. Type it again."),
    "TOO_LONG": gettext_noop("The text has %(length)s characters; at most %(limit)s are possible. Shorten it."),
    "BAD_PATTERN": gettext_noop("“%(value)s” does not have the form %(pattern)s. Correct it."),
    "BAD_DATE": gettext_noop("“%(value)s” is not a date in the form %(formats)s. Correct it."),
    "YEAR_MISMATCH": gettext_noop("The year of “%(value)s” does not go with %(other_column)s “%(other)s”. Correct one of them."),
    "BAD_MONEY": gettext_noop("“%(value)s” is not an amount with at most %(places)s decimals. Correct it."),
    "BAD_INTEGER": gettext_noop("“%(value)s” is not a whole number. Correct it."),
    "BAD_DECIMAL": gettext_noop("“%(value)s” is not a number. Correct it."),
    "OUT_OF_RANGE": gettext_noop("“%(value)s” is outside the range from %(least)s to %(most)s. Correct it."),
    "UNKNOWN_CODE": gettext_noop("“%(value)s” is not a known code here. Known are: %(known)s."),
    "TOO_FEW_COLUMNS": gettext_noop(
        "The row has %(found)s cells, the heading %(expected)s. A delimiter is missing: compare the row with the heading."
    ),
    "ROW_SHIFTED": gettext_noop(
        "There is a value beyond the last named column: a quote or delimiter has moved the row's cells."
        " Move them back under their headings."
    ),
    "BROKEN_QUOTE": gettext_noop("A quotation mark in this row is not closed, or stands in the wrong place. Correct it."),
    "DUPLICATE": gettext_noop("The same key stands in line %(first)s already. Delete one of the two rows."),
    "CHANGED": gettext_noop(
        "This row was imported before with other values. Correct the imported record instead, or undo that import first."
    ),
    "TAKEN": gettext_noop("A record with this key exists and did not come from an import. Compare the two and delete this row."),
    "OTHER_HOUSE": gettext_noop("This row belongs to %(value)s, not to this institution. Delete it here."),
    "HOUSE_NOT_OPEN": gettext_noop(
        "There is no open institution with the code %(value)s. Open it first, or let the import open it."
    ),
    "HOUSE_UNKNOWN": gettext_noop(
        "The mapping names no institution for the code %(value)s. Correct the code, or add it to the mapping."
    ),
    "STORE_REFUSED": gettext_noop("The row breaks the rule %(rule)s of the records. Compare its amounts, dates and state."),
}


def explain(code: str, sentence: str) -> None:
    """Add a target's own refusal to the catalogue. The same code with another sentence is a mistake."""
    if SENTENCES.setdefault(code, sentence) != sentence:
        raise ValueError(f"the refusal {code} has a sentence already")


class Unusable(Invalid):
    """A file of which nothing can be taken."""

    code = "UNUSABLE_FILE"


class NoFile(Unusable):
    code = "FILE_NOT_FOUND"
    sentence = gettext_noop("There is no file %(name)s.")


class NotATable(Unusable):
    code = "NOT_A_TABLE"
    sentence = gettext_noop("%(name)s is not a table that can be read. Save it as csv, csv.xz or xlsx with one heading line.")


class Damaged(Unusable):
    code = "FILE_DAMAGED"
    sentence = gettext_noop("%(name)s is damaged and cannot be read to its end. Send it again.")


class TooBig(Unusable):
    code = "FILE_TOO_BIG"
    sentence = gettext_noop("%(name)s is larger than %(limit)s MB when unpacked. Split it.")


class NoHeading(Unusable):
    code = "NO_HEADING"
    sentence = gettext_noop("%(name)s is empty. It needs a heading line and rows below it.")


class MissingColumns(Unusable):
    code = "MISSING_COLUMNS"
    sentence = gettext_noop("The file lacks the columns %(missing)s that the mapping needs. It has: %(found)s.")


class TwiceInHeading(Unusable):
    code = "COLUMN_TWICE"
    sentence = gettext_noop("The column %(column)s stands in the heading more than once. Rename or delete one.")


class BadMapping(Invalid):
    """A mapping that cannot be used. `field` is the path to the mistake."""

    code = "BAD_MAPPING"
    sentence = gettext_noop("The mapping is wrong at %(path)s: %(problem)s")

    def __init__(self, path: str, problem: str) -> None:
        """`problem` is a message id, or text of a library."""
        super().__init__(field=path, path=path, problem=gettext(problem))
