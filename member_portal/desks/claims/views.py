"""Our claims on the group: what to do and by when, one claim with its papers, and how ready each guarantee is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import acted, handed, posted, sent
from desks.words import actor_label
from kernel.access.permissions import may, needs
from member_portal.desks.claims import forms
from member_portal.desks.claims.tables import ClaimFilter, ClaimTable, FileFilter, FileTable
from member_portal.forms.applications import PaperForm
from member_portal.pages import Request, came_from, dialog, today
from tenants.cessions import queries as cessions
from tenants.claims import queries, services
from tenants.claims.slots import SLOTS, deficiency
from tenants.guarantees import queries as guarantees
from tenants.products import queries as products


@needs("claims.view")
def listing(request: Request) -> HttpResponse:
    return list_page(
        request, title=_("Claims on the group"), table=ClaimTable, rows=queries.claims(request.user), filterset=ClaimFilter
    )


@needs("claims.view")
def files(request: Request) -> HttpResponse:
    """Every covered guarantee that runs, the least ready first."""
    return list_page(request, title=_("Claim files"), table=FileTable, rows=queries.files(request.user), filterset=FileFilter)


@needs("claims.view")
def detail(request: Request, pk: int) -> HttpResponse:
    claim = queries.one(request.user, pk)
    money = queries.money(claim)
    user = request.user
    sendable = claim.state in ("DRAFT", "RETURNED") or queries.may_appeal(claim, today())
    context = {
        "title": claim.guarantee.customer.name,
        "claim": claim,
        "todo": queries.todo(claim, today()),
        "steps": queries.steps(claim),
        "slots": queries.slots(claim.guarantee),
        "ready": queries.readiness(claim.guarantee),
        "lacks": [
            {**row, "label": deficiency(row["code"]), "paper": SLOTS.get(row["slot"], row["slot"])} for row in claim.deficiencies
        ],
        "notes": [{"author": actor_label(note.author), "on": note.on, "text": note.text} for note in queries.notes(claim)],
        "submissions": claim.submissions.order_by("-id"),
        "money": money,
        "decided": claim.approved_fen > 0 or claim.state in ("APPROVED", "PAYING", "PAID", "CLOSED"),
        "may_file": may(user, "claims.file") and claim.state not in ("CLOSED", "WITHDRAWN"),
        "may_submit": may(user, "claims.submit") and sendable,
        "may_withdraw": may(user, "claims.submit")
        and claim.state in ("DRAFT", "SUBMITTED", "RECEIVED", "CHECKING", "RETURNED", "REVIEWING"),
        "may_write": may(user, "claims.file") and claim.round,
        "may_receive": may(user, "cash.receive") and money is not None and money.open_fen,
    }
    return render(request, "portal/claims/detail.html", context)


@needs("claims.view")
def claim_file(request: Request, pk: int) -> HttpResponse:
    """The papers kept for a claim on one guarantee."""
    guarantee = guarantees.one(request.user, pk)
    context = {
        "title": guarantee.customer.name,
        "guarantee": guarantee,
        "ready": queries.readiness(guarantee),
        "slots": queries.slots(guarantee),
        "claims": queries.of_guarantee(guarantee),
        "unclaimed": queries.unclaimed(guarantee) if guarantee.coverage != "UNCOVERED" else (),
        "may_submit": may(request.user, "claims.submit"),
        "may_file": may(request.user, "claims.file"),
    }
    return render(request, "portal/claims/file.html", context)


@needs("claims.file")
def attach(request: Request, pk: int) -> HttpResponse:
    guarantee = guarantees.one(request.user, pk)
    slot = request.GET.get("slot", "")[:40]
    form = PaperForm(sent(request), request.FILES or None)
    if acted(request, form, services.attach, guarantee_id=guarantee.pk, slot=slot):
        return saved(request, _from(request, guarantee.pk), _("%(name)s added.") % form.given())
    return dialog(request, form, title=str(SLOTS.get(slot, slot)), submit=_("Upload"))


def _from(request: Request, guarantee_id: int) -> str:
    """Back to the claim or the file that the person looks at (htmx tells its address)."""
    claim = request.GET.get("claim", "")
    if claim.isdecimal():
        return reverse("portal:claim", args=[int(claim)])
    return reverse("portal:claim_file", args=[guarantee_id])


@needs("claims.view")
def paper(request: Request, pk: int, paper: UUID) -> HttpResponseBase:
    return handed(services.subject_of(guarantees.one(request.user, pk).pk), paper)


@posted
@needs("claims.file")
def remove(request: Request, pk: int, paper: UUID) -> HttpResponse:
    guarantee = guarantees.one(request.user, pk)
    services.remove(actor=request.user, today=today(), guarantee_id=guarantee.pk, document_id=paper)
    back = came_from(request, reverse("portal:claim_file", args=[pk]))
    return saved(request, back, _("Removed. The file stays on record."))


@posted
@needs("claims.submit")
def draft(request: Request, pk: int) -> HttpResponse:
    """Begin the claim of a compensation by hand."""
    row = queries.book(request.user).filter(pk=pk).first()
    if row is None:
        raise services.NoSuchClaim
    claim = services.draft(actor=request.user, today=today(), compensation_id=row.pk)
    return saved(request, reverse("portal:claim", args=[claim.pk]), _("Drafted. Complete the papers, then submit."))


def _account(request: Request, claim: Any) -> dict[str, str]:
    """Where the group shall pay: as sent before, else the first account that the group knows of us."""
    if claim.account_no:
        return {name: getattr(claim, name) for name in ("account_name", "account_no", "account_bank")}
    known = next(iter(cessions.institution().bank_accounts), {})
    return {
        "account_name": known.get("account_name") or request.institution.name,
        "account_no": known.get("account_no", ""),
        "account_bank": known.get("bank", ""),
    }


@needs("claims.submit")
def submit(request: Request, pk: int) -> HttpResponse:
    claim = queries.one(request.user, pk)
    late = claim.state == "DRAFT" and today() > claim.deadline_on
    form = forms.SubmitForm(sent(request), initial=_account(request, claim), late=late, appeal=claim.state == "REJECTED")
    if acted(request, form, services.submit, claim_id=pk):
        return saved(request, reverse("portal:claim", args=[pk]), _("Sent to the group with its papers."))
    return dialog(request, form, title=_("Submit %(claim)s") % {"claim": claim.claim_no}, submit=_("Submit"))


@needs("claims.submit")
def withdraw(request: Request, pk: int) -> HttpResponse:
    return _form(
        request,
        pk,
        forms.ReasonForm(sent(request)),
        services.withdraw,
        _("Withdraw the claim"),
        _("Withdraw"),
        _("Withdrawal sent."),
    )


@needs("claims.file")
def write(request: Request, pk: int) -> HttpResponse:
    return _form(request, pk, forms.WriteForm(sent(request)), services.write, _("Write to the group"), _("Send"), _("Sent."))


@needs("cash.receive")
def receive(request: Request, pk: int) -> HttpResponse:
    money = queries.money(queries.one(request.user, pk))
    initial = {"fen": money.open_fen if money else None, "on": today()}
    form = forms.ReceiveForm(sent(request), initial=initial)
    return _form(request, pk, form, services.receive, _("Money of the group"), _("Register"), _("Registered; the group is told."))


def _form(request: Request, pk: int, form: Any, verb: Any, title: str, submit: str, done: str) -> HttpResponse:
    claim = queries.one(request.user, pk)
    if acted(request, form, verb, claim_id=claim.pk):
        return saved(request, reverse("portal:claim", args=[pk]), done)
    return dialog(request, form, title=title, submit=submit)


@needs("claims.view")
def rates(request: Request) -> HttpResponse:
    """Compensations against what was released, by product or bank (CLM-05)."""
    by = "bank" if request.GET.get("by") == "bank" else "product"
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= 2100 else today().year
    url = reverse("portal:claim_rates")
    labels = {"product": _("By product"), "bank": _("By bank")}
    names = {product.code: product.label for product in products.all_products()} if by == "product" else {}
    years = range(min(year, today().year) - 2, max(year, today().year) + 1)
    context = {
        "title": _("Compensation rates"),
        "rows": [{**row, "name": names.get(row["name"], row["name"])} for row in queries.rates(by, year)],
        "heading": _("Bank") if by == "bank" else _("Product"),
        "tabs": [{"label": label, "url": f"{url}?by={name}&year={year}", "active": name == by} for name, label in labels.items()],
        "years": [{"label": str(n), "url": f"{url}?by={by}&year={n}", "active": n == year} for n in years],
    }
    return render(request, "portal/claims/rates.html", context)
