"""Lists of the business: applications, guarantees, compensations, what the group sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, DayRangeFilter, LinkColumn, MoneyColumn, RateColumn, SearchFilter, StateColumn, Table
from member_portal.pages import with_present
from registry import queries as registry
from tenants.applications import queries as applications
from tenants.customers import queries as customers
from tenants.guarantees import queries as guarantees
from tenants.products import queries as products

IN_FORCE_STATES = ("PARTLY_DRAWN", "IN_FORCE", "OVERDUE")
_OPEN = ("OPEN", _("In force (all)"))
_PASSED = ("PASSED", _("Approved (all)"))
_NOBODY = ("null", _("Not named"))


def _products() -> list[tuple[str, str]]:
    return [(product.code, product.label) for product in products.all_products()]


def _bank_codes() -> list[tuple[str, str]]:
    return [(bank.code, bank.name) for bank in registry.banks()]


def _bank_names() -> list[tuple[str, str]]:
    return [(bank.name, bank.name) for bank in registry.banks()]


def _channels() -> list[tuple[str, str]]:
    return [_NOBODY, *((str(row.pk), row.name) for row in applications.channels())]


def _introducers() -> list[tuple[str, str]]:
    return [_NOBODY, *((str(row.pk), row.name) for row in applications.introducers())]


class Filters(django_filters.FilterSet):
    """A filter whose choices are rows: they are read when the list is asked for. `rows`: filter → how to read them."""

    rows: ClassVar[dict[str, Callable[[], list[tuple[str, str]]]]] = {}

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        for name, read in self.rows.items():
            self.filters[name].extra["choices"] = with_present(read(), (data or {}).get(name))


class ApplicationTable(Table):
    number = LinkColumn("portal:application", args=[A("pk")], verbose_name=_("Number"))
    customer = Column(accessor="customer__name", verbose_name=_("Customer"), note="bank_name")
    product = Column(accessor="product__label", verbose_name=_("Product"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("Loan"))
    guaranteed_fen = MoneyColumn(verbose_name=_("Guaranteed"))
    term_months = Column(verbose_name=_("Months"), css="num")
    fee_rate = RateColumn(verbose_name=_("Fee rate"))
    state = StateColumn(verbose_name=_("State"), labels=dict(applications.STATES))
    owner = Column(accessor="owner__name", verbose_name=_("Account manager"))
    created_on = DayColumn(verbose_name=_("Created"))


class ApplicationFilter(Filters):
    rows = {"product": _products, "bank": _bank_codes, "channel": _channels, "introducer": _introducers}

    q = SearchFilter(fields=["number", "customer__name", "bank_reference"], placeholder=_("Number, customer, bank's reference"))
    state = django_filters.ChoiceFilter(choices=[_PASSED, *applications.STATES], label=_("State"), method="in_state")
    product = django_filters.ChoiceFilter(field_name="product__code", label=_("Product"))
    bank = django_filters.ChoiceFilter(field_name="bank_code", label=_("Bank"))
    source = django_filters.ChoiceFilter(choices=applications.SOURCES, label=_("Source"))
    channel = django_filters.ChoiceFilter(field_name="channel_id", label=_("Channel"))
    introducer = django_filters.ChoiceFilter(field_name="introducer_id", label=_("Introducer"))
    created = DayRangeFilter(field_name="created_on", label=_("Created"))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=applications.PASSED) if value == "PASSED" else rows.filter(state=value)


class InboxTable(Table):
    number = LinkColumn("portal:application", args=[A("pk")], verbose_name=_("Number"))
    customer = Column(accessor="customer__name", verbose_name=_("Customer"), note="bank_reference")
    bank_name = Column(verbose_name=_("Bank"))
    product = Column(accessor="product__label", verbose_name=_("Product"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("Loan"))
    term_months = Column(verbose_name=_("Months"), css="num")
    submitted_on = DayColumn(verbose_name=_("Submitted on"))


class InboxFilter(Filters):
    rows = {"bank": _bank_codes}

    q = SearchFilter(fields=["number", "customer__name", "bank_reference"], placeholder=_("Number, customer, bank's reference"))
    bank = django_filters.ChoiceFilter(field_name="bank_code", label=_("Bank"))


class GuaranteeTable(Table):
    number = LinkColumn("portal:guarantee", args=[A("pk")], verbose_name=_("Number"))
    customer = Column(accessor="customer__name", verbose_name=_("Customer"), note="bank_name")
    product = Column(accessor="product__label", verbose_name=_("Product"), orderable=False)
    guaranteed_fen = MoneyColumn(verbose_name=_("Guaranteed"))
    balance_fen = MoneyColumn(verbose_name=_("In force"))
    state = StateColumn(verbose_name=_("State"), labels=dict(guarantees.STATES))
    coverage = StateColumn(verbose_name=_("Re-guarantee"), labels=dict(guarantees.COVERAGES))
    issued_on = DayColumn(verbose_name=_("Issued on"))
    due_on = DayColumn(verbose_name=_("Due"))


class GuaranteeFilter(Filters):
    rows = {"product": _products, "bank": _bank_names, "channel": _channels, "introducer": _introducers}

    q = SearchFilter(fields=["number", "customer__name", "external_ref"], placeholder=_("Number, customer"))
    state = django_filters.ChoiceFilter(choices=[_OPEN, *guarantees.STATES], label=_("State"), method="in_state")
    coverage = django_filters.ChoiceFilter(choices=guarantees.COVERAGES, label=_("Re-guarantee"))
    product = django_filters.ChoiceFilter(field_name="product__code", label=_("Product"))
    bank = django_filters.ChoiceFilter(field_name="bank_name", label=_("Bank"))
    industry = django_filters.ChoiceFilter(choices=customers.INDUSTRIES, label=_("Industry"))
    channel = django_filters.ChoiceFilter(label=_("Channel"), method="by_it")
    introducer = django_filters.ChoiceFilter(label=_("Introducer"), method="by_it")
    issued = DayRangeFilter(field_name="issued_on", label=_("Issued on"))
    due = DayRangeFilter(field_name="due_on", label=_("Due"))

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(state__in=IN_FORCE_STATES) if value == "OPEN" else rows.filter(state=value)

    def by_it(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return guarantees.by_it(rows, name, value)


class CompensationTable(Table):
    number = LinkColumn("portal:guarantee", args=[A("guarantee_id")], accessor="guarantee__number", verbose_name=_("Guarantee"))
    customer = Column(accessor="guarantee__customer__name", verbose_name=_("Customer"), note="guarantee__bank_name")
    principal_fen = MoneyColumn(verbose_name=_("Principal claimed"))
    interest_fen = MoneyColumn(verbose_name=_("Interest claimed"))
    paid_fen = MoneyColumn(verbose_name=_("Paid"))
    voucher_no = Column(verbose_name=_("Voucher"))
    bank_notice_on = DayColumn(verbose_name=_("Bank's notice"))
    paid_on = DayColumn(verbose_name=_("Paid on"))


class CompensationFilter(django_filters.FilterSet):
    q = SearchFilter(
        fields=["guarantee__number", "guarantee__customer__name", "voucher_no"], placeholder=_("Guarantee, customer, voucher")
    )
    paid = DayRangeFilter(field_name="paid_on", label=_("Paid on"))


class ReportedTable(Table):
    number = LinkColumn("portal:guarantee", args=[A("pk")], verbose_name=_("Number"))
    customer_name = Column(verbose_name=_("Customer"), note="bank_name")
    loan_fen = MoneyColumn(verbose_name=_("Loan"))
    guaranteed_fen = MoneyColumn(verbose_name=_("Guaranteed"))
    balance_fen = MoneyColumn(verbose_name=_("In force"))
    ceded_fen = MoneyColumn(verbose_name=_("Ceded"))
    state = StateColumn(verbose_name=_("State"), labels=dict(guarantees.STATES))
    coverage = StateColumn(verbose_name=_("Re-guarantee"), labels=dict(guarantees.COVERAGES))
    start_on = DayColumn(verbose_name=_("First drawdown"))
    due_on = DayColumn(verbose_name=_("Due"))


class ReportedFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "customer_name"], placeholder=_("Number, customer"))
    state = django_filters.ChoiceFilter(choices=guarantees.STATES, label=_("State"))
    coverage = django_filters.ChoiceFilter(choices=guarantees.COVERAGES, label=_("Re-guarantee"))
