"""Tables and their columns. A column knows how it looks on the page and what it is in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.templatetags import amounts
from design.templatetags.design import day, minute, state_badge

Note = str | Callable[[Any], Any]


def _read(note: Note, record: Any) -> Any:
    return note(record) if callable(note) else A(note).resolve(record, quiet=True)


class Table(tables.Table):
    """The base of every list. Rows: a queryset, dictionaries or dataclasses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_text", _("Nothing here."))
        kwargs.setdefault("template_name", "design/table.html")
        super().__init__(*args, **kwargs)

    @property
    def unit(self) -> str:
        """The money unit of the reader (YUAN or WAN)."""
        return amounts.unit_of(getattr(self, "request", None))


class Column(tables.Column):
    """Text; `note` (an accessor or a function of the record) puts a small second line below it."""

    def __init__(self, *args: Any, note: Note = "", css: str = "", **kwargs: Any) -> None:
        # On a phone a cell with two lines takes the whole width of its card.
        self.note, self.css = note, css or ("wide" if note else "")
        kwargs.setdefault("default", amounts.NOTHING)
        super().__init__(*args, **kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return value

    def render(self, value: Any, record: Any, table: Table) -> Any:
        text = self.shown(value, record, table)
        second = _read(self.note, record) if self.note else None
        return format_html("{}<small>{}</small>", text, second) if second else text

    def value(self, **kwargs: Any) -> Any:
        return kwargs["value"]


class LinkColumn(Column):
    """The cell that opens the row: `LinkColumn("portal:guarantee", args=[A("pk")])`."""

    def __init__(self, viewname: str, *, args: Sequence[Any] = (A("pk"),), **kwargs: Any) -> None:
        self.viewname, self.arguments = viewname, args
        super().__init__(css="number", **kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        found = [argument.resolve(record) if isinstance(argument, A) else argument for argument in self.arguments]
        return format_html('<a data-row href="{}">{}</a>', reverse(self.viewname, args=found), value)


class MoneyColumn(Column):
    """Fen in the reader's unit; the heading names it. In a spreadsheet: yuan, as a number."""

    money = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, css="num", **kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        exact = f"{amounts.amount(value, amounts.YUAN)} {amounts.unit_label(amounts.YUAN)}"
        return format_html('<span class="money" title="{}">{}</span>', exact, amounts.amount(value, table.unit))

    def value(self, **kwargs: Any) -> Any:
        value = kwargs["value"]
        return Decimal(value).scaleb(-2) if isinstance(value, int) else value


class RateColumn(Column):
    def __init__(self, *args: Any, digits: int = 2, **kwargs: Any) -> None:
        self.digits = digits
        super().__init__(*args, css="num", **kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return amounts.percent(value, self.digits)


class StateColumn(Column):
    """A state in its tone. `labels` maps code to label; without it the record's get_NAME_display speaks."""

    def __init__(self, *args: Any, labels: dict[str, Any] | None = None, **kwargs: Any) -> None:
        self.labels = labels
        super().__init__(*args, css="state", **kwargs)

    def _label(self, value: Any, record: Any, name: str) -> Any:
        if self.labels:
            return self.labels.get(value, value)
        spoken = f"get_{name}_display"
        if isinstance(record, dict):
            return record.get(spoken, value)
        speak = getattr(record, spoken, None)
        return speak() if speak else getattr(value, "label", value)

    def render(self, value: Any, record: Any, table: Table, bound_column: Any = None) -> Any:
        # django-tables2 hands a record's display for a choice field; the tone needs the code.
        name = bound_column.accessor if bound_column else ""
        code = A(name).resolve(record, quiet=True) if name else value
        return state_badge(code, self._label(code, record, str(name)))


class DayColumn(Column):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, css="number", **kwargs)

    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return day(value)


class MinuteColumn(DayColumn):
    def shown(self, value: Any, record: Any, table: Table) -> Any:
        return minute(value)

    def value(self, **kwargs: Any) -> Any:
        value = kwargs["value"]
        # A spreadsheet cell knows no zone.
        return timezone.localtime(value).replace(tzinfo=None) if value and timezone.is_aware(value) else value


class ActsColumn(tables.TemplateColumn):
    """Buttons at the end of a row; a template or its source, with `record` in the context."""

    css = "acts"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", "")
        super().__init__(*args, orderable=False, exclude_from_export=True, **kwargs)


class TickColumn(tables.Column):
    """A box per row, sent as `ids` by the form of the bulk bar."""

    css = "tick"

    def __init__(self, accessor: str = "pk", *, name: str = "ids") -> None:
        self.input_name = name
        super().__init__(accessor=accessor, verbose_name="", orderable=False, exclude_from_export=True)

    def render(self, value: Any) -> Any:
        return format_html(
            '<input class="form-check-input" type="checkbox" form="bulk" name="{}" value="{}" aria-label="{}">',
            self.input_name,
            value,
            _("Choose row %(id)s") % {"id": value},
        )

    @property
    def header(self) -> Any:
        return format_html('<input class="form-check-input" type="checkbox" aria-label="{}">', _("Choose all rows on this page"))
