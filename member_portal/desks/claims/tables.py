"""Lists of claims on the group and of claim files."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, DayRangeFilter, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table
from desks.pages import today
from tenants.claims import queries


class ClaimTable(Table):
    claim_no = LinkColumn("portal:claim", args=[A("pk")], verbose_name=_("Claim"), note="guarantee__number")
    customer = Column(accessor="guarantee__customer__name", verbose_name=_("Customer"), note="guarantee__bank_name")
    state = StateColumn(verbose_name=_("State"), labels=dict(queries.STATES))
    todo = Column(accessor="pk", verbose_name=_("What to do"), orderable=False)
    days = Column(accessor="pk", verbose_name=_("Days left"), orderable=False, css="num")
    asked_fen = MoneyColumn(verbose_name=_("Asked"))
    approved_fen = MoneyColumn(verbose_name=_("Amount approved"))
    paid_fen = MoneyColumn(verbose_name=_("Sent by the group"))
    deadline_on = DayColumn(verbose_name=_("Last day"))

    def render_todo(self, record: Any) -> str:
        return str(queries.todo(record, today())["title"])

    value_todo = render_todo

    def render_days(self, record: Any) -> str:
        return queries.todo(record, today())["left"] or "-"

    value_days = render_days


class ClaimFilter(django_filters.FilterSet):
    q = SearchFilter(
        fields=["claim_no", "guarantee__number", "guarantee__customer__name"], placeholder=_("Claim, guarantee, customer")
    )
    state = django_filters.ChoiceFilter(choices=queries.STATES, label=_("State"))
    deadline = DayRangeFilter(field_name="deadline_on", label=_("Last day"))


class FileTable(Table):
    number = LinkColumn("portal:claim_file", args=[A("pk")], verbose_name=_("Guarantee"), note="customer__name")
    product = Column(accessor="product__label", order_by="product__name_zh", verbose_name=_("Product"), note="bank_name")
    ceded_fen = MoneyColumn(verbose_name=_("Ceded"))
    due_on = DayColumn(verbose_name=_("Due"))
    claim_score = Column(verbose_name=_("Ready for a claim"), css="num")

    def render_claim_score(self, value: int) -> str:
        return f"{value} / 100"

    def value_claim_score(self, value: int) -> str:
        return str(value)


class FileFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "customer__name"], placeholder=_("Guarantee, customer"))
    ready = django_filters.ChoiceFilter(
        choices=[("FULL", _("All there")), ("PART", _("Something missing")), ("NONE", _("Nothing there"))],
        method="by_score", label=_("Ready for a claim"),
    )  # fmt: skip

    def by_score(self, rows: Any, _name: str, value: str) -> Any:
        if value == "FULL":
            return rows.filter(claim_score=100)
        return rows.filter(claim_score=0) if value == "NONE" else rows.filter(claim_score__gt=0, claim_score__lt=100)
