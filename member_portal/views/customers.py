"""Customers: the list, one with its business and its old values, the forms; personal data only for whoever may read it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.answers import saved, say
from design.lists import list_page
from design.templatetags.design import mask_id, mask_mobile
from desks.words import region_label
from kernel import codes
from kernel.access.permissions import may, needs
from kernel.audit import services as audit
from kernel.errors import DomainError
from member_portal.forms.house import CustomerForm, MarkForm
from member_portal.pages import Request, acted, dialog, form_page, posted, sent, today
from member_portal.tables.house import CustomerFilter, CustomerTable
from member_portal.tables.words import WORDS, masked_code
from tenants.applications import queries as applications
from tenants.customers import queries, services
from tenants.guarantees import queries as guarantees

UNMASK = "customers.unmask"
_SECTIONS = dict(queries.INDUSTRIES)
_FIELDS = {
    "name": gettext_lazy("Name"),
    "id_number": gettext_lazy("Identity code"),
    "region_code": gettext_lazy("Region code"),
    "industry": gettext_lazy("Industry"),
    "industry_code": gettext_lazy("Industry code"),
    "size_class": gettext_lazy("Size class"),
    "legal_rep": gettext_lazy("Legal representative"),
    "mobile": gettext_lazy("Mobile"),
    "address": gettext_lazy("Address"),
    "status": gettext_lazy("Status"),
    "status_reason": gettext_lazy("Reason"),
}
_LABELS: dict[str, dict[str, Any]] = {
    "industry": _SECTIONS,
    "size_class": dict(queries.SIZE_CLASSES),
    "status": dict(queries.STATUSES),
}


@needs("customers.view")
def listing(request: Request) -> HttpResponse:
    actions = []
    if may(request.user, "customers.edit"):
        actions = [{"label": _("New customer"), "url": reverse("portal:customer_new"), "icon": "plus", "primary": True}]
    return list_page(
        request,
        title=_("Customers"),
        table=CustomerTable,
        rows=queries.book(request.user),
        filterset=CustomerFilter,
        actions=actions,
    )


@needs("customers.view")
def options(request: Request) -> HttpResponse:
    """Customers for a picker; a person's code stays masked."""
    rows = queries.find(request.user, q=request.GET.get("q", "")).exclude(status="BLOCKED")[:20]
    return JsonResponse([{"value": row.pk, "text": f"{row.name} {masked_code(row)}"} for row in rows], safe=False)


@needs("customers.edit")
def check_code(request: Request) -> HttpResponse:
    """Whether an identity code can be right, said as soon as it is typed; the same check as on saving."""
    code, kind = request.GET.get("id_number", "").strip(), request.GET.get("kind", "COMPANY")
    context: dict[str, Any] = {}
    if code:
        try:
            read = codes.resident_id(code, today=today()) if kind == "PERSON" else codes.uscc(code)
        except DomainError as refusal:
            context = {"error": say(refusal)}
        else:
            context = {"read": read, "known": queries.find(request.user).filter(id_number=read).first()}
    return render(request, "portal/customers/check.html", context)


@needs("customers.view")
def detail(request: Request, pk: int) -> HttpResponse:
    customer = queries.one(request.user, pk)
    user = request.user
    context = {
        "title": customer.name,
        "customer": customer,
        "personal": customer.kind == "PERSON",
        "may_unmask": may(user, UNMASK),
        "region": region_label(customer.region_code),
        "industry": _SECTIONS.get(customer.industry, ""),
        "applications": applications.of_customer(user, pk)[:50] if may(user, "applications.view") else [],
        "guarantees": guarantees.of_customer(user, pk)[:50] if may(user, "guarantees.view") else [],
        "changes": _changes(customer),
    }
    return render(request, "portal/customers/detail.html", context)


def _changes(customer: Any) -> list[dict[str, Any]]:
    """Each change with what it replaced, newest first (CUS-09)."""
    rows = queries.history(customer)
    told = []
    for before, after in zip(rows, [*rows, customer][1:], strict=True):
        fields = [
            {
                "label": label,
                "old": _shown(customer, name, getattr(before, name)),
                "new": _shown(customer, name, getattr(after, name)),
            }
            for name, label in _FIELDS.items()
            if getattr(before, name) != getattr(after, name)
        ]
        if fields:
            act = WORDS.act_label(before.act)
            told.append({"at": before.pgh_created_at, "who": before.actor_label, "act": act, "fields": fields})
    return told[::-1]


def _shown(customer: Any, name: str, value: Any) -> str:
    if name == "mobile":
        return mask_mobile(value)
    if name == "id_number" and customer.kind == "PERSON":
        return mask_id(value)
    return str(_LABELS.get(name, {}).get(value, value) or "-")


@needs("customers.unmask")
@posted
def unmask(request: Request, pk: int) -> HttpResponse:
    """Show personal data in full, once, and leave who looked in the trail (domain.md 9.2)."""
    customer = queries.one(request.user, pk)
    audit.leave(actor=request.user, act=UNMASK, subject=f"customer:{pk}", facts={"fields": ["id_number", "mobile"]})
    return render(request, "portal/customers/identity.html", {"customer": customer, "shown": True})


@needs("customers.edit")
def new(request: Request) -> HttpResponse:
    form = CustomerForm(sent(request))
    if acted(request, form, services.register):
        return saved(request, reverse("portal:customer", args=[form.made.pk]), _("Customer registered."))
    kind = form["kind"].value() or "COMPANY"
    return form_page(
        request, "portal/customers/form.html", form, title=_("New customer"), kind=kind, back=reverse("portal:customers")
    )


@needs("customers.edit")
def edit(request: Request, pk: int) -> HttpResponse:
    customer = queries.one(request.user, pk)
    masked = customer.kind == "PERSON" and not may(request.user, UNMASK)
    initial = {name: getattr(customer, name) for name in CustomerForm.base_fields if name != "kind"}
    form = CustomerForm(sent(request), initial=initial, known=customer, masked=masked)
    if customer.kind == "PERSON":
        for name in CustomerForm.company_only:
            del form.fields[name]
        if not masked and request.method == "GET":
            audit.leave(actor=request.user, act=UNMASK, subject=f"customer:{pk}", facts={"fields": ["id_number", "mobile"]})
    back = reverse("portal:customer", args=[pk])
    if acted(request, form, services.change, customer_id=pk):
        return saved(request, back, _("Saved."))
    return form_page(
        request, "portal/customers/form.html", form, title=_("Edit customer"), kind=customer.kind, known=customer, back=back
    )


@needs("customers.block")
def mark(request: Request, pk: int) -> HttpResponse:
    customer = queries.one(request.user, pk)
    form = MarkForm(sent(request), initial={"status": customer.status})
    if acted(request, form, services.mark, customer_id=pk):
        return saved(request, reverse("portal:customer", args=[pk]), _("Status set."))
    return dialog(request, form, title=_("Watch or block"), submit=_("Set the status"))
