"""Claims: the board, one claim with everything that decides it, its papers, the package for a fund."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from design.lists import list_page
from desks.pages import handed
from desks.words import actor_label
from kernel.access.permissions import may, needs
from kernel.approval import queries as approvals
from kernel.cash import queries as cash
from reguarantee.claims import queries, services
from reguarantee.claims.reasons import DEFICIENCIES, DENIALS, SLOTS
from reguarantee.console.desks.claims.tables import ClaimFilter, ClaimTable
from reguarantee.console.desks.claims.words import CHECKS, EVENTS
from reguarantee.console.pages import today
from reguarantee.console.words import called, share

_NOT_SHOWN = ("WITHDRAWN", "CLOSED")
_OWN = {"DECISION": gettext_lazy("Written decision")}
"""Papers of the group itself among those of the member."""


@needs("reguarantee_claims.view")
def listing(request: HttpRequest) -> HttpResponse:
    """All claims, those whose clock ends first on top, under the board of states and money."""
    day = today()
    rows = queries.board(day)
    context = {
        "totals": queries.totals(rows),
        "board": [row for row in rows if row["count"] or row["status"] not in _NOT_SHOWN],
        "url": reverse("console:claims"),
    }
    return list_page(
        request, title=_("Members' claims"), table=ClaimTable, rows=queries.listing(), filterset=ClaimFilter,
        template="console/claims/list.html", context=context,
    )  # fmt: skip


@needs("reguarantee_claims.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    claim = queries.get(pk)
    run = claim.checks.order_by("-run").values_list("run", flat=True).first()
    checks = list(claim.checks.filter(run=run)) if run else []
    due = cash.of(claim.subject).filter(key=claim.key).first()
    clock = claim.steps.filter(closed_on=None).first()
    user: Any = request.user
    context = {
        "title": claim.obligor_name,
        "claim": claim,
        "next": _next(claim, clock),
        "steps": queries.steps(claim),
        "checks": [{"row": row, "label": CHECKS[row.code], "text": _(row.sentence) % row.facts} for row in checks],
        "blocking": sum(row.is_blocking for row in checks),
        "papers": [{**row, "label": _OWN.get(row["code"], row["label"])} for row in queries.papers(claim)],
        "shares": _shares(claim),
        "trace": _trace(claim),
        "amounts": [{"row": row, "by": actor_label(row.by)} for row in claim.amounts.order_by("-id")],
        "denials": [{"row": row, "label": DENIALS[row.code]} for row in queries.denials(claim)],
        "lacks": [
            {"row": row, "label": DEFICIENCIES[row.code], "slot": SLOTS.get(row.slot, row.slot)}
            for row in claim.deficiencies.order_by("-id")
        ],
        "clocks": claim.steps.order_by("-id"),
        "clock": clock,
        "late": bool(clock and clock.due_on and clock.due_on < today() and claim.status != "REJECTED"),
        "notes": [{"row": note, "author": actor_label(note.author)} for note in claim.notes.all()],
        "events": _events(claim),
        "due": due,
        "order": due.orders.filter(state="PREPARED").first() if due else None,
        "payments": claim.payments.all(),
        "outward": claim.outward.all(),
        "behind": any(claim.roles.get(party) in ("FUND", "GOVERNMENT") and fen for party, fen in claim.shares.items()),
        "tasks": approvals.mine(user, claim.subject, today()),
        "may_check": may(user, "reguarantee_claims.check"),
        "may_pay": may(user, "reguarantee_claims.pay"),
        "may_prepare": may(user, "cash.prepare"),
        "may_confirm": may(user, "cash.confirm"),
        "may_receive": may(user, "cash.receive"),
        "may_outward": may(user, "reguarantee_claims.outward"),
        "filing_open": may(user, "filings.view"),
        "recoveries_open": may(user, "reguarantee_recoveries.view") and claim.filing is not None,
        "recoveries_url": f"{reverse('console:recoveries')}?{urlencode({'q': claim.filing.number if claim.filing else ''})}",
    }
    return render(request, "console/claims/detail.html", context)


def _next(claim: Any, clock: Any) -> dict[str, Any]:
    """What has to happen now, in a sentence."""
    by = _("To be done by %(on)s.") % {"on": clock.due_on} if clock and clock.due_on else ""
    words = {
        "RECEIVED": ("info", _("Take the claim up"), by),
        "CHECKING": ("info", _("Look through checks and papers; then send it to approval, return it, or refuse it"), by),
        "RETURNED": ("warning", _("Waiting for the member to complete it"), by),
        "REVIEWING": ("info", _("Under approval"), by),
        "APPROVED": ("info", _("Prepare the payment"), by),
        "PAYING": ("info", _("Another person confirms the payment with the bank's voucher"), by),
        "PAID": ("info", _("Paid; claim from the funds behind us"), ""),
        "REJECTED": ("danger", _("Refused for good") if claim.final_on else _("Refused"), _refusal(claim)),
    }
    tone, title, text = words.get(claim.status, ("info", "", ""))
    return {"tone": tone, "title": title, "text": text}


def _refusal(claim: Any) -> str:
    """Why, and until when the filing stays frozen for an appeal."""
    reason = _(claim.reason) if claim.reason else ""
    if claim.final_on:
        return _("%(reason)s Final since %(on)s.") % {"reason": reason, "on": claim.final_on}
    if claim.answer_by:
        return _("%(reason)s The member may appeal until %(on)s.") % {"reason": reason, "on": claim.answer_by}
    return reason


def _shares(claim: Any) -> list[dict[str, Any]]:
    paid = queries.obligations(claim)
    names = called({party: role for party, (role, _fen, _paid) in paid.items()})
    return [
        {"party": names[party], "fen": fen, "paid_fen": settled, "share": share(fen, claim.base_fen)}
        for party, (_role, fen, settled) in paid.items()
    ]


def _trace(claim: Any) -> list[str]:
    """How the shares came about, with the parties called by what they are."""
    names = called(claim.roles)
    said = []
    for step in claim.trace.get("steps", ()):
        named = {name: names.get(step["facts"].get(name), step["facts"].get(name)) for name in ("source", "target")}
        said.append(_(step["sentence"]) % {**step["facts"], **named})
    return said


def _events(claim: Any) -> list[dict[str, Any]]:
    """Rulings and the opinions of the approval, newest first."""
    told = []
    for row in claim.rulings.all():
        title, tone, icon = EVENTS.get(row.event, (row.event, "blue", "check"))
        told.append(
            {
                "title": title,
                "who": actor_label(row.by),
                "at": row.at,
                "note": _(row.text) if row.text else "",
                "tone": tone,
                "icon": icon,
            }
        )
    for opinion in approvals.timeline(claim.subject):
        title = f"{opinion.name}: {opinion.get_verdict_display()}"
        told.append(
            {"title": title, "who": opinion.by_label, "at": opinion.at, "note": opinion.text, "tone": "indigo", "icon": "eye"}
        )
    return sorted(told, key=lambda row: row["at"], reverse=True)


@needs("reguarantee_claims.view")
def paper(request: HttpRequest, pk: int, paper: UUID) -> HttpResponseBase:
    return handed(queries.get(pk).subject, paper)


@needs("reguarantee_claims.outward")
def package(request: HttpRequest, pk: int, outward: int) -> HttpResponse:
    """The claim package for a fund: the figures and every paper, as one file."""
    row = queries.get(pk).outward.filter(id=outward).first()
    if row is None:
        raise services.NoSuchClaim
    response = HttpResponse(services.package(row), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{row.number}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
