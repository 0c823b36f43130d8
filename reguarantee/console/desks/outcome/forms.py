"""Which time, and which agreement."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form


class SpanForm(Form):
    cols = {"first": 3, "last": 3, "treaty": 4}

    first = DayField(label=_("Drawn down from"))
    last = DayField(label=_("Until"))
    treaty = forms.ChoiceField(label=_("Treaty"), required=False)

    def __init__(self, *args: Any, treaties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["treaty"]).choices = [("", _("All treaties")), *treaties]
