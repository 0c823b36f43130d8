"""What people do with an account current: draft, send, note the answer on paper, lock, say that it is paid."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import saved
from design.forms import Form
from desks.institutions import name
from desks.pages import acted, dialog, posted, sent, today
from kernel.access.permissions import needs
from reguarantee.settlements import queries, services


class DraftForm(Form):
    counterparty = forms.ChoiceField(label=gettext_lazy("Counterparty"))
    period = forms.CharField(
        label=gettext_lazy("Period"), max_length=7, help_text=gettext_lazy("A month as 2026-03 or a quarter as 2026-Q1")
    )


class PaperForm(Form):
    paper = forms.CharField(label=gettext_lazy("Paper on which the other side confirmed"), max_length=120)


def _page(pk: int) -> str:
    return reverse("console:settlement", args=[pk])


@needs("settlements.draft")
def draft(request: HttpRequest) -> HttpResponse:
    form = DraftForm(sent(request), initial={"period": queries.last_period(on=today())})
    form.fields["counterparty"].choices = [(code, name(code)) for code in queries.counterparties()]
    if acted(request, form, services.draft):
        return saved(request, _page(form.made.pk), _("Drafted. Look through the rows, then send it."))
    return dialog(request, form, title=_("Draft an account current"), submit=_("Draft"))


@needs("settlements.draft")
@posted
def redraft(request: HttpRequest, pk: int) -> HttpResponse:
    services.redraft(actor=request.user, today=today(), statement_id=pk)
    return saved(request, _page(pk), _("The rows are gathered anew."))


@needs("settlements.draft")
@posted
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    services.issue(actor=request.user, today=today(), statement_id=pk)
    return saved(request, _page(pk), _("Sent to the other side."))


@needs("settlements.draft")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    form = PaperForm(sent(request))
    if acted(request, form, services.confirm_on_paper, statement_id=pk):
        return saved(request, _page(pk), _("Confirmed. Another person locks the period."))
    return dialog(request, form, title=_("Confirmed on paper"), submit=_("Save"))


@needs("settlements.lock")
@posted
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    services.lock(actor=request.user, today=today(), statement_id=pk)
    return saved(request, _page(pk), _("Locked. Later rows stand in the next period."))


@needs("settlements.draft")
@posted
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    services.pay(actor=request.user, today=today(), statement_id=pk)
    return saved(request, _page(pk), _("Paid."))
