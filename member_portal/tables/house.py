"""Lists of the house: customers, products, imports."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import (
    ActsColumn,
    Column,
    DayColumn,
    LinkColumn,
    MinuteColumn,
    MoneyColumn,
    RateColumn,
    StateColumn,
    Table,
)
from design.templatetags.design import state_badge
from desks.words import actor_label
from member_portal.tables.words import masked_code
from tenants.customers import queries as customers
from tenants.products import queries as products

_SECTIONS = dict(customers.INDUSTRIES)
_KINDS = dict(products.KINDS)


class CustomerTable(Table):
    name = LinkColumn("portal:customer", args=[A("pk")], verbose_name=_("Name"))
    kind = StateColumn(verbose_name=_("Kind"), labels=dict(customers.KINDS))
    id_number = Column(verbose_name=_("Identity code"), css="number")
    industry = Column(verbose_name=_("Industry"))
    owner = Column(accessor="owner__name", verbose_name=_("Account manager"))
    status = StateColumn(verbose_name=_("Status"), labels=dict(customers.STATUSES))
    registered_on = DayColumn(verbose_name=_("Registered"))

    def render_id_number(self, value: Any, record: Any) -> str:
        return masked_code(record)

    def value_id_number(self, value: Any, record: Any) -> str:
        return masked_code(record)

    def render_industry(self, value: Any) -> str:
        return str(_SECTIONS.get(value, value))

    def value_industry(self, value: Any) -> str:
        return str(_SECTIONS.get(value, value))


class CustomerFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="looked_for", label=_("Name, identity code, mobile"))
    kind = django_filters.ChoiceFilter(choices=customers.KINDS, label=_("Kind"))
    status = django_filters.ChoiceFilter(choices=customers.STATUSES, label=_("Status"))
    industry = django_filters.ChoiceFilter(choices=customers.INDUSTRIES, label=_("Industry"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget.attrs |= {"placeholder": self.form.fields["q"].label, "type": "search"}

    def looked_for(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(pk__in=customers.find(self.request.user, q=value).order_by().values("pk"))


class ProductTable(Table):
    label = Column(verbose_name=_("Name"), order_by="name_zh", note="code")
    for_kind = Column(verbose_name=_("For"), empty_values=())
    category = Column(accessor="get_category_display", order_by="category", verbose_name=_("Kind of business"))
    amount_max_fen = MoneyColumn(verbose_name=_("Largest loan"))
    term_max_months = Column(verbose_name=_("Months at most"), css="num")
    rate_max = RateColumn(verbose_name=_("Fee rate at most"))
    guaranteed_share = RateColumn(verbose_name=_("Guaranteed share"), digits=0)
    green_channel_max_fen = MoneyColumn(verbose_name=_("Green channel up to"))
    is_open = Column(verbose_name=_("State"), css="state")
    acts = ActsColumn(template_name="portal/products/acts.html")

    def render_for_kind(self, value: Any) -> str:
        return str(_KINDS.get(value) or gettext("Everybody"))

    def value_for_kind(self, value: Any) -> str:
        return str(_KINDS.get(value) or gettext("Everybody"))

    def render_is_open(self, value: bool) -> Any:
        return state_badge("ACTIVE" if value else "CLOSED", gettext("Open") if value else gettext("Closed"))

    def value_is_open(self, value: bool) -> str:
        return gettext("Open") if value else gettext("Closed")


class ImportTable(Table):
    file_name = LinkColumn("portal:import", args=[A("pk")], verbose_name=_("File"))
    state = StateColumn(verbose_name=_("State"))
    rows = Column(verbose_name=_("Rows in the file"), css="num", accessor="rows")
    accepted = Column(verbose_name=_("Accepted"), css="num")
    unchanged = Column(verbose_name=_("Unchanged"), css="num")
    rejected = Column(verbose_name=_("Rejected rows"), css="num")
    as_of = DayColumn(verbose_name=_("As of"))
    by = Column(verbose_name=_("By"))
    at = MinuteColumn(verbose_name=_("Time"))

    def render_by(self, value: str) -> str:
        return actor_label(value)


class RejectTable(Table):
    line = Column(verbose_name=_("Line"), css="num")
    column = Column(verbose_name=_("Column"))
    reason = Column(verbose_name=_("What is wrong"), orderable=False)
