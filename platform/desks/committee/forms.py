"""Forms of the committee: convene, keep the agenda, vote, close."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from design.forms import DayField, Form
from desks.tasks.forms import colleagues
from kernel.approval.committee import queries


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class MeetingForm(Form):
    """When and where, and who sits."""

    cols = {"title": 12, "member_ids": 12, "observer_ids": 12}
    rule = forms.ChoiceField(label=_("Committee"))
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    on = DayField(label=_("Day"))
    at = forms.TimeField(label=_("Hour"), required=False, widget=forms.TimeInput({"type": "time"}))
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    remote = forms.BooleanField(label=_("Held remotely"), required=False)
    chair_id = forms.TypedChoiceField(label=_("Chair"), coerce=int)
    secretary_id = forms.TypedChoiceField(label=_("Secretary"), coerce=int)
    member_ids = forms.TypedMultipleChoiceField(label=_("Members with a vote"), coerce=int)
    observer_ids = forms.TypedMultipleChoiceField(label=_("Observers without a vote"), coerce=int, required=False)

    def __init__(self, *args: Any, user: Any, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [(person.pk, _named(person)) for person in queries.electors()]
        everybody = [(user.pk, user.name), *colleagues(user)]
        choices: dict[str, list[tuple[Any, Any]]] = {
            "rule": [(rule.code, rule.title) for rule in queries.rules_in_force(day)],
            "chair_id": members,
            "member_ids": members,
            "secretary_id": everybody,
            "observer_ids": everybody,
        }
        for name, options in choices.items():
            cast(Any, self.fields[name]).choices = options
            if name != "rule":
                self.fields[name].widget.attrs["data-select"] = ""


def _named(person: Any) -> str:
    posts = "、".join(post.label for post in person.posts.all())
    return f"{person.name} · {posts}" if posts else person.name


class ChangeForm(MeetingForm):
    """The same, without the committee: a meeting keeps its rule."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["rule"]


class AgendaForm(Form):
    """What waits for a meeting."""

    cols = {"subject": 12, "summary": 12}
    subject = forms.ChoiceField(label=_("Matter"))
    summary = forms.CharField(
        label=_("Summary for the members"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, matters: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["subject"]).choices = [(matter.subject, matter.title) for matter in matters]


class ReasonForm(Form):
    cols = {"reason": 12}
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))


class RecusalForm(ReasonForm):
    """Of the actor himself, or of a member when the secretary or chair does it."""

    cols = {"person_id": 12, "reason": 12}
    person_id = forms.TypedChoiceField(label=_("Member"), coerce=int)
    field_order = ["person_id", "reason"]

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["person_id"]).choices = people


class VoteForm(Form):
    """A named ballot."""

    choice = forms.ChoiceField(label=_("Vote"), choices=queries.CHOICES, widget=forms.RadioSelect)
    conditions = forms.CharField(label=_("Conditions, one a line"), max_length=3000, required=False)
    text = forms.CharField(label=_("Opinion"), max_length=2000, required=False)

    def clean_conditions(self) -> list[str]:
        return _lines(self.cleaned_data["conditions"])


class CloseItemForm(Form):
    """The conditions as the meeting words them, what was discussed, and whether the silent are waited for."""

    cols = {"conditions": 12, "discussion": 12, "anyway": 12}
    conditions = forms.CharField(
        label=_("Conditions, one a line"), max_length=5000, required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("They count when the matter passes with conditions."),
    )  # fmt: skip
    discussion = forms.CharField(
        label=_("What was discussed"), max_length=5000, required=False, widget=forms.Textarea({"rows": 4})
    )
    anyway = forms.BooleanField(label=_("Close although members who are there have not voted: they abstain"), required=False)

    def clean_conditions(self) -> list[str] | None:
        return _lines(self.cleaned_data["conditions"]) or None


class CloseMeetingForm(Form):
    cols = {"remarks": 12}
    remarks = forms.CharField(
        label=_("Remarks for the minutes"), max_length=5000, required=False, widget=forms.Textarea({"rows": 4})
    )


class ProofForm(Form):
    cols = {"proof": 12}
    proof = forms.CharField(label=_("Paper or register that shows it"), max_length=300)
