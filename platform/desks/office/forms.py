"""Forms about people."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import Form
from kernel.access import queries as people


class NewPersonForm(Form):
    """The system administrator adds people with their place; the security administrator gives roles."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    email = forms.EmailField(label=_("E-mail (log-in)"))
    mobile = forms.CharField(label=_("Mobile"), max_length=20, required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    posts = forms.MultipleChoiceField(label=_("Posts"), required=False, widget=forms.CheckboxSelectMultiple)
    password = forms.CharField(
        label=_("First password"), min_length=8, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["posts"]).choices = [(post.code, post.label) for post in people.posts()]
        cast(Any, self.fields["department"]).choices = [("", "-"), *((row.code, row.label) for row in people.departments())]


class RolesForm(Form):
    cols = {"roles": 12}
    roles = forms.MultipleChoiceField(label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["roles"]).choices = [(role.code, role.label) for role in people.roles()]
