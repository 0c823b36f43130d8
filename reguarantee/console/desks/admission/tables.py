"""Lists of cases, standards and evaluations."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from design.lists import Column, DayColumn, LinkColumn, SearchFilter, StateColumn, Table
from desks.institutions import named
from desks.words import ActorColumn
from reguarantee.admission import queries
from reguarantee.partners import queries as partners


class CaseTable(Table):
    number = LinkColumn("console:admission_case", args=[A("pk")], verbose_name=_("Number"))
    name = Column(verbose_name=_("Institution"), note="code")
    kind = Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by="kind")
    state = StateColumn(verbose_name=_("Step"), labels=dict(queries.STATES))
    judged = StateColumn(verbose_name=_("Judgement"), labels=dict(queries.OUTCOMES))
    owner = Column(verbose_name=_("Owner"))
    applied_on = DayColumn(verbose_name=_("Applied on"))
    step_since = DayColumn(verbose_name=_("In this step since"))
    asked = Column(verbose_name=_("Open requests"), css="num")


class CaseFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["number", "name", "uscc", "code"], placeholder=_("Number, name, code"))
    state = django_filters.ChoiceFilter(choices=queries.STATES, label=_("Step"))
    kind = django_filters.ChoiceFilter(choices=partners.KINDS, label=_("Kind"))


class StandardTable(Table):
    version = LinkColumn("console:admission_standard", args=[A("pk")], verbose_name=_("Version"))
    kind = Column(verbose_name=_("Kind"), accessor="get_kind_display", order_by="kind")
    state = StateColumn(verbose_name=_("State"), accessor="published_on", orderable=False, empty_values=())
    effective_from = DayColumn(verbose_name=_("In force from"))
    note = Column(verbose_name=_("What is new"), css="clip")
    drafted_by = ActorColumn(verbose_name=_("Drafted by"))
    published_by = ActorColumn(verbose_name=_("Published by"))
    cases_count = Column(verbose_name=_("Cases"), css="num")

    def render_state(self, value: Any) -> Any:
        from design.templatetags.design import state_badge

        return state_badge("PUBLISHED" if value else "DRAFT", self.value_state(value))

    def value_state(self, value: Any) -> str:
        from django.utils.translation import gettext

        return gettext("Published") if value else gettext("Draft")


class EvaluationTable(Table):
    partner_name = LinkColumn("console:evaluation", args=[A("pk")], verbose_name=_("Institution"), note=named("partner_code"))
    year = Column(verbose_name=_("Year"))
    due_on = DayColumn(verbose_name=_("Due"))
    state = StateColumn(verbose_name=_("State"), labels=dict(queries.EVALUATION_STATES))
    score = Column(verbose_name=_("Points"), css="num")
    grade = Column(verbose_name=_("Grade"), accessor="get_grade_display", order_by="grade")
    factor = Column(verbose_name=_("Factor on the line"), css="num")
    prepared_by = ActorColumn(verbose_name=_("Prepared by"))
    approved_by = ActorColumn(verbose_name=_("Approved by"))


class EvaluationFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["partner_code", "partner_name"], placeholder=_("Code, name"))
    state = django_filters.ChoiceFilter(choices=queries.EVALUATION_STATES, label=_("State"))
    year = django_filters.NumberFilter(label=_("Year"))
