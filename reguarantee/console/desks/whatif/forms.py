"""What is priced: whose history, over which time; and under which name a run is kept."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form
from reguarantee.monitoring import queries as monitoring

ALL = "*"


class RunForm(Form):
    cols = {"member": 4, "first": 3, "last": 3, "all_business": 6, "name": 6}

    member = forms.ChoiceField(label=_("Whose history"))
    first = DayField(label=_("Compensated from"))
    last = DayField(label=_("Until"))
    all_business = forms.BooleanField(label=_("Also what no treaty covered"), required=False)
    name = forms.CharField(label=_("Name, to keep the run"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.code, f"{one.code} {one.name}") for one in monitoring.members()]
        cast(Any, self.fields["member"]).choices = [(ALL, _("All members")), *named]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", _("The period ends before it begins."))
        return given
