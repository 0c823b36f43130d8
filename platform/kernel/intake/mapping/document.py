"""Mapping documents: loaded, checked against their form and their target, and compiled for one heading."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import getitem, itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from kernel.errors import gettext_noop
from kernel.intake.landing.target import Field, Target, target
from kernel.intake.mapping.converters import YIELDS, build, date_pattern
from kernel.intake.mapping.schema import FIELD_SCHEMAS, MAPPING_SCHEMA
from kernel.intake.refusals import BadMapping, MissingColumns, NoFile, Refused, TwiceInHeading


@dataclass(frozen=True)
class Mapping:
    """A checked document and the target it feeds."""

    name: str
    document: dict[str, Any]
    target: Target

    @property
    def options(self) -> dict[str, Any]:
        return self.document.get("options", {})

    def column_of(self, field: str) -> str:
        """The heading that feeds a field of the target; the field's own name when none does."""
        return self.document["fields"].get(field, {}).get("column", field)

    def house_name(self, code: str) -> str | None:
        """What an institution with this code is to be called when the import opens it; None: it may not."""
        houses = self.document.get("houses", {"places": {}})
        place = houses["places"].get(code)
        return houses["name"] % {"place": place} if place else None

    def compile(self, header: Sequence[str], *, file: str = "") -> Callable[[list[str]], Sequence[Any]]:
        """Return cells -> values in the order of the target's fields. Raises MissingColumns, TwiceInHeading.

        The function raises Refused with the column at fault.
        """
        at = self._places(header)
        known: list[dict[str, Any]] = []
        picked: list[int] = []
        constants: list[Any] = []
        order: list[int] = []
        years: list[_Year] = []
        mapped = sum("column" in self.document["fields"].get(field.name, ()) for field in self.target.fields)
        for position, field in enumerate(self.target.fields):
            spec = self.document["fields"].get(field.name, {"value": None})
            if "value" in spec:
                order.append(mapped + len(constants))
                constants.append(spec["value"])
                continue
            own = at[spec["column"]]
            order.append(len(known))
            known.append(build(spec, limit=field.limit, repeats=field.repeats))
            picked.append(own)
            if year := spec.get("year_in"):
                years.append(_Year(position, own, at[year["column"]], year.get("back", 0), spec["column"], year["column"]))
        # Runs for every row: each step of it is one call into C.
        pick, arrange = itemgetter(*picked, picked[0]), itemgetter(*order)

        def convert(cells: list[str]) -> Sequence[Any]:
            values = arrange([*map(getitem, known, pick(cells)), *constants])
            for year in years:
                year.check(values, cells)
            return values

        return convert

    def _places(self, header: Sequence[str]) -> dict[str, int]:
        needed = _columns(self.document)
        counted = Counter(header)
        missing = [column for column in needed if column not in counted]
        if missing:
            found = ", ".join(filter(None, header[:40]))
            raise MissingColumns(missing=", ".join(missing), found=found[:400])
        for column in needed:
            if counted[column] > 1:
                raise TwiceInHeading(column=column)
        return {column: header.index(column) for column in needed}


class _Year(NamedTuple):
    """The year of a date goes with that of another column (a fiscal year): the same, or up to `back` before it."""

    position: int
    own: int
    other: int
    back: int
    column: str
    other_column: str

    def check(self, values: Sequence[Any], cells: list[str]) -> None:
        made, year = values[self.position], cells[self.other].strip()[:4]
        if made is None or str(made.year) == year:
            return
        if not (year.isdecimal() and 0 <= int(year) - made.year <= self.back):
            raise Refused(
                "YEAR_MISMATCH",
                column=self.column,
                value=cells[self.own].strip(),
                other=cells[self.other].strip(),
                other_column=self.other_column,
            )


def load(source: Path | dict[str, Any]) -> Mapping:
    """Read and check a mapping. Raises BadMapping with the path to the mistake, NoFile."""
    document = _read(source) if isinstance(source, Path) else source
    _check_form(document, MAPPING_SCHEMA, "")
    feeds = target(document["target"])
    if feeds is None:
        raise BadMapping("target", gettext_noop("there is no target with this name"))
    fields = {field.name: field for field in feeds.fields}
    for name, spec in document["fields"].items():
        path = f"fields.{name}"
        if name not in fields:
            raise BadMapping(path, gettext_noop("the target has no such field"))
        _check_field(spec, fields[name], path)
    for field in feeds.fields:
        if field.required and field.name not in document["fields"]:
            raise BadMapping(f"fields.{field.name}", gettext_noop("the target needs this field"))
    feeds.check(document)
    return Mapping(document["name"], document, feeds)


def _read(path: Path) -> Any:
    if not path.is_file():
        raise NoFile(name=path.name)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(path.name, str(error)) from error


def _check_field(spec: dict[str, Any], field: Field, path: str) -> None:
    kind = "value" if "value" in spec else spec.get("as")
    if kind not in FIELD_SCHEMAS:
        raise BadMapping(f"{path}.as", gettext_noop("there is no converter with this name"))
    _check_form(spec, FIELD_SCHEMAS[kind], path)
    if kind == "value":
        if not isinstance(spec["value"], int if field.kind in ("INTEGER", "MONEY") else str):
            raise BadMapping(f"{path}.value", gettext_noop("a value of this kind does not fit the field"))
        return
    if YIELDS[kind] != field.kind:
        raise BadMapping(f"{path}.as", gettext_noop("this converter does not fit the field"))
    if kind != "date":
        return
    for form in spec["formats"]:
        try:
            short = "y" in date_pattern(form).groupindex
        except ValueError:
            raise BadMapping(f"{path}.formats", gettext_noop("a form needs a day, a month and a year")) from None
        if short and "latest_year" not in spec:
            raise BadMapping(path, gettext_noop("a year of two digits needs latest_year"))


def _check_form(document: Any, schema: dict[str, Any], path: str) -> None:
    error = best_match(Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(document))
    if error is not None:
        inner = ".".join(str(step) for step in error.absolute_path)
        raise BadMapping(".".join(filter(None, (path, inner))) or "(top)", error.message)


def _columns(document: dict[str, Any]) -> list[str]:
    """Every column that the mapping reads, in its order, once."""
    found: dict[str, None] = {}
    for spec in document["fields"].values():
        if "column" in spec:
            found[spec["column"]] = None
        if "year_in" in spec:
            found[spec["year_in"]["column"]] = None
    return list(found)
