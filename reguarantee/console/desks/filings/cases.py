"""A case at its stages: opinions, the formal reply, giving back; and the papers of a filing."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.forms import UploadForm
from desks.pages import acted, dialog, sent, today
from kernel.access.permissions import needs
from kernel.documents import services as documents
from kernel.errors import NotFound, gettext_noop
from reguarantee.console.desks.filings.forms import OpinionForm, ReplyForm, ReturnForm
from reguarantee.filings import queries, services
from reguarantee.filings.queries import cases


class NotConfirmed(NotFound):
    code = "NOT_CONFIRMED"
    sentence = gettext_noop("Only a confirmed filing has a certificate.")


@needs("filings.accept", "filings.examine", "filings.verify", "filings.review")
def opine(request: HttpRequest, pk: int) -> HttpResponse:
    """Speak at acceptance, examination, verification or review."""
    filing = queries.get(pk)
    form = OpinionForm(sent(request), with_risk=filing.stage == "REVIEW", initial={"stage": filing.stage, "agreed": "1"})
    if acted(request, form, services.opine, filing_id=pk):
        return _done(request, pk, _("Your opinion is kept; the case goes on."))
    title = _("%(stage)s of %(number)s") % {"stage": filing.get_stage_display(), "number": filing.number}
    return dialog(request, form, title=title, submit=_("Give the opinion"))


@needs("filings.reply")
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the formal reply: it gets a number and is kept as a paper."""
    filing = queries.get(pk)
    form = ReplyForm(sent(request), asked_fen=filing.guaranteed_fen, initial={"approved": "1"})
    if acted(request, form, services.reply, filing_id=pk):
        return _done(request, pk, _("The reply is given. The member has been told."))
    return dialog(
        request, form, title=_("Reply to %(number)s") % {"number": filing.number}, submit=_("Give the reply"), filing=filing,
        template="console/filings/confirm.html",
    )  # fmt: skip


@needs(*queries.MAY_WORK)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a case for correction."""
    filing = queries.get(pk)
    form = ReturnForm(sent(request))
    if acted(request, form, services.return_filing, filing_id=pk):
        return _done(request, pk, _("Returned. The member has been told what to correct."))
    return dialog(request, form, title=_("Return %(number)s") % {"number": filing.number}, submit=_("Return"))


@needs("filings.view")
def certificate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The certificate of a confirmed filing, made from what stands. Raises NotConfirmed."""
    filing = queries.get(pk)
    if filing.status != "CONFIRMED":
        raise NotConfirmed
    data = cases.certificate(filing, on=filing.decided_on or today())
    return _file(BytesIO(data), f"{filing.certificate_no or filing.number}.pdf", "application/pdf")


@needs("filings.view")
def paper(request: HttpRequest, pk: int, paper: UUID) -> HttpResponseBase:
    document, stream = documents.fetch(subject=cases.subject(queries.get(pk)), document_id=paper)
    return _file(stream, document.name, document.content_type)


@needs("documents.upload")
def add_paper(request: HttpRequest, pk: int) -> HttpResponse:
    filing = queries.get(pk)
    form = UploadForm(sent(request), request.FILES or None)
    if acted(request, form, documents.store, subject=cases.subject(filing)):
        return _done(request, pk, _("The file is kept."))
    return dialog(request, form, title=_("Add a file"), submit=_("Upload"))


def _file(stream: Any, name: str, content_type: str) -> FileResponse:
    """A file as an attachment, never shown in place (design.md 10)."""
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _done(request: HttpRequest, pk: int, words: str) -> HttpResponse:
    return saved(request, reverse("console:filing", args=[pk]), words)
