"""Rules of a standard: each gives PASS, REFER or FAIL, and all of them together one word (PAR-17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

PASS, REFER, FAIL = "PASS", "REFER", "FAIL"
OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "GE": lambda value, bound: value >= bound,
    "LE": lambda value, bound: value <= bound,
    "GT": lambda value, bound: value > bound,
    "LT": lambda value, bound: value < bound,
    "EQ": lambda value, bound: value == bound,
}


@dataclass(frozen=True)
class Judged:
    """The outcome of one rule: `value` and thresholds as texts, `value` empty where the figure is missing."""

    code: str
    sentence: dict[str, str]
    field: str
    operator: str
    passes: str
    refers: str
    hard: bool
    value: str
    outcome: str

    def row(self) -> dict[str, Any]:
        return asdict(self)


def judge(rules: Iterable[Mapping[str, Any]], inputs: Mapping[str, Any]) -> list[Judged]:
    """Judge every rule of a standard. `pass` holds → PASS; else `refer` holds → REFER; else FAIL.

    A figure that is missing fails a hard rule and refers a soft one: nobody passes by leaving something out.
    """
    return [_judge(rule, inputs.get(rule["field"])) for rule in rules]


def _judge(rule: Mapping[str, Any], value: Any) -> Judged:
    holds = OPERATORS[rule["operator"]]
    hard, refer = bool(rule.get("hard")), str(rule.get("refer") or "")
    if value is None:
        outcome = FAIL if hard else REFER
    elif holds(_number(value), Decimal(rule["pass"])):
        outcome = PASS
    elif refer and holds(_number(value), Decimal(refer)):
        outcome = REFER
    else:
        outcome = FAIL
    return Judged(
        code=rule["code"],
        sentence=dict(rule["sentence"]),
        field=rule["field"],
        operator=rule["operator"],
        passes=str(rule["pass"]),
        refers=refer,
        hard=hard,
        value="" if value is None else str(_number(value)),
        outcome=outcome,
    )


def _number(value: Any) -> Decimal:
    return Decimal(int(value)) if isinstance(value, bool) else Decimal(value)


def overall(judged: Iterable[Judged]) -> str:
    """FAIL when a hard rule failed; REFER when anything else did not pass; else PASS."""
    rows = list(judged)
    if any(row.hard and row.outcome == FAIL for row in rows):
        return FAIL
    return PASS if all(row.outcome == PASS for row in rows) else REFER
