"""What officers, the cashier and the accountant do with a claim."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from kernel.access.permissions import needs
from reguarantee.claims import queries, services
from reguarantee.console.desks.claims import forms
from reguarantee.console.pages import acted, dialog, posted, sent, today


def _back(pk: int) -> str:
    return reverse("console:claim", args=[pk])


def _form(
    request: HttpRequest, pk: int, form: Any, verb: Any, *, title: str, submit: str, done: str, **told: Any
) -> HttpResponse:
    """One form of one verb, in a drawer."""
    if acted(request, form, verb, **told):
        return saved(request, _back(pk), done)
    return dialog(request, form, title=title, submit=submit)


def _press(request: HttpRequest, pk: int, verb: Any, done: str, **told: Any) -> HttpResponse:
    verb(actor=request.user, today=today(), **(told or {"claim_id": pk}))
    return saved(request, _back(pk), done)


@posted
@needs("reguarantee_claims.check")
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, pk, services.take_up, _("You are checking this claim."))


@posted
@needs("reguarantee_claims.check")
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, pk, services.look_again, _("Checked anew."))


@posted
@needs("reguarantee_claims.check")
def send_to_approval(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, pk, services.send_to_approval, _("Sent to approval."))


@needs("reguarantee_claims.check")
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    claim = queries.get(pk)
    form = forms.ReturnForm(sent(request), missing=queries.missing(claim))
    if acted(request, form, services.give_back, claim_id=pk):
        return saved(request, _back(pk), _("Returned. The member has been told."))
    return dialog(request, form, title=_("Return the claim"), submit=_("Return"))


@needs("reguarantee_claims.check")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(
        request, pk, forms.RefuseForm(sent(request)), services.refuse, claim_id=pk, title=_("Refuse the claim"),
        submit=_("Refuse"), done=_("Refused. The member has been told."),
    )  # fmt: skip


@needs("reguarantee_claims.check")
def deny(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(
        request, pk, forms.DenyForm(sent(request)), services.deny, claim_id=pk, title=_("Deny a part"), submit=_("Deny"),
        done=_("Denied; the rest goes on."),
    )  # fmt: skip


@needs("reguarantee_claims.check")
def waive(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    return _form(
        request, pk, forms.WhyForm(sent(request)), services.waive, check_id=check, title=_("Waive this check"),
        submit=_("Waive"), done=_("Waived, with your reason."),
    )  # fmt: skip


@needs("reguarantee_claims.check")
def write(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(
        request, pk, forms.WriteForm(sent(request)), services.write, claim_id=pk, title=_("Write to the member"),
        submit=_("Send"), done=_("Sent."),
    )  # fmt: skip


@needs("reguarantee_claims.pay")
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    claim = queries.get(pk)
    initial = {name: getattr(claim, name) for name in ("account_name", "account_no", "account_bank")}
    return _form(
        request, pk, forms.PrepareForm(sent(request), initial=initial), services.prepare, claim_id=pk,
        title=_("Prepare the payment"), submit=_("Prepare"), done=_("Prepared. Another person confirms it."),
    )  # fmt: skip


@needs("reguarantee_claims.pay")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(
        request, pk, forms.ConfirmForm(sent(request), initial={"on": today()}), services.confirm, claim_id=pk,
        title=_("Confirm the payment"), submit=_("It was sent"), done=_("Paid. The member has been told."),
    )  # fmt: skip


@needs("reguarantee_claims.pay")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.WhyForm(sent(request))
    if acted(request, form, lambda *, text, **told: services.cancel(reason=text, **told), claim_id=pk):
        return saved(request, _back(pk), _("The payment is cancelled."))
    return dialog(request, form, title=_("Cancel the payment"), submit=_("Cancel the payment"))


@posted
@needs("reguarantee_claims.outward")
def open_outward(request: HttpRequest, pk: int) -> HttpResponse:
    return _press(request, pk, services.open_outward, _("Claims on the funds are open."))


@posted
@needs("reguarantee_claims.outward")
def submit_outward(request: HttpRequest, pk: int, outward: int) -> HttpResponse:
    return _press(request, pk, services.submit_outward, _("Submitted; its money is expected."), outward_id=outward)


@needs("cash.receive")
def receive_outward(request: HttpRequest, pk: int, outward: int) -> HttpResponse:
    row = queries.get(pk).outward.filter(id=outward).first()
    initial = {"fen": row.fen - row.paid_fen if row else None, "on": today()}
    return _form(
        request, pk, forms.ReceiveForm(sent(request), initial=initial), services.receive_outward, outward_id=outward,
        title=_("Money of a fund"), submit=_("Register"), done=_("Registered."),
    )  # fmt: skip
