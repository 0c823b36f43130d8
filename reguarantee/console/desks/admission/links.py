"""A new private link for an applicant; the old one opens nothing from then on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from desks.pages import posted, today
from kernel.access.permissions import needs
from reguarantee.admission import services


@needs("admission.handle")
@posted
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """The link is on this one page and nowhere else."""
    case, token = services.renew_link(actor=request.user, today=today(), case_id=pk)
    link = request.build_absolute_uri(f"{reverse('apply:case')}?key={token}")
    context = {"title": _("New private link"), "case": case, "link": link}
    response = render(request, "console/institutions/admission/activated.html", context)
    response["Cache-Control"] = "no-store"
    return response
