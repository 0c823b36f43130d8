"""Reads of parameters: the value that holds on a business day (domain.md 13), never today's by accident."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from kernel.parameters.declared import Parameter, declared, get, rooms
from kernel.parameters.models import Value

__all__ = ["declared", "history", "in_force", "proposals", "rooms", "value", "values"]


def value(key: str, *, on: date, **scopes: str) -> Any:
    """The typed value of `key` on a day, the most specific scope first: in the order that the parameter lists them.

    `value("rg.claim.deadline_days", on=day, product="WORKING_CAPITAL", member="ANHE")`. One statement.
    """
    parameter: Parameter = get(key)
    wanted = [f"{name}={scopes[name]}" for name in parameter.scopes if scopes.get(name)]
    rows = Value.objects.filter(key=key, state=Value.State.APPROVED, effective_from__lte=on, scope__in=["", *wanted])
    latest = dict(rows.order_by("effective_from").values_list("scope", "value"))  # of one scope the last one stays
    return parameter.read(next((latest[scope] for scope in (*wanted, "") if scope in latest), parameter.default))


def history(key: str, **scopes: str) -> list[tuple[date, Any]]:
    """(day, typed value from that day on) of `key`, oldest first, the first one since ever; as `value` on each day. For
    what asks of many days. One statement."""
    parameter: Parameter = get(key)
    wanted = [f"{name}={scopes[name]}" for name in parameter.scopes if scopes.get(name)]
    rows = Value.objects.filter(key=key, state=Value.State.APPROVED, scope__in=["", *wanted])
    latest: dict[str, str] = {}
    found = {date.min: parameter.read(parameter.default)}
    for scope, since, text in rows.order_by("effective_from").values_list("scope", "effective_from", "value"):
        latest[scope] = text
        found[since] = parameter.read(next(latest[scope] for scope in (*wanted, "") if scope in latest))
    return list(found.items())


def values(key: str = "") -> QuerySet[Value]:
    """All values ever given, newest first within a parameter and scope."""
    rows = Value.objects.all()
    return rows.filter(key=key) if key else rows


def in_force(on: date) -> dict[tuple[str, str], Value]:
    """(key, scope) → the value that holds on a day, where an institution set one. One statement."""
    rows = Value.objects.filter(state=Value.State.APPROVED, effective_from__lte=on)
    latest = rows.order_by("key", "scope", "-effective_from").distinct("key", "scope")
    return {(row.key, row.scope): row for row in latest}


def proposals() -> QuerySet[Value]:
    """Values that wait for another person's approval, oldest first."""
    return Value.objects.filter(state=Value.State.PROPOSED).order_by("id")
