"""How the committees count: what holds, all versions, the next one proposed by one person and approved by another."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import saved
from design.forms import DayField, Form
from desks.pages import Request, acted, dialog, here, posted, sent, today
from desks.words import actor_label
from kernel.access.permissions import may, needs
from kernel.approval.committee import queries, services


class RuleForm(Form):
    """A next version; it begins with what holds now."""

    cols = {"chair_veto": 12, "abstentions_count": 12, "conditional": 12, "reason": 12}
    units = {"ballot_minutes": gettext_lazy("minutes")}
    quorum = forms.CharField(
        label=gettext_lazy("Quorum"),
        max_length=12,
        help_text=gettext_lazy("Of the members who may vote: 4/5 or 0.80; rounded up"),
    )
    pass_share = forms.CharField(
        label=gettext_lazy("Share to pass"), max_length=12, help_text=gettext_lazy("Of the ballots that count: 4/5 or 0.80")
    )
    defer_share = forms.CharField(
        label=gettext_lazy("Share to defer"), max_length=12, help_text=gettext_lazy("Agree and defer together")
    )
    ballot_minutes = forms.IntegerField(
        label=gettext_lazy("A ballot stays open"), min_value=0, max_value=10_000,
        help_text=gettext_lazy("0: until it is closed"), widget=forms.TextInput({"inputmode": "numeric", "class": "num"}),
    )  # fmt: skip
    chair_veto = forms.BooleanField(label=gettext_lazy("The chair has a veto"), required=False)
    abstentions_count = forms.BooleanField(label=gettext_lazy("Abstentions count among the ballots"), required=False)
    conditional = forms.BooleanField(label=gettext_lazy("One may agree with conditions"), required=False)
    effective_from = DayField(label=gettext_lazy("Holds for meetings convened for this day or later"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))


@needs("committee.view")
def listing(request: Request) -> HttpResponse:
    """Every committee of the house with its rule and all versions."""
    context = {
        "title": _("Rules of the committee"),
        "face": request.resolver_match.namespace,
        "committees": [
            {"now": _shown(one.now), "proposed": one.proposed, "versions": [_shown(rule) for rule in one.versions]}
            for one in queries.committees(today())
        ],
        "may_propose": may(request.user, "committee.manage"),
        "may_approve": may(request.user, "committee.approve_rules"),
    }
    return render(request, "desks/committee/rules.html", context)


def _shown(rule: Any) -> dict[str, Any]:
    shares = {name: _share(getattr(rule, name)) for name in ("quorum", "pass_share", "defer_share")}
    return {"row": rule, "by": actor_label(rule.proposed_by), **shares}


def _share(text: str) -> str:
    """A fraction as it is written, a decimal in percent: "4/5", "80%"."""
    hundred = Fraction(text) * 100
    return text if "/" in text or hundred.denominator != 1 else f"{hundred.numerator}%"


@needs("committee.manage")
def propose(request: Request, rule: str) -> HttpResponse:
    standing = queries.rule_of(rule, today())
    names = ("quorum", "pass_share", "defer_share", "ballot_minutes", "chair_veto", "abstentions_count", "conditional")
    initial = {**{name: getattr(standing, name) for name in names}, "effective_from": today()}
    form = RuleForm(sent(request), initial=initial)
    if acted(request, form, services.propose_rule, code=rule):
        return saved(request, here(request, "meeting_rules"), _("Proposed. Another person has to approve it."))
    return dialog(request, form, title=_("Next rule of %(committee)s") % {"committee": standing.title}, submit=_("Propose"))


@needs("committee.approve_rules")
@posted
def decide(request: Request, pk: int) -> HttpResponse:
    approve = request.POST.get("approve") == "1"
    services.decide_rule(actor=request.user, today=today(), rule_id=pk, approve=approve)
    said = _("Approved. It holds from its day on.") if approve else _("Refused. Nothing changes.")
    return saved(request, here(request, "meeting_rules"), said)
