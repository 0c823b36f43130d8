"""What people read where a machine reads a code: the name of a member, of the group, of a bank, of a fund."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column
from registry import queries as registry

# Parties of treaties that are not in the register: they have no house and no key.
_OUTSIDE = {"NFGF": _("National fund"), "GOV": _("Local government")}
_SECONDS = 60.0
_kept: tuple[float, dict[str, str]] = (0.0, {})


def name(code: str) -> Any:
    """The name behind a code; the code itself where the register has none. At most a minute behind the register."""
    global _kept
    if code.startswith("debtor:"):
        return _("Debtor")
    at, names = _kept
    if code not in names and time.monotonic() - at > 1.0 or time.monotonic() - at > _SECONDS:
        names = registry.names()
        _kept = time.monotonic(), names
    return names.get(code) or _OUTSIDE.get(code.upper()) or code


def named(field: str) -> Callable[[Any], Any]:
    """For a column's `note`: the name behind the code in `field`."""
    return lambda record: name(A(field).resolve(record, quiet=True) or "")


class InstitutionColumn(Column):
    """A code, shown as the name it stands for, on one line where there is room."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("css", "wide name" if kwargs.get("note") else "name")
        super().__init__(*args, **kwargs)

    def shown(self, value: Any, record: Any, table: Any) -> Any:
        return name(value)

    def value(self, **kwargs: Any) -> Any:
        return str(name(kwargs["value"]))
