"""Filters of pages that both faces share."""

from __future__ import annotations

from typing import Any

from django import template

from desks.institutions import name
from desks.money import words as money
from desks.words import actor_label

register = template.Library()


@register.filter
def institution(code: str | None) -> Any:
    """`{{ row.member_code|institution }}`: its name, or the code where the register has none."""
    return name(code) if code else ""


register.filter("actor", actor_label)
register.filter("reference", money.reference)
register.filter("purpose", money.purpose)
