"""Filings: what members filed, what became of it and why, and the officer's decision above a treaty's limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.words import actor_label, region_label
from kernel.access.permissions import may, needs
from kernel.documents import queries as documents
from reguarantee.console.forms import ConfirmForm, WhyForm
from reguarantee.console.pages import acted, dialog, sent, today
from reguarantee.console.tables.business import FilingFilter, FilingTable, WorkFilter, WorkTable
from reguarantee.console.words import FIGURES, SIZES, answered, called, product, share
from reguarantee.filings import queries, services
from reguarantee.filings.queries import cases
from reguarantee.monitoring import queries as monitoring

_MARKS: dict[str, tuple[str, str]] = {
    "accept": ("green", "check"),
    "refer": ("indigo", "eye"),
    "refuse": ("red", "x"),
    "return": ("orange", "arrow-back-up"),
    "confirm": ("green", "check"),
    "reject": ("red", "x"),
    "reopen": ("indigo", "refresh"),
    "withdraw": ("grey", "arrow-back-up"),
    "void": ("grey", "ban"),
    "end": ("lime", "lock-open"),
    "overdue": ("red", "alert-triangle"),
    "claim": ("orange", "lock"),
}
_TONES = {"COVERED": "success", "PARTLY": "warning", "UNCOVERED": "danger"}
_OTHERS_SHOWN = 20
_DEFECTS = dict(queries.DEFECTS)


@needs("filings.view")
def listing(request: HttpRequest) -> HttpResponse:
    return list_page(request, title=_("Filings"), table=FilingTable, rows=queries.listing(), filterset=FilingFilter)


@needs("filings.view")
def todo(request: HttpRequest) -> HttpResponse:
    """Cases by stage, the longest waiting first; a person sees where he may speak (BUS-09)."""
    labels, mine = dict(queries.STAGES), queries.my_stages(request.user)
    stages = [
        {"label": labels[code], "url": f"?stage={code}", "count": row["count"], "active": request.GET.get("stage") == code}
        for code, row in queries.stage_counts().items()
    ]
    return list_page(
        request, title=_("Filing worklist"), table=WorkTable, rows=queries.worklist(today()), filterset=WorkFilter,
        template="console/filings/todo.html",
        context={"stages": stages, "mine": [labels[code] for code in mine], "waiting": queries.waiting_for(request.user)},
    )  # fmt: skip


@needs("filings.view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One filing: the answer and why, the amounts, the obligor at every member, and all answers before."""
    filing = queries.get(pk)
    others = list(queries.same_obligor(filing)[: _OTHERS_SHOWN + 1])
    version = filing.treaty_version
    context = {
        "title": filing.obligor_name,
        "filing": filing,
        "tone": "info" if filing.status == "REVIEWING" else _TONES[filing.coverage],
        "figures": _figures(filing),
        "shares": _shares(filing),
        "covered_share": share(filing.covered_fen, filing.guaranteed_fen),
        "industry": monitoring.industry_label(filing.industry),
        "region": region_label(filing.region_code),
        "product": product(filing.product_code),
        "version": version,
        "treaty_url": reverse("console:treaty", args=[version.treaty.code]) if version else "",
        "others": others[:_OTHERS_SHOWN],
        "others_more": len(others) > _OTHERS_SHOWN,
        "others_members": len({row.member_code for row in others}),
        "others_covered_fen": sum(row.covered_fen for row in others),
        "events": decided(filing),
        "decided_by": actor_label(filing.decided_by),
        "acts": cases.actions(request.user, filing),
        "steps": cases.steps(filing),
        "opinions": list(cases.opinions(filing)),
        "checks": _checks(filing) if filing.status in ("REVIEWING", "RETURNED") else [],
        "chain": chain if len(chain := queries.chain(filing)) > 1 else [],
        "notes": list(queries.same_note(filing)[:5]),
        "defects": [_DEFECTS.get(one["code"], one["code"]) for one in filing.defects],
        "papers": list(documents.of(cases.subject(filing))),
        "may_add": may(request.user, "documents.upload"),
        "book_open": may(request.user, "monitoring.view"),
        "treaty_open": may(request.user, "treaties.view"),
    }
    return render(request, "console/filings/detail.html", context)


def _figures(filing: Any) -> list[dict[str, Any]]:
    """The figures that the decision looked at, as far as they have a name for people."""
    return [
        {"label": FIGURES[name], "value": value, "is_money": name.endswith("_fen")}
        for name, value in filing.figures.items()
        if name in FIGURES and value is not None
    ]


def _checks(filing: Any) -> list[Any]:
    """What is looked at by itself, in words."""
    return [replace(one, note=str(SIZES.get(one.note, one.note))) for one in cases.checks(filing)]


def _shares(filing: Any) -> list[dict[str, Any]]:
    """How a full loss of the covered loan falls on the parties: as kept at confirmation (AGR-17)."""
    names = called({one["party"]: one["role"] for one in filing.split})
    return [{"party": names[one["party"]], "fen": one["fen"], "share": Decimal(one["ratio"])} for one in filing.split]


def decided(filing: Any) -> list[dict[str, Any]]:
    """Every answer a filing got, newest first, for a timeline."""
    told = []
    for answer in queries.timeline(filing.pk):
        title, (tone, icon) = cases.WORDS.get(answer.event, answer.event), _MARKS.get(answer.event, ("blue", "check"))
        version = answer.treaty_version
        who = actor_label(answer.by) + (f" · {version.treaty.code}/{version.version}" if version else "")
        told.append({"title": title, "who": who, "at": answer.on, "note": answered(answer), "tone": tone, "icon": icon})
    return told[::-1]


@needs("filings.decide")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Cover a filing under review, all of it or less; this cannot be undone."""
    filing = queries.get(pk)
    form = ConfirmForm(sent(request), asked_fen=filing.guaranteed_fen)
    if acted(request, form, services.confirm, filing_id=pk):
        return saved(request, _following(pk), _("Confirmed. The member has been told."))
    return dialog(
        request, form, title=_("Confirm %(number)s") % {"number": filing.number}, submit=_("Confirm the cover"), filing=filing,
        template="console/filings/confirm.html",
    )  # fmt: skip


@needs("filings.decide")
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    return _why(
        request,
        pk,
        services.reject,
        title=_("Reject %(number)s"),
        submit=_("Reject"),
        done=_("Rejected. The member has been told."),
    )


@needs("filings.decide")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _why(
        request,
        pk,
        services.reopen,
        title=_("Reopen %(number)s"),
        submit=_("Reopen"),
        done=_("The filing is under review again."),
    )


def _why(request: HttpRequest, pk: int, verb: Any, *, title: str, submit: str, done: str) -> HttpResponse:
    filing = queries.get(pk)
    form = WhyForm(sent(request))
    if acted(request, form, verb, filing_id=pk):
        return saved(request, _following(pk), done)
    return dialog(request, form, title=title % {"number": filing.number}, submit=submit)


def _following(pk: int) -> str:
    """After a decision the filing itself: the officer sees what he did."""
    return reverse("console:filing", args=[pk])
