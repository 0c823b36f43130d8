"""Lists of people and of the trail."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from design.lists import ActsColumn, Column, DayRangeFilter, MinuteColumn, SearchFilter, Table
from design.templatetags.design import state_badge
from desks import words
from kernel.audit import queries as trail


class PersonTable(Table):
    name = Column(verbose_name=_("Full name"), note="email")
    department = Column(accessor="department__label", verbose_name=_("Department"), orderable=False)
    posts = Column(verbose_name=_("Posts"), orderable=False, empty_values=())
    roles = Column(verbose_name=_("Roles"), orderable=False, empty_values=())
    is_active = Column(verbose_name=_("State"), css="state")
    acts = ActsColumn(template_name="desks/office/person_acts.html")

    def render_posts(self, record: Any) -> str:
        return _listed(record.posts.all())

    def value_posts(self, record: Any) -> str:
        return _listed(record.posts.all())

    def render_roles(self, record: Any) -> str:
        return _listed(record.roles.all())

    def value_roles(self, record: Any) -> str:
        return _listed(record.roles.all())

    def render_is_active(self, value: bool) -> Any:
        return state_badge("ACTIVE" if value else "DISABLED", self.value_is_active(value))

    def value_is_active(self, value: bool) -> str:
        return gettext("Active") if value else gettext("Suspended")


class ReadOnlyPersonTable(PersonTable):
    """For whoever neither adds people nor gives roles."""

    class Meta:
        exclude = ("acts",)


class PersonFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["name", "email"], placeholder=_("Name, e-mail"))


class TrailTable(Table):
    at = MinuteColumn(verbose_name=_("Time"))
    actor = Column(verbose_name=_("Who"))
    act = Column(verbose_name=_("Act"))
    subject = Column(verbose_name=_("Subject"))
    facts = Column(verbose_name=_("Facts"), css="clip", orderable=False)
    position = Column(verbose_name=_("Place in the chain"), css="num")

    def render_actor(self, value: str) -> str:
        return words.actor_label(value)

    def value_actor(self, value: str) -> str:
        return words.actor_label(value)

    def render_act(self, value: str) -> str:
        return words.of(self.request).act_label(value)

    def value_act(self, value: str) -> str:
        return words.of(self.request).act_label(value)

    def render_subject(self, value: str) -> Any:
        # The auditor reads who did what; the business behind it is not his to open unless his roles say so.
        face = words.of(self.request)
        url, label = face.subject_url(value, self.request.user), face.subject_label(value)
        return format_html('<a href="{}">{}</a>', url, label) if url else label

    def value_subject(self, value: str) -> str:
        return words.of(self.request).subject_label(value)

    def render_facts(self, record: Any) -> str:
        return words.of(self.request).facts_label(trail.facts(record))


class TrailFilter(django_filters.FilterSet):
    q = SearchFilter(fields=["actor", "subject", "act", "facts"], placeholder=_("Person, subject, act"))
    at = DayRangeFilter(field_name="at", label=_("Day"))


def _listed(rows: Any) -> str:
    return gettext(", ").join(str(row) for row in rows) or "-"
