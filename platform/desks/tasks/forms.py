"""Forms of the acts on a task."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form
from kernel.access import queries as people


def colleagues(user: Any) -> list[tuple[int, str]]:
    """(id, name · department) of everybody else who is active."""
    rows = people.users().filter(is_active=True).exclude(id=user.id)
    return [(row.pk, f"{row.name} · {row.department}" if row.department else row.name) for row in rows]


class DecisionForm(Form):
    """The opinion; the verdict is the button that was pressed."""

    cols = {"text": 12}
    text = forms.CharField(label=_("Opinion"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4}))


class ReturnForm(Form):
    cols = {"to": 12}
    to = forms.ChoiceField(label=_("Back to"))
    text = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["to"]).choices = targets


class PersonForm(Form):
    """One colleague and a remark: hand over, add a signer."""

    cols = {"to": 12}
    to = forms.TypedChoiceField(label=_("Colleague"), coerce=int)
    text = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["to"]).choices = [("", _("Choose a colleague")), *colleagues(user)]
        self.fields["to"].widget.attrs["data-select"] = ""


class ReadersForm(Form):
    cols = {"to": 12}
    to = forms.TypedMultipleChoiceField(label=_("Readers"), coerce=int)
    text = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["to"]).choices = colleagues(user)
        self.fields["to"].widget.attrs["data-select"] = ""


class DeputyForm(Form):
    cols = {"to": 12}
    to = forms.TypedChoiceField(label=_("Deputy"), coerce=int)
    from_on = DayField(label=_("From"))
    to_on = DayField(label=_("To"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["to"]).choices = [("", _("Choose a colleague")), *colleagues(user)]
        self.fields["to"].widget.attrs["data-select"] = ""
