"""Lists of the consolidated book: guarantees, keys of a dimension, members, comparisons and their breaks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form
from design.lists import Column, DayColumn, MinuteColumn, MoneyColumn, RateColumn, StateColumn, Table
from design.templatetags.design import minute, state_badge
from desks.institutions import InstitutionColumn
from reguarantee.console.pages import with_day
from reguarantee.monitoring import queries as monitoring


def _opens(url: str, text: Any) -> Any:
    """The cell that opens its row."""
    return format_html('<a data-row href="{}">{}</a>', url, text)


class CoverageColumn(StateColumn):
    """A second state of a row: on a phone it stands in its line, the corner of the card belongs to the first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.css = ""


class RowTable(Table):
    """Guarantees as `monitoring.queries.guarantees` gives them; sorted by the database, so no heading sorts."""

    number = Column(verbose_name=_("Number"), css="number")
    customer_name = Column(verbose_name=_("Customer"), note="bank_name")
    member_code = InstitutionColumn(verbose_name=_("Member"))
    loan_fen = MoneyColumn(verbose_name=_("Loan"))
    guaranteed_fen = MoneyColumn(verbose_name=_("Guaranteed"))
    balance_fen = MoneyColumn(verbose_name=_("In force"))
    ceded_fen = MoneyColumn(verbose_name=_("Ceded"))
    state = StateColumn(verbose_name=_("State"), labels=monitoring.STATES)
    coverage = CoverageColumn(verbose_name=_("Coverage"), labels=monitoring.COVERAGES)
    approved_on = DayColumn(verbose_name=_("Approved on"))
    due_on = DayColumn(verbose_name=_("Due"))

    class Meta:
        orderable = False

    def __init__(self, rows: Any, *, day: date, request: Any = None) -> None:
        self.day = day
        super().__init__(rows)
        self.request = request

    def render_number(self, value: str, record: Any) -> Any:
        url = reverse("console:guarantee", args=[record["member_code"], record["guarantee_id"]])
        return _opens(with_day(url, self.day), value)


def _pieces(number: int) -> str:
    """How many guarantees stand behind an amount."""
    return ngettext("%(number)s guarantee", "%(number)s guarantees", number) % {"number": number} if number else ""


class DimensionTable(Table):
    """One key of a dimension in a row; the label opens its guarantees."""

    label = Column(verbose_name=_("Name"), css="number")
    in_force_balance_fen = MoneyColumn(verbose_name=_("Balance in force"))
    share = RateColumn(verbose_name=_("Share"))
    in_force_count = Column(verbose_name=_("In force"), css="num")
    in_force_ceded_fen = MoneyColumn(verbose_name=_("Ceded in force"))
    guaranteed_fen = MoneyColumn(verbose_name=_("Guaranteed ever"), note=lambda row: _pieces(row["count"]))
    compensation_fen = MoneyColumn(verbose_name=_("Compensation"), note=lambda row: _pieces(row["compensated_count"]))
    rate = RateColumn(verbose_name=_("Compensation rate"))

    def render_label(self, value: str, record: Any) -> Any:
        return _opens(record["url"], value)


class MemberTable(DimensionTable):
    """Members with what the group may see of each, and whether their book can be read."""

    label = Column(verbose_name=_("Member"), css="number")
    trouble = Column(verbose_name=_("Book"), css="state", empty_values=())

    class Meta:
        sequence = ("label", "trouble", "...")

    def render_label(self, value: str, record: Any) -> Any:
        return format_html(
            '<a data-row href="{}">{}</a><small>{} · {}</small>', record["url"], value, record["key"], record["scope"]
        )

    def render_trouble(self, value: str) -> Any:
        return state_badge("FAILED" if value else "OK", self.value_trouble(value))

    def value_trouble(self, value: str) -> str:
        return gettext("Cannot be read") if value else gettext("Read")


class ComparisonTable(Table):
    at = MinuteColumn(verbose_name=_("Time"))
    as_of = DayColumn(verbose_name=_("As of"))
    members = Column(verbose_name=_("Members"), css="num")
    guarantees = Column(verbose_name=_("Guarantees"), css="num")
    waiting = Column(verbose_name=_("Left out, still on the way"), css="num")
    breaks = Column(verbose_name=_("Breaks"), css="num")
    seconds = Column(verbose_name=_("Seconds"), css="num")
    verdict = Column(verbose_name=_("Result"), css="state", accessor="breaks", orderable=False)

    def render_at(self, value: Any, record: Any) -> Any:
        return _opens(reverse("console:comparison", args=[record.pk]), minute(value))

    def render_verdict(self, record: Any) -> Any:
        code = "WARNING" if record.trouble else "BROKEN" if record.breaks else "OK"
        return state_badge(code, self.value_verdict(record))

    def value_verdict(self, record: Any) -> str:
        if record.trouble:
            return gettext("Not complete")
        return gettext("Breaks found") if record.breaks else gettext("Equal")


class BreakTable(Table):
    where = StateColumn(verbose_name=_("Where"))
    member_code = InstitutionColumn(verbose_name=_("Member"))
    key = Column(verbose_name=_("Row"), css="number")
    field = Column(verbose_name=_("Column"))
    truth = Column(verbose_name=_("At the member"), css="num")
    held = Column(verbose_name=_("In the book"), css="num")

    def render_key(self, value: str, record: Any) -> Any:
        if record.where != "FACT" or not record.guarantee_id:
            return value
        return _opens(reverse("console:guarantee", args=[record.member_code, record.guarantee_id]), value)


class _LineForm(Form):
    q = forms.CharField(label=_("Name, code"), required=False)
    as_of = DayField(label=_("As of"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs |= {"placeholder": _("Name, code"), "type": "search"}
        self.fields["as_of"].widget.attrs["placeholder"] = self.fields["as_of"].label


class LineFilter:
    """Filter of rows that are dictionaries; the day was read before, because the rows are of that day."""

    def __init__(self, data: Any, *, queryset: Any, request: Any) -> None:
        self.form = _LineForm(data)
        words = (data.get("q") or "").strip().lower()
        self.qs = [row for row in queryset if not words or words in row["label"].lower() or row["key"].lower().startswith(words)]
