"""Conditions of a drawing: zen expressions over the facts of the case, never Python (ui.md 2.2, trap 2)."""

import json
from collections.abc import Mapping
from typing import Any

import zen

from kernel.errors import Conflict, Invalid, gettext_noop

_DEEP = 3


class NoAnswer(Conflict):
    """A condition has no yes or no for these facts: one that it asks for is missing or of the wrong kind."""

    code = "FACT_MISSING"
    sentence = gettext_noop("The condition “%(condition)s” cannot be decided: a fact is missing or of the wrong kind.")


class BadFact(Invalid):
    """A fact that the engine cannot keep exactly."""

    code = "BAD_FACT"
    sentence = gettext_noop("The fact “%(name)s” must be a text, a whole number, yes or no, or a list of them.")


def fault(expression: str) -> str:
    """Return what is wrong with a zen expression, or an empty text."""
    found = zen.validate_expression(expression)
    return str(found["source"]) if found else ""


def holds(expression: str, facts: Mapping[str, Any]) -> bool:
    """Return whether `expression` is true. Facts answer by their name and as `facts.name`. Raises NoAnswer."""
    try:
        answer = zen.evaluate_expression(expression, {**facts, "facts": dict(facts)})
    except RuntimeError as failure:
        raise NoAnswer(condition=expression) from failure
    if not isinstance(answer, bool):
        raise NoAnswer(condition=expression)
    return answer


def checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return `facts` as plain JSON values. Raises BadFact: a float would lose fen, an object has no lasting form."""
    for name, value in facts.items():
        if not isinstance(name, str) or not name.isidentifier() or name == "facts" or not _plain(value, _DEEP):
            raise BadFact(name=name)
    return json.loads(json.dumps(dict(facts)))


def _plain(value: Any, depth: int) -> bool:
    if value is None or isinstance(value, (str, bool, int)):
        return True
    if depth and isinstance(value, (list, tuple)):
        return all(_plain(item, depth - 1) for item in value)
    if depth and isinstance(value, Mapping):
        return all(isinstance(key, str) and _plain(item, depth - 1) for key, item in value.items())
    return False
