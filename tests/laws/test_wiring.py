"""Law: a letter that can be sent is opened by exactly one function of the other house, and somebody sends it."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest
from django.utils.module_loading import import_string

from infra import wiring
from kernel import letters
from tests.laws.test_shape import CHECKOUT
from tests.laws.test_sources import PRODUCT

BOTH_WAYS = {letters.CaseMessage, letters.MoneyReported}
"""What either side may say to the other; every other letter goes one way."""
UNWRITTEN = {letters.ReportingScopeAgreed}
"""Read, and written by no verb yet: a member's scope is set when its house is opened. Nothing may be added here lightly."""
READERS = [
    pytest.param(house, letter, path, id=f"{house}-{letter.kind}")
    for house, table in (("group", wiring.GROUP), ("member", wiring.MEMBER))
    for letter, path in table.items()
]


def test_every_letter_goes_one_way_or_both_by_intent() -> None:
    assert set(wiring.GROUP) | set(wiring.MEMBER) == set(letters.LETTERS.values())
    assert set(wiring.GROUP) & set(wiring.MEMBER) == BOTH_WAYS


@pytest.mark.parametrize(("house", "letter", "path"), READERS)
def test_each_reader_is_there_and_takes_what_the_post_hands_it(house: str, letter: Any, path: str) -> None:
    assert path.startswith("reguarantee." if house == "group" else "tenants."), "a letter is opened in the house it was sent to"
    parameters = list(inspect.signature(import_string(path)).parameters.values())
    first, *rest = parameters
    assert first.kind in (first.POSITIONAL_ONLY, first.POSITIONAL_OR_KEYWORD)
    assert {one.name for one in rest if one.default is one.empty} <= {"sender", "actor", "today"}
    assert {"sender", "actor", "today"} <= {one.name for one in rest}
    assert all(one.kind == one.KEYWORD_ONLY for one in rest)


@pytest.mark.parametrize("letter", letters.LETTERS.values(), ids=lambda letter: letter.kind)
def test_each_letter_is_written_by_the_side_that_does_not_read_it(letter: Any) -> None:
    writers = {
        path.relative_to(CHECKOUT).parts[0]
        for path in PRODUCT
        if path.relative_to(CHECKOUT).parts[0] in ("tenants", "reguarantee") and _makes(path, letter.__name__)
    }
    expected = ({"tenants"} if letter in wiring.GROUP else set()) | ({"reguarantee"} if letter in wiring.MEMBER else set())
    assert writers == (set() if letter in UNWRITTEN else expected)


def _makes(path: Any, name: str) -> bool:
    text = path.read_text(encoding="utf-8")
    if f"{name}(" not in text:
        return False
    calls = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return any(getattr(call, "id", getattr(call, "attr", "")) == name for call in calls)
