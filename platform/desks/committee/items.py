"""One item: its papers, the vote, recusals, the decision with its working in words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from design.answers import saved
from design.forms import UploadForm
from desks.committee.forms import CloseItemForm, ProofForm, RecusalForm, VoteForm
from desks.pages import Request, acted, dialog, handed, here, posted, sent, today
from kernel.access.permissions import may, needs
from kernel.approval import queries as approvals
from kernel.approval.committee import queries, services
from kernel.approval.committee.services.access import NoSuchItem, check_runs
from kernel.documents import queries as documents


@needs("committee.view")
def detail(request: Request, pk: int) -> HttpResponse:
    item = queries.item(request.user, pk)
    return _page(request, item, VoteForm())


def _page(request: Request, item: Any, form: VoteForm) -> HttpResponse:
    found = queries.voting(request.user, item)
    decision = getattr(item, "decision", None)
    choices = queries.CHOICES if item.meeting.rule.conditional else [c for c in queries.CHOICES if "CONDITION" not in c[0]]
    context = {
        "title": item.title,
        "face": request.resolver_match.namespace,
        "item": item,
        "meeting": item.meeting,
        "form": form,
        "chosen": form["choice"].value() or (found.own.choice if found.own else ""),
        "choices": choices,
        "voting": found,
        "runs": queries.runs(request.user, item.meeting),
        "decision": decision,
        "working": queries.working(decision) if decision else [],
        "ballots": queries.ballots(item),
        "earlier": [d for d in queries.decisions_of(item.subject) if d.item_id != item.pk],
        "papers": [*documents.of(item.papers), *documents.of(item.subject)],
        "subject_url": approvals.page_of(item.subject),
    }
    return render(request, "desks/committee/item.html", context, status=422 if form.is_bound else 200)


@needs("committee.vote")
@posted
def vote(request: Request, pk: int) -> HttpResponse:
    item = queries.item(request.user, pk)
    form = VoteForm(request.POST)
    if form.is_valid():
        with form.catching():
            remote = item.meeting.remote
            services.vote(actor=request.user, today=today(), item_id=pk, remote=remote, **form.cleaned_data)
        if form.is_valid():
            return saved(request, here(request, "agenda", pk), _("Your vote is in. You can change it until the item is closed."))
    return _page(request, item, form)


@needs("committee.view")
@posted
def call(request: Request, pk: int) -> HttpResponse:
    queries.item(request.user, pk)
    services.open_item(actor=request.user, today=today(), item_id=pk)
    return saved(request, here(request, "agenda", pk), _("Called: the members can vote."))


@needs("committee.view")
@posted
def take_off(request: Request, pk: int) -> HttpResponse:
    item = queries.item(request.user, pk)
    services.take_off(actor=request.user, today=today(), item_id=pk)
    return saved(request, here(request, "meeting", item.meeting_id), _("Taken off the agenda. It waits for another meeting."))


@needs("committee.view")
def recuse(request: Request, pk: int) -> HttpResponse:
    item = queries.item(request.user, pk)
    members = [seat for seat in queries.seats(item.meeting) if seat.kind == "MEMBER"]
    runs = queries.runs(request.user, item.meeting)
    people = [(seat.person_id, seat.name) for seat in members if runs or seat.person_id == request.user.id]
    form = RecusalForm(sent(request), people=people, initial={"person_id": request.user.id})
    if acted(request, form, services.recuse, item_id=pk):
        return saved(request, here(request, "agenda", pk), _("Recused. The quorum is counted without this member."))
    return dialog(request, form, title=_("Recuse from this item"), submit=_("Recuse"))


@needs("committee.view")
def close(request: Request, pk: int) -> HttpResponse:
    item = queries.item(request.user, pk)
    # The dialog shows what the ballots ask for: nobody votes by looking at others.
    check_runs(request.user, item.meeting)
    initial = {"conditions": "\n".join(queries.asked_conditions(item))}
    form = CloseItemForm(sent(request), initial=initial)
    if acted(request, form, services.close_item, item_id=pk):
        said = _("Decided: %(outcome)s.") % {"outcome": form.made.get_outcome_display()}
        return saved(request, here(request, "agenda", pk), said)
    return dialog(request, form, title=_("Close the vote"), submit=_("Close and count"))


@needs("committee.view")
def fulfil(request: Request, pk: int, condition: int) -> HttpResponse:
    item = queries.item(request.user, pk)
    decision = getattr(item, "decision", None)
    if decision is None or not any(row.pk == condition for row in decision.conditions.all()):
        raise NoSuchItem
    form = ProofForm(sent(request))
    if acted(request, form, services.fulfil, condition_id=condition):
        return saved(request, here(request, "agenda", pk), _("Noted as met."))
    return dialog(request, form, title=_("Condition met"), submit=_("Save"))


@needs("committee.view")
def add_paper(request: Request, pk: int) -> HttpResponse:
    """A paper for the members, kept with the item. By whoever runs the meeting."""
    item = queries.item(request.user, pk)
    if not queries.runs(request.user, item.meeting):
        raise NoSuchItem
    form = UploadForm(sent(request), request.FILES or None)
    if acted(request, form, services.add_paper, item_id=pk):
        return saved(request, here(request, "agenda", pk), _("%(name)s added.") % {"name": form.made.name})
    return dialog(request, form, title=_("Add a paper"), submit=_("Upload"))


@needs("committee.view")
def paper(request: Request, pk: int, paper: UUID) -> HttpResponseBase:
    """A paper of the item or of the matter itself: whoever sits may read it."""
    item = queries.item(request.user, pk)
    subject = item.papers if documents.of(item.papers).filter(pk=paper).exists() else item.subject
    if subject == item.subject and not (may(request.user, "documents.view") or may(request.user, "committee.vote")):
        raise NoSuchItem
    return handed(subject, paper)
