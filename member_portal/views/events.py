"""What happens to a guarantee: each event is a drawer with its form and one call of the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from kernel.access.permissions import needs
from member_portal.forms.applications import ReasonForm
from member_portal.forms.guarantees import CompensationForm, DrawdownForm, ExtensionForm, OverdueForm, ReleaseForm, RepaymentForm
from member_portal.pages import Request, acted, dialog, posted, sent, today
from tenants.claims import queries as claims
from tenants.claims import services as paying
from tenants.guarantees import queries, services

Verb = Callable[..., Any]


def _drawer(
    request: Request,
    pk: int,
    form_class: Any,
    verb: Verb,
    *,
    title: str,
    submit: str,
    done: str,
    initial: dict[str, Any],
    template: str = "design/dialog.html",
) -> HttpResponse:
    """Ask in a drawer, call the verb once; what the room refuses stands in the drawer."""
    guarantee = queries.one(request.user, pk)
    form = form_class(sent(request), initial=initial)
    if acted(request, form, verb, guarantee_id=pk):
        return saved(request, reverse("portal:guarantee", args=[pk]), done)
    return dialog(request, form, title=title, submit=submit, template=template, guarantee=guarantee)


@posted
def _at_once(request: Request, pk: int, verb: Verb, done: str) -> HttpResponse:
    """An event that asks for nothing but a confirmation."""
    queries.one(request.user, pk)
    verb(actor=request.user, today=today(), guarantee_id=pk)
    return saved(request, reverse("portal:guarantee", args=[pk]), done)


@needs("guarantees.register")
def drawdown(request: Request, pk: int) -> HttpResponse:
    known = queries.one(request.user, pk)
    return _drawer(
        request, pk, DrawdownForm, services.drawdown, title=_("Register a drawdown"), submit=_("Register"),
        done=_("Drawdown registered."), initial={"on": today(), "amount_fen": known.loan_fen - known.drawn_fen},
        template="portal/guarantees/event.html",
    )  # fmt: skip


@needs("guarantees.register")
def complete(request: Request, pk: int) -> HttpResponse:
    return _at_once(request, pk, services.complete, _("In force at what was drawn."))


@needs("guarantees.register")
def repay(request: Request, pk: int) -> HttpResponse:
    known = queries.one(request.user, pk)
    return _drawer(
        request, pk, RepaymentForm, services.repay, title=_("Register a repayment"), submit=_("Register"),
        done=_("Repayment registered."), initial={"on": today(), "principal_fen": known.outstanding_fen},
        template="portal/guarantees/event.html",
    )  # fmt: skip


@needs("guarantees.register")
def mark_overdue(request: Request, pk: int) -> HttpResponse:
    return _drawer(
        request, pk, OverdueForm, services.mark_overdue, title=_("Report arrears"), submit=_("Report"),
        done=_("Marked overdue."), initial={"on": today()}, template="portal/guarantees/event.html",
    )  # fmt: skip


@needs("guarantees.register")
def cure(request: Request, pk: int) -> HttpResponse:
    return _at_once(request, pk, services.cure, _("In force again."))


@needs("claims.pay")
def pay(request: Request, pk: int) -> HttpResponse:
    known = queries.one(request.user, pk)
    owed = claims.liability(known, known.outstanding_fen, 0)
    initial = {
        "bank_notice_on": today(),
        "paid_on": today(),
        "principal_fen": known.outstanding_fen,
        "interest_fen": 0,
        "paid_fen": owed,
    }
    return _drawer(
        request, pk, CompensationForm, paying.pay, title=_("Pay compensation to the bank"), submit=_("Register the payment"),
        done=_("Compensation registered."), initial=initial, template="portal/guarantees/event.html",
    )  # fmt: skip


@needs("guarantees.release")
def release(request: Request, pk: int) -> HttpResponse:
    return _drawer(
        request, pk, ReleaseForm, services.release, title=_("Release the guarantee"), submit=_("Release"), done=_("Released."),
        initial={"on": today()}, template="portal/guarantees/event.html",
    )  # fmt: skip


@needs("guarantees.issue")
def extend(request: Request, pk: int) -> HttpResponse:
    return _drawer(
        request, pk, ExtensionForm, services.ask_extension, title=_("Extend the loan"), submit=_("Hand in for approval"),
        done=_("Handed in for approval. When approved, the added time has a guarantee of its own, filed with the group."),
        initial={},
        template="portal/guarantees/event.html",
    )  # fmt: skip


@needs("guarantees.release")
def lapse(request: Request, pk: int) -> HttpResponse:
    return _drawer(
        request,
        pk,
        ReasonForm,
        services.lapse,
        title=_("Let the guarantee lapse"),
        submit=_("Lapse"),
        done=_("Lapsed."),
        initial={},
    )


@needs("guarantees.release")
def cancel(request: Request, pk: int) -> HttpResponse:
    return _drawer(
        request,
        pk,
        ReasonForm,
        services.cancel,
        title=_("Cancel the guarantee"),
        submit=_("Cancel the guarantee"),
        done=_("Cancelled."),
        initial={},
    )


@needs("guarantees.register")
def file_again(request: Request, pk: int) -> HttpResponse:
    return _at_once(request, pk, services.file_again, _("Filed again. The group's answer comes in a moment."))
