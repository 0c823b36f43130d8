"""Lists of partner institutions."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, LinkColumn, MoneyColumn, SearchFilter, StateColumn, Table
from desks.institutions import InstitutionColumn
from reguarantee.partners import queries


class PartnerTable(Table):
    """Status, limit, used, balance and next evaluation of everybody (PAR-01)."""

    name = LinkColumn("console:partner", args=[A("code")], verbose_name=_("Institution"), note="code")
    kind = Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by="kind")
    status = StateColumn(verbose_name=_("Status"), labels=dict(queries.STATUSES))
    grade = Column(verbose_name=_("Grade"))
    line_fen = MoneyColumn(verbose_name=_("Limit"), orderable=False)
    taken_fen = MoneyColumn(verbose_name=_("Used"), orderable=False)
    left_fen = MoneyColumn(verbose_name=_("Left"), orderable=False)
    balance_fen = MoneyColumn(verbose_name=_("Balance in force"), orderable=False)
    next_evaluation_on = DayColumn(verbose_name=_("Next evaluation"))
    stopped = StateColumn(verbose_name=_("New cessions"), orderable=False, accessor="stopped")

    def render_stopped(self, value: bool) -> Any:
        from design.templatetags.design import state_badge

        return state_badge("STOPPED" if value else "OK", self.value_stopped(value))

    def value_stopped(self, value: bool) -> str:
        return gettext("Stopped") if value else gettext("Open")


class PartnerFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["code", "name", "uscc"], placeholder=_("Code, name, credit code"))
    kind = django_filters.ChoiceFilter(choices=queries.KINDS, label=_("Kind"))
    status = django_filters.ChoiceFilter(choices=queries.STATUSES, label=_("Status"))
    grade = django_filters.ChoiceFilter(choices=queries.GRADES, label=_("Grade"))


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
