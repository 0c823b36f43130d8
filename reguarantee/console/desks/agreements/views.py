"""What people do with an agreement besides writing it: hand in, approve, give back, sign, renew, compare."""

from __future__ import annotations

from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import acted, dialog, posted, sent, today
from kernel.access.permissions import needs
from kernel.calendar import add_months
from reguarantee.console.desks.agreements.tables import ExpiringFilter, ExpiringTable, WaitingFilter, WaitingTable
from reguarantee.console.forms import ApproveForm, OpinionForm, RenewForm, SignForm
from reguarantee.filings import queries as filings
from reguarantee.treaties import queries, services

_OPEN = ("SUBMITTED", "REVIEWING", "RETURNED")
_YEAR = 12


@needs("treaties.approve")
def waiting(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Treaties to approve"), table=WaitingTable, rows=queries.waiting(), filterset=WaitingFilter,
    )  # fmt: skip


@needs("treaties.view")
def expiring(request: HttpRequest) -> HttpResponse:
    """Treaties in effect that end within their notice and are not renewed yet."""
    rows = queries.expiring(today=today())
    return list_page(request, title=_("Expiring treaties"), table=ExpiringTable, rows=rows, filterset=ExpiringFilter)


@needs("treaties.edit")
@posted
def submit(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    services.submit(actor=request.user, today=today(), version_id=pk)
    return saved(request, _page(code, pk), _("Handed in. Another person approves it."))


@needs("treaties.approve")
def approve(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    version = queries.version(pk)
    form = ApproveForm(sent(request), initial={"seen": version.digest})
    if acted(request, form, services.approve, version_id=pk):
        return saved(request, _page(code, pk), _("Approved. It can be signed."))
    return dialog(request, form, title=_("Approve version %(number)s") % {"number": version.version}, submit=_("Approve"))


@needs("treaties.approve")
def send_back(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    version = queries.version(pk)
    form = OpinionForm(sent(request))
    if acted(request, form, services.send_back, version_id=version.pk):
        return saved(request, _page(code, pk), _("Sent back to its author."))
    return dialog(request, form, title=_("Send the draft back"), submit=_("Send back"))


@needs("treaties.publish")
def sign(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The paper is signed: from now on new drawdowns of its period attach to this version."""
    version = queries.version(pk)
    form = SignForm(sent(request), initial={"signed_on": today(), "number": version.number})
    if acted(request, form, services.publish, version_id=pk):
        return saved(request, _page(code, pk), _("Published. New drawdowns of its period attach to it."))
    return dialog(
        request, form, title=_("Sign and publish version %(number)s") % {"number": version.version}, submit=_("Publish")
    )


@needs("treaties.edit")
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """The next treaty with the same wording, for the year after this one's last day."""
    treaty = queries.get(code)
    last = next((one.effective_to for one in queries.versions(code) if one.is_published and one.effective_to), today())
    initial = {"new_code": f"{treaty.code}-R"[:40], "first": last + timedelta(days=1), "last": add_months(last, _YEAR)}
    form = RenewForm(sent(request), initial=initial)
    if acted(request, form, services.renew, code=code):
        return saved(request, reverse("console:treaty", args=[form.made.treaty.code]), _("Drafted. It is not in force yet."))
    return dialog(request, form, title=_("Renew treaty %(code)s") % {"code": code}, submit=_("Draft the renewal"))


@needs("treaties.view")
def compare(request: HttpRequest, code: str, old: int, new: int) -> HttpResponse:
    """Two versions in sentences: what was taken out, what came in, what stays."""
    treaty = queries.get(code)
    found = {one.version: one for one in queries.versions(code)}
    if old not in found or new not in found:
        raise services.NoSuchVersion
    context = {
        "title": _("Version %(old)s and version %(new)s") % {"old": old, "new": new},
        "treaty": treaty,
        "old": found[old],
        "new": found[new],
        "rows": changes(queries.summary(found[old]), queries.summary(found[new])),
        "effect": effect(found[new]),
    }
    return render(request, "console/treaties/agreements/compare.html", context)


def changes(before: list[str], after: list[str]) -> list[dict[str, Any]]:
    """Rows {"kind": "same"|"out"|"in", "text"} that turn one list of sentences into the other."""
    rows: list[dict[str, Any]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [{"kind": "same", "text": text} for text in before[a:b]]
        else:
            rows += [{"kind": "out", "text": text} for text in before[a:b]]
            rows += [{"kind": "in", "text": text} for text in after[c:d]]
    return rows


def effect(version: Any) -> dict[str, Any]:
    """What a draft would change once it is in force: nothing that is attached (AGR-16, AGR-17).

    `attached` filings keep their split; `pending` ones of this treaty wait for a decision, `moved` of them were drawn down
    on or after the draft's first day and would be decided by it.
    """
    rows = filings.listing(treaty_code=version.treaty.code)
    pending = rows.filter(status__in=_OPEN)
    moved = pending.filter(drawdown_on__gte=version.effective_from)
    return {
        "attached": rows.filter(status="CONFIRMED").count(),
        "pending": pending.count(),
        "moved": moved.count(),
        "from": version.effective_from,
        "draft": not version.is_published,
    }


def _page(code: str, pk: int) -> str:
    return f"{reverse('console:treaty', args=[code])}?version={queries.version(pk).version}"
