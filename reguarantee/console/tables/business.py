"""Lists of what the group agrees and decides: filings and treaties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tables2.utils import A

from design.lists import Column, DayColumn, DayRangeFilter, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table
from desks.institutions import named
from reguarantee.console.tables.book import CoverageColumn
from reguarantee.filings import queries as filings
from reguarantee.monitoring import queries as monitoring
from reguarantee.treaties import queries as treaties


def _members() -> list[tuple[str, str]]:
    return [(one.code, f"{one.code} {one.name}") for one in monitoring.members()]


class Filters(django_filters.FilterSet):
    """A filter whose choices are rows: read when the list is asked for, the value of a link always among them."""

    rows: ClassVar[dict[str, Callable[[], list[tuple[str, str]]]]] = {}

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        for name, read in self.rows.items():
            choices, asked = read(), (data or {}).get(name)
            if asked and asked not in dict(choices):
                choices.append((asked, asked))
            self.filters[name].extra["choices"] = choices


class FilingTable(Table):
    number = LinkColumn("console:filing", args=[A("pk")], verbose_name=_("Number"), note=named("member_code"))
    obligor_name = Column(verbose_name=_("Obligor"), note="bank_name")
    guaranteed_fen = MoneyColumn(verbose_name=_("Guaranteed"))
    ceded_fen = MoneyColumn(verbose_name=_("Ceded"))
    uncovered_fen = MoneyColumn(verbose_name=_("Not covered"))
    status = StateColumn(verbose_name=_("Status"), labels=dict(filings.STATUSES))
    coverage = CoverageColumn(verbose_name=_("Coverage"), labels=dict(filings.COVERAGES))
    reason_code = Column(verbose_name=_("Reason"), note="treaty_version__treaty__code")
    drawdown_on = DayColumn(verbose_name=_("Drawn on"))


class FilingFilter(Filters):
    rows = {"member_code": _members}

    q = SearchFilter(fields=["number", "obligor_name"], placeholder=_("Number, obligor"))
    status = django_filters.ChoiceFilter(choices=filings.STATUSES, label=_("Status"))
    coverage = django_filters.ChoiceFilter(choices=filings.COVERAGES, label=_("Coverage"))
    member_code = django_filters.ChoiceFilter(label=_("Member"))
    product_category = django_filters.ChoiceFilter(choices=filings.CATEGORIES, label=_("Kind of business"))
    reason_code = django_filters.ChoiceFilter(choices=filings.REASONS, label=_("Reason"))
    end = django_filters.ChoiceFilter(choices=filings.ENDS, label=_("End"))
    batch = django_filters.CharFilter(label=_("Bank's list"))
    treaty = django_filters.CharFilter(field_name="treaty_version__treaty__code", label=_("Treaty"))
    drawn = DayRangeFilter(field_name="drawdown_on", label=_("Drawn on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("treaty", "batch"):
            self.form.fields[name].widget.attrs["placeholder"] = self.form.fields[name].label


class WorkTable(Table):
    """Filings under review; the longest waiting first."""

    number = LinkColumn("console:filing", args=[A("pk")], verbose_name=_("Number"), note=named("member_code"))
    stage = StateColumn(verbose_name=_("Stage"), labels=dict(filings.STAGES))
    obligor_name = Column(verbose_name=_("Obligor"), note="bank_name")
    reason_code = Column(verbose_name=_("Why it needs an officer"), note="treaty_version__treaty__code")
    principal_fen = MoneyColumn(verbose_name=_("Loan"))
    guaranteed_fen = MoneyColumn(verbose_name=_("Guaranteed"))
    reserved_fen = MoneyColumn(verbose_name=_("Reserved of the line"))
    submitted_on = DayColumn(verbose_name=_("Submitted on"))
    waiting = Column(verbose_name=_("Waiting"), css="num")

    def render_waiting(self, value: Any) -> str:
        return self.value_waiting(value)

    def value_waiting(self, value: Any) -> str:
        return ngettext("%(days)s day", "%(days)s days", value.days) % {"days": value.days}


class WorkFilter(Filters):
    rows = {"member_code": _members}

    q = SearchFilter(fields=["number", "obligor_name"], placeholder=_("Number, obligor"))
    stage = django_filters.ChoiceFilter(choices=filings.STAGES, label=_("Stage"))
    member_code = django_filters.ChoiceFilter(label=_("Member"))
    reason_code = django_filters.ChoiceFilter(choices=filings.REASONS, label=_("Reason"))


class TreatyTable(Table):
    code = LinkColumn("console:treaty", args=[A("code")], verbose_name=_("Code"), note="number")
    title = Column(verbose_name=_("Title"), css="title", note=lambda row: _listed(row.members))
    status = StateColumn(verbose_name=_("Status"), labels=dict(treaties.STATUSES))
    current_version = Column(verbose_name=_("Version in force"), css="num")
    current_from = DayColumn(verbose_name=_("From"))
    current_to = DayColumn(verbose_name=_("Until"))
    line_fen = MoneyColumn(verbose_name=_("Line of the year"))
    used_fen = MoneyColumn(verbose_name=_("Used"))
    reserved_fen = MoneyColumn(verbose_name=_("Reserved"))
    left_fen = MoneyColumn(verbose_name=_("Left"))
    rank = Column(verbose_name=_("Rank"), css="num")


def _listed(members: list[str]) -> Any:
    return _("All members") if members == ["*"] else ", ".join(members)


class TreatyFilter(Filters):
    rows = {"member": _members}

    q = SearchFilter(fields=["code", "title"], placeholder=_("Code, title"))
    status = django_filters.ChoiceFilter(choices=treaties.STATUSES, label=_("Status"))
    member = django_filters.ChoiceFilter(label=_("Member"), method="of_member")

    def of_member(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(members__contains=[value]) | Q(members__contains=["*"]))
