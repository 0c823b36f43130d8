"""What people do with a recovery case."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from desks.pages import Request, acted, dialog, posted, sent, today
from kernel.access.permissions import needs
from member_portal.desks.recoveries.forms import NoteForm, ReasonForm, RecordForm, SpendForm, WriteOffForm
from tenants.guarantees import queries as guarantees
from tenants.recoveries import queries, services


def _page(case: Any) -> str:
    return reverse("portal:recovery_case", args=[case.pk])


@needs("recoveries.record")
@posted
def open_case(request: Request, pk: int) -> HttpResponse:
    guarantees.one(request.user, pk)
    case = services.open_case(actor=request.user, today=today(), guarantee_id=pk)
    return saved(request, _page(case), _("The case is open. Write down each step, and record what comes."))


@needs("recoveries.record")
def note(request: Request, pk: int) -> HttpResponse:
    case = queries.case(request.user, pk)
    form = NoteForm(sent(request), initial={"on": today(), "stage": case.stage})
    if acted(request, form, services.note, guarantee_id=case.guarantee_id):
        return saved(request, _page(case), _("Written down."))
    return dialog(request, form, title=_("Write a step down"), submit=_("Save"))


@needs("recoveries.record")
def spend(request: Request, pk: int) -> HttpResponse:
    case = queries.case(request.user, pk)
    form = SpendForm(sent(request), initial={"on": today()})
    if acted(request, form, services.spend, guarantee_id=case.guarantee_id):
        return saved(request, _page(case), _("Written down. The next recovery carries it."))
    return dialog(request, form, title=_("Costs of the pursuit"), submit=_("Save"))


@needs("recoveries.record")
def record(request: Request, pk: int) -> HttpResponse:
    case = queries.case(request.user, pk)
    form = RecordForm(sent(request), initial={"on": today()})
    if acted(request, form, services.record, guarantee_id=case.guarantee_id):
        return saved(request, _page(case), _("Recorded, and told to the group. Its answer says whose the money is."))
    return dialog(request, form, title=_("Record a recovery"), submit=_("Record"))


@needs("recoveries.write_off")
def write_off(request: Request, pk: int) -> HttpResponse:
    case = queries.case(request.user, pk)
    form = WriteOffForm(sent(request), initial={"on": today(), "written_off_fen": max(queries.still_owed(case), 0)})
    if acted(request, form, services.write_off, guarantee_id=case.guarantee_id):
        return saved(request, _page(case), _("Written off. The debtor is still pursued."))
    return dialog(request, form, title=_("Write off"), submit=_("Write off"))


@needs("recoveries.write_off")
def undo(request: Request, pk: int) -> HttpResponse:
    found = queries.receipt(request.user, pk)
    form = ReasonForm(sent(request))
    if acted(request, form, services.undo, receipt_id=pk):
        return saved(request, _page(found.case), _("Undone by an opposite recovery; the group is told."))
    return dialog(request, form, title=_("Undo %(number)s") % {"number": found.number}, submit=_("Undo"))
