"""Papers of an application and of a guarantee. Whoever may see the thing may open its papers; nobody else can name them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from kernel.access.permissions import needs
from kernel.documents import services as documents
from member_portal.forms.applications import PaperForm
from member_portal.pages import Request, acted, dialog, handed, posted, sent, today
from tenants.applications import queries as applications
from tenants.guarantees import queries as guarantees


@needs("documents.view")
def of_application(request: Request, pk: int, paper: UUID) -> HttpResponseBase:
    return handed(applications.one_to_sign(request.user, pk, today()).subject, paper)


@needs("documents.view")
def of_guarantee(request: Request, pk: int, paper: UUID) -> HttpResponseBase:
    return handed(guarantees.one(request.user, pk).subject, paper)


@needs("documents.upload")
def add_to_application(request: Request, pk: int) -> HttpResponse:
    known = applications.one_to_sign(request.user, pk, today())
    return _add(request, known.subject, reverse("portal:application", args=[pk]))


@needs("documents.upload")
def add_to_guarantee(request: Request, pk: int) -> HttpResponse:
    known = guarantees.one(request.user, pk)
    return _add(request, known.subject, reverse("portal:guarantee", args=[pk]))


def _add(request: Request, subject: str, back: str) -> HttpResponse:
    kind = request.GET.get("kind", "")[:40]
    form = PaperForm(sent(request), request.FILES or None)
    if acted(request, form, documents.store, subject=subject, kind=kind):
        return saved(request, back, _("%(name)s added.") % form.given())
    return dialog(request, form, title=kind or _("Other papers"), submit=_("Upload"))


@needs("documents.upload")
@posted
def remove_from_application(request: Request, pk: int, paper: UUID) -> HttpResponse:
    known = applications.one(request.user, pk)
    documents.remove(actor=request.user, subject=known.subject, document_id=paper)
    return saved(request, reverse("portal:application", args=[pk]), _("Removed. The file stays on record."))
