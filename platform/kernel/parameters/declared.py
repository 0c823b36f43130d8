"""Parameters that the program knows: each room declares its own, with the default and where it comes from.

A room lists them in `<room>/parameters.py` as `PARAMETERS = (Parameter("rg.claim.deadline_days", …), …)`; the values that
an institution sets afterwards are rows (`models.Value`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from kernel.errors import Invalid, gettext_noop


class BadValue(Invalid):
    code = "BAD_PARAMETER_VALUE"
    sentence = gettext_noop("“%(text)s” is not a value for %(key)s.")


class UnknownParameter(LookupError):
    """A key that no room declares: a mistake in the program."""


@dataclass(frozen=True)
class Parameter:
    """One parameter. `kind` is int, fen, days, rate, bool, text or choice; `scopes` names what a value may be limited to.

    `basis` is the rule's source and `confidence` its mark in domain.md 0 (LAW, C2+, C1, MEM, UNV, DESIGN).
    """

    key: str
    kind: str
    default: str
    label: Any
    basis: str = ""
    confidence: str = "DESIGN"
    choices: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()

    def read(self, text: str) -> Any:
        """The typed value of a stored text. Raises BadValue."""
        try:
            if self.kind in ("int", "fen", "days"):
                return int(text)
            if self.kind == "rate":
                rate = Decimal(text)
                if not rate.is_finite():
                    raise ValueError
                return rate
            if self.kind == "bool":
                return {"true": True, "false": False}[text]
        except (ArithmeticError, ValueError, KeyError):
            raise BadValue(field="value", text=text, key=self.key) from None
        if self.kind == "choice" and text not in self.choices:
            raise BadValue(field="value", text=text, key=self.key)
        return text


@cache
def rooms() -> Mapping[str, tuple[Parameter, ...]]:
    """The parameters that each room declares, by the name of its app."""
    found: dict[str, tuple[Parameter, ...]] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.parameters"
        if config.name != "kernel.parameters" and find_spec(name) is not None:
            found[config.name] = tuple(getattr(import_module(name), "PARAMETERS", ()))
    return found


@cache
def declared() -> Mapping[str, Parameter]:
    """All parameters by key, in the order of the rooms."""
    found: dict[str, Parameter] = {}
    for parameters in rooms().values():
        for parameter in parameters:
            if found.setdefault(parameter.key, parameter) is not parameter:
                raise ValueError(f"Two rooms declare the parameter {parameter.key}")
    return found


def get(key: str) -> Parameter:
    """Raises UnknownParameter."""
    try:
        return declared()[key]
    except KeyError:
        raise UnknownParameter(key) from None
