"""Law: a number that somebody may want to change is a declared parameter, each is read, and none is read undeclared."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kernel.parameters.declared import Parameter, declared
from tests.laws.test_shape import CHECKOUT
from tests.laws.test_sources import PRODUCT

KNOWN = (
    "rg.nfgf.fee_le5m", "rg.nfgf.fee_gt5m", "rg.bank.min_share", "rg.ordinary.claim_cap", "rg.filing.deadline_days",
    "rg.filing.monthly_cutoff_day", "rg.claim.deadline_days", "rg.recovery.order", "rg.recovery.pass_on_days", "rg.line.measure",
    "proc.extension.max_count", "tax.vat.exempt_until", "tax.vat.rate",
    "rg.fee_cap.le5m", "rg.fee_cap.gt5m",
)  # fmt: skip
"""Keys of domain.md 13 that the group's business reads. What a treaty's terms say (shares, caps of an obligor) and how a
committee counts are data of their own, versioned there."""
_KEY = re.compile(r"""["']((?:rg|proc|tax\.vat|reg|risk|law)(?:\.[a-z0-9_]+){1,4})["']""")

_FAMILY = re.compile(r"""["']((?:rg|proc)(?:\.[a-z0-9_]+)+\.)["{]""")


def _named() -> dict[str, set[str]]:
    """Key → the files that name it, the lists of parameters left out."""
    found: dict[str, set[str]] = {}
    for path in PRODUCT:
        place = str(path.relative_to(CHECKOUT))
        if path.name == "parameters.py" or not place.startswith(
            ("tenants/", "reguarantee/", "platform/kernel/", "member_portal/")
        ):
            continue
        for key in _KEY.findall(path.read_text(encoding="utf-8")):
            found.setdefault(key, set()).add(place)
    return found


@pytest.mark.parametrize("key", KNOWN)
def test_what_the_handbook_leaves_open_is_declared(key: str) -> None:
    assert key in declared()


def test_no_room_reads_a_key_that_nobody_declares() -> None:
    assert {key: places for key, places in _named().items() if key not in declared()} == {}


def test_no_parameter_is_without_effect() -> None:
    """A value that a person may set and no room reads is a promise that the program does not keep."""
    families = {
        found for path in PRODUCT if path.name != "parameters.py" for found in _FAMILY.findall(path.read_text(encoding="utf-8"))
    }
    assert {key for key in set(declared()) - set(_named()) if not key.startswith(tuple(families))} == set()


@pytest.mark.parametrize("parameter", declared().values(), ids=lambda parameter: parameter.key)
def test_each_default_can_be_read_and_says_where_it_comes_from(parameter: Parameter) -> None:
    value: Any = parameter.read(parameter.default)
    assert value is not None
    assert parameter.kind in ("int", "fen", "days", "rate", "bool", "text", "choice")
    assert parameter.confidence in ("LAW", "C2+", "C1", "MEM", "UNV", "DESIGN")
    assert parameter.basis or parameter.confidence in ("DESIGN", "UNV", "MEM")
    assert str(parameter.label)
