"""Guarantees: the list, one guarantee with its cover and its money, and what was paid to banks."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.lists import list_page
from desks.tasks.sheets import Sheet
from desks.words import region_label, story
from kernel.access.permissions import may, needs
from kernel.approval import queries as approvals
from kernel.documents import queries as documents
from member_portal.pages import Request, today
from member_portal.tables.business import CompensationFilter, CompensationTable, GuaranteeFilter, GuaranteeTable
from member_portal.tables.words import coverage_reason, masked_code
from member_portal.views.applications import slots
from tenants.claims import queries as claims
from tenants.customers import queries as customers
from tenants.guarantees import queries

_SECTIONS = dict(customers.INDUSTRIES)
# What a guarantee collects over its life, whatever the product asked for at the beginning.
PAPERS = ("保证合同", "借款合同", "借据", "结清证明")


@needs("guarantees.view")
def listing(request: Request) -> HttpResponse:
    return list_page(
        request, title=_("Guarantees"), table=GuaranteeTable, rows=queries.book(request.user), filterset=GuaranteeFilter
    )


@needs("claims.view")
def compensations(request: Request) -> HttpResponse:
    return list_page(
        request, title=_("Compensations"), table=CompensationTable, rows=claims.book(request.user), filterset=CompensationFilter
    )


@needs("guarantees.view")
def detail(request: Request, pk: int) -> HttpResponse:
    guarantee = queries.one(request.user, pk)
    actions = queries.actions(request.user, guarantee)
    refused = guarantee.filing_status in ("", "REJECTED") and guarantee.state == "IN_FORCE"
    context = {
        "title": guarantee.customer.name,
        "guarantee": guarantee,
        "code": masked_code(guarantee.customer),
        "customer_open": may(request.user, "customers.view")
        and customers.book(request.user).filter(pk=guarantee.customer.pk).exists(),
        "region": region_label(guarantee.region_code),
        "industry": _SECTIONS.get(guarantee.industry, ""),
        "steps": queries.steps(guarantee),
        "events": story(queries.timeline(guarantee)),
        "money": queries.money(guarantee),
        "compensations": claims.of(guarantee),
        "ready": claims.readiness(guarantee) if guarantee.coverage != "UNCOVERED" else None,
        "actions": actions,
        "file_again": refused and may(request.user, "guarantees.register"),
        "chain": queries.chain(guarantee),
        "reason": coverage_reason(guarantee),
        "todo": queries.what_to_do(guarantee) if guarantee.filing_status else "",
        "defects": [queries.DEFECTS.get(one["code"], one["code"]) for one in guarantee.defects],
        "filing_acts": [] if guarantee.filing_status in ("", "REJECTED") else queries.filing_actions(request.user, guarantee),
        "cover_tone": {"COVERED": "success", "PARTLY": "warning", "UNCOVERED": "danger"}[guarantee.coverage],
        "kept_fen": max(guarantee.guaranteed_fen - guarantee.ceded_fen, 0),
        "left_to_draw": guarantee.loan_fen - guarantee.drawn_fen,
        "next": _next(guarantee, actions),
        "slots": slots(list(PAPERS), documents.of(guarantee.subject)),
    }
    return render(request, "portal/guarantees/detail.html", context)


def extension_sheet(request: Request, subject: str) -> Sheet:
    """What a signer of an extension sees beside his decision. Raises NoSuchGuarantee."""
    guarantee, asked = queries.to_extend(request.user, int(subject.partition(":")[2]), today())
    context = {
        "title": guarantee.customer.name,
        "pretitle": guarantee.number,
        "guarantee": guarantee,
        "asked": asked,
        "subject_url": reverse("portal:guarantee", args=[guarantee.pk]) if _open(request, guarantee) else "",
        "papers": documents.of(guarantee.subject),
        "said": approvals.timeline(subject),
    }
    return Sheet("portal/guarantees/extension.html", context)


def _open(request: Request, guarantee: Any) -> bool:
    return may(request.user, "guarantees.view") and queries.book(request.user).filter(pk=guarantee.pk).exists()


def _next(guarantee: Any, actions: list[str]) -> dict[str, Any]:
    """What has to happen now, in a sentence."""
    if guarantee.state in ("IN_FORCE", "OVERDUE") and (asked := queries.extension_asked(guarantee)):
        text = _("Until %(due_on)s, asked for by %(by)s. The loan is extended when it is approved.") % asked
        return {"tone": "info", "title": _("An extension waits for approval"), "text": text}
    sentences = {
        "ISSUED": (
            "info",
            _("Waiting for the first drawdown"),
            _("Register it when the bank has paid out; then the term begins."),
        ),
        "PARTLY_DRAWN": (
            "info",
            _("Partly drawn"),
            _("Register the next drawdown, or say that the bank will pay out no more; then it is in force."),
        ),
        "OVERDUE": (
            "danger",
            _("Overdue"),
            _("Register the arrears' payment, or pay the bank its claim when its notice has come."),
        ),
    }
    if guarantee.state == "IN_FORCE" and not guarantee.outstanding_fen:
        tone, title, text = "success", _("Repaid in full"), _("Release it when the bank's settlement certificate has come.")
    elif guarantee.state in sentences:
        tone, title, text = sentences[guarantee.state]
    else:
        return {}
    return {"tone": tone, "title": title, "text": text if actions else ""}
