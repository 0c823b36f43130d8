"""Lists of partner institutions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, RateColumn, SearchFilter, StateColumn, Table
from design.templatetags.design import state_badge
from desks.institutions import InstitutionColumn
from reguarantee.monitoring.queries.leverage import times
from reguarantee.partners import queries


class PartnerTable(Table):
    """Status, limit, used, balance and next evaluation of everybody (PAR-01)."""

    name = LinkColumn("console:partner", args=[A("code")], verbose_name=_("Institution"), note="code")
    kind = Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by="kind", note="get_category_display")
    status = StateColumn(verbose_name=_("Status"), labels=dict(queries.STATUSES))
    grade = Column(verbose_name=_("Grade"))
    line_fen = MoneyColumn(verbose_name=_("Limit"), orderable=False)
    taken_fen = MoneyColumn(verbose_name=_("Used"), orderable=False)
    left_fen = MoneyColumn(verbose_name=_("Left"), orderable=False)
    balance_fen = MoneyColumn(verbose_name=_("Balance in force"), orderable=False)
    next_evaluation_on = DayColumn(verbose_name=_("Next evaluation"))
    stopped = StateColumn(verbose_name=_("New cessions"), orderable=False, accessor="stopped")

    def render_stopped(self, value: bool) -> Any:
        return state_badge("STOPPED" if value else "OK", self.value_stopped(value))

    def value_stopped(self, value: bool) -> str:
        return gettext("Stopped") if value else gettext("Open")


class PartnerFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["code", "name", "uscc"], placeholder=_("Code, name, credit code"))
    kind = django_filters.ChoiceFilter(choices=queries.KINDS, label=_("Kind"))
    status = django_filters.ChoiceFilter(choices=queries.STATUSES, label=_("Status"))
    grade = django_filters.ChoiceFilter(choices=queries.GRADES, label=_("Grade"))
    category = django_filters.ChoiceFilter(choices=queries.CATEGORIES, label=_("Type of institution"))
    is_policy = django_filters.ChoiceFilter(label=_("Policy institution"), choices=[("True", _("yes")), ("False", _("no"))])


class CapitalTable(Table):
    """How much each member guarantees on its capital, and on the public money of it (AGR-13)."""

    name = LinkColumn("console:partner", args=[A("code")], verbose_name=_("Institution"), note="code")
    category = Column(verbose_name=_("Type of institution"), accessor="get_category_display", order_by="category")
    capital_source = Column(verbose_name=_("Source of capital"), accessor="get_capital_source_display", order_by="capital_source")
    paid_in_capital_fen = MoneyColumn(verbose_name=_("Paid-in capital"))
    public_capital_fen = MoneyColumn(verbose_name=_("Public money"), orderable=False)
    balance_fen = MoneyColumn(verbose_name=_("Balance in force"))
    times = Column(verbose_name=_("Leverage"), accessor="balance_fen", orderable=False, css="num")
    public_times = Column(verbose_name=_("Leverage of public money"), accessor="balance_fen", orderable=False, css="num")

    def render_times(self, record: Any) -> str:
        return self.value_times(record)

    def value_times(self, record: Any) -> str:
        return spoken(times(record.balance_fen, record.paid_in_capital_fen))

    def render_public_times(self, record: Any) -> str:
        return self.value_public_times(record)

    def value_public_times(self, record: Any) -> str:
        return spoken(times(record.balance_fen, record.public_capital_fen))


def spoken(number: Decimal | None) -> str:
    """A leverage in words."""
    return "-" if number is None else gettext("%(number)s times") % {"number": f"{number:.2f}"}


class CapitalFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["code", "name"], placeholder=_("Code, name"))
    category = django_filters.ChoiceFilter(choices=queries.CATEGORIES, label=_("Type of institution"))
    capital_source = django_filters.ChoiceFilter(choices=queries.CAPITAL_SOURCES, label=_("Source of capital"))


class BranchTable(Table):
    """Branches of all banks with their terms (PAR-29)."""

    bank = LinkColumn("console:partner", args=[A("partner__code")], verbose_name=_("Bank"), accessor="partner__name")
    name = Column(verbose_name=_("Branch"), note="address")
    contact = Column(verbose_name=_("Contact"), note="phone")
    line_fen = MoneyColumn(verbose_name=_("Agreed line"))
    deposit_ratio = RateColumn(verbose_name=_("Deposit"))
    deposit_terms = Column(verbose_name=_("Terms of the deposit"), orderable=False, css="clip")
    valid_from = DayColumn(verbose_name=_("Valid from"))
    valid_to = DayColumn(verbose_name=_("Valid until"))
    holds = StateColumn(verbose_name=_("Status"), labels={True: _("Valid"), False: _("Not valid now")}, orderable=False)

    def render_holds(self, value: bool) -> Any:
        return state_badge("OK" if value else "ENDED", self.value_holds(value))

    def value_holds(self, value: bool) -> str:
        return gettext("Valid") if value else gettext("Not valid now")


class BranchFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name", "partner__name", "contact"], placeholder=_("Branch, bank, contact"))
    holds = django_filters.ChoiceFilter(label=_("Status"), choices=[("True", _("Valid")), ("False", _("Not valid now"))])


class LicenceTable(Table):
    name = LinkColumn("console:partner", args=[A("code")], verbose_name=_("Institution"), note="code")
    licence_no = Column(verbose_name=_("Licence number"), note="licence_issuer")
    licence_valid_to = DayColumn(verbose_name=_("Licence valid to"))
    days_left = Column(verbose_name=_("Days left"), css="num", orderable=False)
    status = StateColumn(verbose_name=_("Status"), labels=dict(queries.STATUSES))


class StopTable(Table):
    member_code = InstitutionColumn(verbose_name=_("Member"))
    reason_code = StateColumn(verbose_name=_("Reason"))
    scope = Column(verbose_name=_("Scope"), orderable=False)
    words = Column(verbose_name=_("What the member reads"), orderable=False, css="clip")
    since = DayColumn(verbose_name=_("In force since"))


class ChangeTable(Table):
    change_no = LinkColumn("console:partner_change", args=[A("pk")], verbose_name=_("Number"))
    member_code = InstitutionColumn(verbose_name=_("Member"))
    fields = Column(verbose_name=_("What changes"), orderable=False)
    reported_on = DayColumn(verbose_name=_("Reported on"))
    state = StateColumn(verbose_name=_("State"))
    decided_on = DayColumn(verbose_name=_("Decided on"))


class ChangeFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["change_no", "member_code"], placeholder=_("Number, member"))
