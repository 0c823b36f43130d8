"""Filters with our controls."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from design.forms import Calendar

SEARCH = _("Search this list")


class SearchFilter(django_filters.CharFilter):
    """One box over several fields: `q = SearchFilter(fields=["number", "customer_name"])`; every word must be found."""

    def __init__(self, *, fields: list[str], placeholder: Any = SEARCH, **kwargs: Any) -> None:
        self.lookups = fields
        kwargs.setdefault("label", placeholder)
        super().__init__(widget=forms.TextInput({"placeholder": placeholder, "type": "search"}), **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        wanted = Q()
        for word in (value or "").split():
            wanted &= Q(*((f"{name}__icontains", word) for name in self.lookups), _connector=Q.OR)
        return qs.filter(wanted) if wanted else qs


class OnlyFilter(django_filters.ChoiceFilter):
    """All rows, or only those that `method` keeps; the query says `NAME=true`: `OnlyFilter(words, method=…)`."""

    def __init__(self, only: Any, **kwargs: Any) -> None:
        super().__init__(choices=[("true", only)], **kwargs)


class _DayRange(django_filters.widgets.DateRangeWidget):
    is_range = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.widgets = [Calendar(), Calendar()]


class DayRangeFilter(django_filters.DateFromToRangeFilter):
    """From day – to day, with our calendar: query keys NAME_after and NAME_before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=_DayRange, **kwargs)
