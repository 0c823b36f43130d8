"""Applications: the list, what banks sent, the form, and the page that says where one stands and what comes next."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.tasks.sheets import Sheet
from desks.words import region_label, story
from kernel.access.permissions import may, needs
from kernel.approval import queries as approvals
from kernel.documents import queries as documents
from kernel.money import BadAmount, from_yuan, times
from member_portal.forms.applications import ApplicationForm, ReasonForm, TakeUpForm, TextForm, read_rate
from member_portal.forms.approval import ApplicationDecisionForm
from member_portal.pages import Request, acted, dialog, form_page, posted, sent, today
from member_portal.tables.business import ApplicationFilter, ApplicationTable, InboxFilter, InboxTable
from member_portal.tables.words import masked_code
from tenants.applications import queries, services
from tenants.customers import queries as customers
from tenants.guarantees import queries as guarantees
from tenants.guarantees import services as issuing
from tenants.products import queries as products

_SECTIONS = dict(customers.INDUSTRIES)


@needs("applications.view")
def listing(request: Request) -> HttpResponse:
    actions = []
    if may(request.user, "applications.create"):
        actions = [{"label": _("New application"), "url": reverse("portal:application_new"), "icon": "plus", "primary": True}]
    return list_page(
        request, title=_("Applications"), table=ApplicationTable, rows=queries.book(request.user),
        filterset=ApplicationFilter, actions=actions,
    )  # fmt: skip


@needs("applications.create")
def inbox(request: Request) -> HttpResponse:
    """What banks sent and nobody has taken up yet, the oldest first."""
    return list_page(
        request, title=_("From the banks"), table=InboxTable, rows=queries.inbox(request.user), filterset=InboxFilter
    )


@needs("applications.view")
def detail(request: Request, pk: int) -> HttpResponse:
    application = queries.one_to_sign(request.user, pk, today())
    return render(request, "portal/applications/detail.html", sheet(request.user, application))


def sheet(user: Any, application: Any) -> dict[str, Any]:
    """Everything an application's page shows, for its own page and beside the decision box."""
    case = approvals.case_of(application.subject)
    running = case is not None and case.status == "RUNNING"
    waiting = _waiting(case) if running else []
    mine = list(approvals.mine(user, application.subject, today())) if running else []
    actions = queries.actions(user, application)
    guarantee = guarantees.find(user).filter(application_id=application.pk).first() if application.state == "ISSUED" else None
    return {
        "title": application.customer.name,
        "application": application,
        "code": masked_code(application.customer),
        "customer_open": may(user, "customers.view") and customers.book(user).filter(pk=application.customer_id).exists(),
        "region": region_label(application.customer.region_code),
        "industry": _SECTIONS.get(application.customer.industry, ""),
        "steps": queries.steps(application),
        "events": story(queries.timeline(application)),
        "case": case,
        "may_copy": case is not None and approvals.involved(user, case, today()),
        "waiting": waiting,
        "mine": mine,
        "is_author": application.author_id == user.id,
        "actions": actions,
        "slots": slots(application.product.required_documents, documents.of(application.subject)),
        "guarantee": guarantee,
        "cautions": queries.cautions(application),
        "next": _next(application, user, actions, mine, guarantee),
    }


def signing_sheet(request: Request, subject: str) -> Sheet:
    """What a signer of an application sees beside his decision. Raises NoSuchApplication."""
    application = queries.one_to_sign(request.user, int(subject.partition(":")[2]), today())
    told = sheet(request.user, application)
    more = {"pretitle": application.number, "badge": (application.state, application.get_state_display())}
    return Sheet("portal/applications/sheet.html", {**told, **more}, ApplicationDecisionForm, _smaller)


def _smaller(cleaned: dict[str, Any]) -> dict[str, Any] | None:
    return {"amount_fen": cleaned["amount_fen"]} if cleaned["amount_fen"] else None


def _waiting(case: Any) -> list[dict[str, Any]]:
    """Who has to act: one entry for each open task, with the people or the post it lies with."""
    holders = approvals.position(case.pk).holders
    names = {step.element: step.name for step in approvals.steps(case.subject)}
    tasks = case.tasks.filter(state="TODO").order_by("id")
    return [
        {
            "id": task.id,
            "name": names.get(task.element, task.name_zh),
            "who": holders.get(task.element, ""),
            "due_on": task.due_on,
            "urged_at": task.urged_at,
        }
        for task in tasks
    ]


def _next(application: Any, user: Any, actions: list[str], mine: list[Any], guarantee: Any) -> dict[str, Any]:
    """One sentence that says what the person has to do now, or whom the thing waits for."""
    author = application.author_id == user.id
    state = application.state
    if mine and not mine[0].entry:
        return {
            "tone": "warning",
            "title": _("It is your turn: %(step)s") % {"step": mine[0].name},
            "url": reverse("portal:task", args=[mine[0].id]),
            "label": _("Decide"),
        }
    if state == "IN_REVIEW" and author:
        return {
            "tone": "info",
            "title": _("Under review"),
            "text": _("You wrote this application, so another person has to sign it (four eyes). You can urge or withdraw it."),
        }
    if state == "IN_REVIEW":
        return {"tone": "info", "title": _("Under review"), "text": _("Nothing for you to do now.")}
    if state == "SUBMITTED":
        return {
            "tone": "warning",
            "title": _("A bank sent this application"),
            "text": _("Take it up to become its account manager and start the review, or decline it with a reason."),
        }
    if state in ("DRAFT", "RETURNED"):
        return _next_of_draft(application, state, author)
    if state == "APPROVED":
        if "issue" in actions:
            return {
                "tone": "success",
                "title": _("Approved: issue the guarantee"),
                "text": _("Check the amounts, then issue. The share is fixed for good."),
            }
        text = (
            _("Whoever issues guarantees has to act; the author cannot issue his own application.")
            if author
            else _("Whoever issues guarantees has to act.")
        )
        return {"tone": "success", "title": _("Approved"), "text": text}
    if guarantee is not None:
        return {
            "tone": "success",
            "title": _("Guarantee issued"),
            "url": reverse("portal:guarantee", args=[guarantee.pk]),
            "label": guarantee.number,
        }
    if application.reason:
        return {
            "tone": "danger" if state == "REJECTED" else "grey",
            "title": application.get_state_display(),
            "text": application.reason,
        }
    return {}


def _next_of_draft(application: Any, state: str, author: bool) -> dict[str, Any]:
    if state == "RETURNED":
        title = _("Returned for correction")
        text = (
            application.reason
            if not author
            else _("%(reason)s — correct it and submit it again.") % {"reason": application.reason}
        )
        return {"tone": "warning", "title": title, "text": text}
    text = _("Add the required papers, then submit it for review.") if author else _("Its author has not submitted it yet.")
    return {"tone": "info", "title": _("Draft"), "text": text}


def slots(required: list[str], papers: Any) -> list[dict[str, Any]]:
    """The papers in the slots the product asks for, in its order; what fits none stands under "Other papers"."""
    held = defaultdict(list)
    for paper in papers:
        held[paper.kind if paper.kind in required else ""].append(paper)
    found = [{"name": name, "kind": name, "papers": held[name], "missing": not held[name]} for name in required]
    return [*found, {"name": _("Other papers"), "kind": "", "papers": held[""], "missing": False}]


@needs("applications.create")
def new(request: Request) -> HttpResponse:
    initial = {"customer_id": request.GET.get("customer"), "channel_id": queries.own_channel()}
    form = ApplicationForm(sent(request), user=request.user, initial=initial)
    if acted(request, form, services.draft):
        to = reverse("portal:application", args=[form.made.pk])
        return saved(request, to, _("Draft saved. Add the papers, then submit it."))
    return form_page(
        request, "portal/applications/form.html", form, title=_("New application"), back=reverse("portal:applications")
    )


@needs("applications.create")
def edit(request: Request, pk: int) -> HttpResponse:
    known = queries.one(request.user, pk)
    initial = {
        name: getattr(known, name)
        for name in (
            "customer_id", "bank_code", "amount_fen", "guaranteed_fen", "term_months", "fee_rate", "purpose", "channel_id",
            "introducer_id",
        )
    }  # fmt: skip
    form = ApplicationForm(sent(request), user=request.user, initial={**initial, "product_code": known.product.code})
    back = reverse("portal:application", args=[pk])
    if acted(request, form, services.revise, application_id=pk):
        return saved(request, back, _("Saved."))
    return form_page(request, "portal/applications/form.html", form, title=_("Edit application"), number=known.number, back=back)


@needs("applications.create")
def limits(request: Request) -> HttpResponse:
    """What the chosen product allows, shown while the person types."""
    code = request.GET.get("product_code", "")
    bank_code = request.GET.get("bank_code", "")
    if not code:
        cautions, bank, _cap = queries.cautions_of(
            bank_code=bank_code, fee_rate=None, guaranteed_fen=0, product="", on=today()
        )  # fmt: skip
        return render(request, "portal/applications/limits.html", {"cautions": cautions, "bank": bank})
    product = products.by_code(code)
    amount = _fen(request, "amount_fen")
    largest = times(amount, product.guaranteed_share)
    typed = read_rate(request.GET.get("fee_rate", ""))
    cautions, bank, cap = queries.cautions_of(
        bank_code=bank_code, fee_rate=product.rate_max if typed is None else typed, product=code, on=today(),
        guaranteed_fen=_fen(request, "guaranteed_fen") or largest,
    )  # fmt: skip
    context = {
        "cautions": cautions,
        "bank": bank,
        "fee_cap": cap,
        "product": product,
        "amount": amount,
        "guaranteed": largest if amount else None,
        "too_much": amount > product.amount_max_fen,
        "green": bool(amount) and amount <= product.green_channel_max_fen,
        "kind": dict(products.KINDS).get(product.for_kind, ""),
    }
    return render(request, "portal/applications/limits.html", context)


def _fen(request: Request, name: str) -> int:
    """An amount as it stands in the form; 0 while it cannot be read."""
    try:
        return from_yuan(request.GET.get(name, "") or "0")
    except BadAmount:
        return 0


@needs("applications.create")
@posted
def submit(request: Request, pk: int) -> HttpResponse:
    queries.one(request.user, pk)
    services.submit(actor=request.user, today=today(), application_id=pk)
    return saved(request, reverse("portal:application", args=[pk]), _("Submitted. The review has begun."))


@needs("applications.create")
def take_up(request: Request, pk: int) -> HttpResponse:
    known = queries.one(request.user, pk)
    form = TakeUpForm(sent(request), initial={"fee_rate": known.fee_rate})
    if acted(request, form, services.take_up, application_id=pk):
        done = _("Taken up. You are its account manager now; the review has begun.")
        return saved(request, reverse("portal:application", args=[pk]), done)
    return dialog(request, form, title=_("Take up %(number)s") % {"number": known.number}, submit=_("Take up"))


@needs("applications.create")
def decline(request: Request, pk: int) -> HttpResponse:
    known = queries.one(request.user, pk)
    form = ReasonForm(sent(request))
    if acted(request, form, services.decline, application_id=pk):
        return saved(request, "portal:inbox", _("Declined."))
    return dialog(request, form, title=_("Decline %(number)s") % {"number": known.number}, submit=_("Decline"))


@needs("applications.create")
def withdraw(request: Request, pk: int) -> HttpResponse:
    known = queries.one(request.user, pk)
    form = TextForm(sent(request))
    if acted(request, form, services.withdraw, application_id=pk):
        return saved(request, reverse("portal:application", args=[pk]), _("Withdrawn."))
    return dialog(request, form, title=_("Withdraw %(number)s") % {"number": known.number}, submit=_("Withdraw"))


@needs("guarantees.issue")
@posted
def issue(request: Request, pk: int) -> HttpResponse:
    queries.one(request.user, pk)
    made = issuing.issue(actor=request.user, today=today(), application_id=pk)
    return saved(
        request, reverse("portal:guarantee", args=[made.pk]), _("Guarantee %(number)s issued.") % {"number": made.number}
    )


@needs("applications.view")
def position(request: Request, pk: int) -> HttpResponse:
    """Where the case stands in its drawing, for the viewer."""
    application = queries.one_to_sign(request.user, pk, today())
    case = approvals.case_of(application.subject)
    if case is None:
        return JsonResponse({"xml": "", "done": [], "now": []}, status=404)
    found = approvals.position(case.pk)
    failed = [step.element for step in approvals.steps(application.subject) if step.state == "REJECTED"]
    return JsonResponse(
        {
            "xml": found.bpmn,
            "done": [element for element in found.done if element not in failed],
            "now": [{"id": element, "label": found.holders.get(element, "")} for element in found.active],
            "failed": failed,
        }
    )
