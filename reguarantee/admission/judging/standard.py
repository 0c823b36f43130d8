"""Reads a standard's document and says at which place something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language

from kernel.errors import Invalid, gettext_noop
from reguarantee.admission.judging.inputs import UNITS
from reguarantee.admission.judging.line import KEYS
from reguarantee.admission.judging.rules import OPERATORS

_ONE = Decimal(1)


class BadStandard(Invalid):
    code = "BAD_STANDARD"
    sentence = gettext_noop("The standard cannot be read at %(path)s.")


class WeightsNotOne(BadStandard):
    code = "STANDARD_WEIGHTS"
    sentence = gettext_noop("The weights at %(path)s add up to %(sum)s; they have to be 1 together.")


def read_standard(document: Any, *, with_line: bool) -> dict[str, Any]:
    """Check a standard's document and give it back. Raises BadStandard with the path of the first mistake.

    `rules`: code, sentence {zh, en}, field, operator (GE LE GT LT EQ), pass, refer (or null), hard.
    `dimensions`: code, name, weight, inputs: field, weight, better (HIGH LOW), bands [[bound, points], …].
    `documents`: code, name, required. `line` (of a standard for members): weights and scores of the eight keys.
    """
    if not isinstance(document, Mapping):
        raise BadStandard(field="content", path="/")
    seen: set[str] = set()
    for place, rule in _list(document, "rules"):
        _need(place, isinstance(rule, Mapping) and rule.get("code") not in seen | {None, ""})
        seen.add(str(rule["code"]))
        _need(f"{place}/sentence", _named(rule.get("sentence")))
        _need(f"{place}/field", rule.get("field") in UNITS)
        _need(f"{place}/operator", rule.get("operator") in OPERATORS)
        _need(f"{place}/pass", _number(rule.get("pass")) is not None)
        _need(f"{place}/refer", rule.get("refer") in (None, "") or _number(rule.get("refer")) is not None)
    dimensions = _list(document, "dimensions")
    for place, dimension in dimensions:
        _dimension(place, dimension)
    _sum("/dimensions", [dimension["weight"] for _place, dimension in dimensions])
    for place, slot in _list(document, "documents"):
        _need(place, isinstance(slot, Mapping) and bool(slot.get("code")) and _named(slot.get("name")))
    if with_line:
        _line(document.get("line"))
    return dict(document)


def _dimension(place: str, dimension: Any) -> None:
    _need(place, isinstance(dimension, Mapping) and bool(dimension.get("code")) and _named(dimension.get("name")))
    _need(f"{place}/weight", _number(dimension.get("weight")) is not None)
    items = [(f"{place}/inputs/{n}", item) for n, item in enumerate(dimension.get("inputs") or ())]
    _need(f"{place}/inputs", bool(items))
    for at, item in items:
        _bands(at, item)
        _need(f"{at}/weight", _number(item.get("weight")) is not None)
    _sum(f"{place}/inputs", [item["weight"] for _at, item in items])


def _bands(place: str, item: Any) -> None:
    _need(place, isinstance(item, Mapping) and item.get("field") in UNITS)
    _need(f"{place}/better", item.get("better") in ("HIGH", "LOW"))
    bands = item.get("bands") or ()
    _need(f"{place}/bands", bool(bands) and all(len(band) == 2 and None not in map(_number, band) for band in bands))
    bounds = [Decimal(str(band[0])) for band in bands]
    _need(f"{place}/bands", bounds == sorted(bounds, reverse=item["better"] == "HIGH"))


def _line(line: Any) -> None:
    _need("/line", isinstance(line, Mapping) and set(line.get("weights") or ()) == set(KEYS))
    _need("/line/weights", all(_number(weight) is not None for weight in line["weights"].values()))
    _sum("/line/weights", list(line["weights"].values()))
    scores = line.get("scores") or {}
    for key in set(KEYS) - {"institution_rating"}:
        _need(f"/line/scores/{key}", isinstance(scores.get(key), Mapping))
        _bands(f"/line/scores/{key}", {"field": "leverage", **scores[key]})


def _list(document: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    rows = document.get(name)
    _need(f"/{name}", isinstance(rows, list) and bool(rows))
    return [(f"/{name}/{n}", row) for n, row in enumerate(rows or ())]


def _named(texts: Any) -> bool:
    return isinstance(texts, Mapping) and bool(texts.get("zh")) and bool(texts.get("en"))


def _number(text: Any) -> Decimal | None:
    """Numbers are texts ("0.05") or whole numbers; a JSON fraction would be a float and is refused."""
    if isinstance(text, bool) or not isinstance(text, str | int):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _sum(place: str, weights: list[Any]) -> None:
    total = sum((Decimal(weight) for weight in weights), Decimal(0))
    if total != _ONE:
        raise WeightsNotOne(field="content", path=place, sum=total)


def _need(place: str, holds: bool) -> None:
    if not holds:
        raise BadStandard(field="content", path=place)


def named(texts: Mapping[str, str]) -> str:
    """A name or sentence of a standard in the language that is active."""
    return texts["en"] if (get_language() or "").startswith("en") else texts["zh"]
