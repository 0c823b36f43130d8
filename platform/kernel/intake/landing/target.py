"""What a target says about itself: its fields, what a row means, and how staged rows become rows of its tables.

A room registers its target in its AppConfig.ready(). Everything here is data and plain functions, so that the
kernel moves rows without knowing what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from kernel.intake.refusals import explain

# Null in COPY text; no text that a converter lets pass contains it.
NULL = "\x02"
Kind = Literal["TEXT", "RAW", "MONEY", "INTEGER", "DECIMAL", "DATE"]


@dataclass(frozen=True)
class Field:
    """One field that a mapping may fill. `limit` is the longest text; `repeats` says that values come again."""

    name: str
    kind: Kind
    required: bool = True
    limit: int = 0
    repeats: bool = True


class Staged(NamedTuple):
    """One row ready for its house: `house` is the institution's code ("" = wherever it is imported).

    `key` identifies the row within the target. `columns`, then `passing`, are the staged values in the order of
    Target.stage, with NULL for nothing; passing ones depend on the day of the import and do not make a row another one.
    """

    house: str
    key: str
    columns: Sequence[Any]
    passing: Sequence[Any] = ()


@dataclass(frozen=True)
class Step:
    """One set-based insert out of the staging table `intake_stage` (line, key, digest, and the target's columns).

    `insert` returns `row_id` and `key`, sees only staged rows with line between %(low)s and %(high)s, and inserts
    nothing twice. Undo deletes the rows it brought from `table`; `spare` is SQL that keeps one still in use.
    """

    kind: str
    table: str
    insert: str
    spare: str = ""


@dataclass(frozen=True)
class Target:
    """A kind of row that can be imported. The last step brings the rows themselves, the others what they need."""

    name: str
    fields: tuple[Field, ...]
    # Options of a mapping and the day the file speaks for -> values in the order of `fields` -> Staged, or Refused.
    shape: Callable[[Mapping[str, Any], date], Callable[[Sequence[Any]], Staged]]
    stage: tuple[tuple[str, str], ...]
    # Rows that are there already: SQL giving `key` and `row_id`.
    known: str
    steps: tuple[Step, ...]
    # SQL that finds a row when somebody has changed one that batch %(batch)s brought as %(kind)s.
    touched: str = ""
    # Raises BadMapping for a mapping document that is wrong in what only the target understands.
    check: Callable[[Mapping[str, Any]], None] = lambda document: None
    # Runs in the house before rows land: reference rows that they need.
    prepare: Callable[..., None] = lambda **_: None
    # The code of the house in which the work stands.
    home: Callable[[], str] = lambda: ""
    sentences: Mapping[str, str] = field(default_factory=dict)


_TARGETS: dict[str, Target] = {}


def register(new: Target) -> None:
    """Make a target known by its name; the same name again replaces it (a reload)."""
    for code, sentence in new.sentences.items():
        explain(code, sentence)
    _TARGETS[new.name] = new


def target(name: str) -> Target | None:
    """The target of this name, or None."""
    return _TARGETS.get(name)
