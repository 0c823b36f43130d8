"""Reads of parameters: the value that holds on a business day (domain.md 13), never today's by accident."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, When
from django.db.models import Value as Constant

from kernel.parameters.declared import Parameter, declared, get
from kernel.parameters.models import Value

__all__ = ["declared", "value", "values"]


def value(key: str, *, on: date, **scopes: str) -> Any:
    """The typed value of `key` on a day, the most specific scope first: in the order that the parameter lists them.

    `value("rg.claim.deadline_days", on=day, product="WORKING_CAPITAL", member="ANHE")`. One statement.
    """
    parameter: Parameter = get(key)
    wanted = [f"{name}={scopes[name]}" for name in parameter.scopes if scopes.get(name)]
    ranks = [When(scope=scope, then=Constant(rank)) for rank, scope in enumerate(wanted)]
    row = (
        Value.objects.filter(key=key, state=Value.State.APPROVED, effective_from__lte=on, scope__in=["", *wanted])
        .annotate(rank=Case(*ranks, default=Constant(len(wanted)), output_field=IntegerField()))
        .order_by("rank", "-effective_from")
        .first()
    )
    return parameter.read(row.value if row else parameter.default)


def values(key: str = "") -> QuerySet[Value]:
    """All values ever given, newest first within a parameter and scope."""
    rows = Value.objects.all()
    return rows.filter(key=key) if key else rows
