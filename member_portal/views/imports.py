"""Imports: upload, look at what would happen, confirm; what was refused can be downloaded, mended and sent again."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.words import actor_label
from kernel.access.permissions import may, needs
from kernel.intake import queries, services
from member_portal.forms.house import ImportForm
from member_portal.pages import Request, acted, form_page, posted, sent, today
from member_portal.tables.house import ImportTable, RejectTable


@needs("intake.view", "intake.import")
def listing(request: Request) -> HttpResponse:
    actions = []
    if may(request.user, "intake.import"):
        actions = [{"label": _("Import a file"), "url": reverse("portal:import_new"), "icon": "upload", "primary": True}]
    return list_page(request, title=_("Import"), table=ImportTable, rows=queries.batches(), actions=actions)


@needs("intake.import")
def new(request: Request) -> HttpResponse:
    """Upload and dry run: every row is checked, nothing is written into the books."""
    form = ImportForm(sent(request), request.FILES or None, initial={"as_of": today()})
    if acted(request, form, services.start):
        return saved(request, reverse("portal:import", args=[form.made.pk]))
    return form_page(request, "portal/imports/form.html", form, title=_("Import a file"))


@needs("intake.view", "intake.import")
def detail(request: Request, pk: int) -> HttpResponse:
    batch = queries.one(pk)
    context = {
        "batch": batch,
        "by": actor_label(batch.by),
        "may_import": may(request.user, "intake.import"),
        "may_undo": may(request.user, "intake.undo"),
        "steps": _steps(batch.state),
    }
    return list_page(
        request,
        title=batch.file_name,
        table=RejectTable,
        rows=queries.rejects(pk),
        template="portal/imports/detail.html",
        context=context,
    )


def _steps(state: str) -> list[dict[str, str]]:
    over = state in ("DONE", "UNDONE")
    return [
        {"label": _("Uploaded"), "state": "done"},
        {"label": _("Every row checked"), "state": "done"},
        {"label": _("Confirmed"), "state": "done" if over else "failed" if state == "CANCELLED" else "now"},
        {"label": _("In the books"), "state": "done" if state == "DONE" else "failed" if state == "UNDONE" else "todo"},
    ]


@needs("intake.import")
@posted
def confirm(request: Request, pk: int) -> HttpResponse:
    batch = services.confirm(actor=request.user, today=today(), batch_id=pk)
    return saved(request, reverse("portal:import", args=[pk]), _("%(count)s rows are in the books.") % {"count": batch.accepted})


@needs("intake.import")
@posted
def cancel(request: Request, pk: int) -> HttpResponse:
    services.cancel(actor=request.user, today=today(), batch_id=pk)
    return saved(request, "portal:imports", _("Cancelled. Nothing was written."))


@needs("intake.undo")
@posted
def undo(request: Request, pk: int) -> HttpResponse:
    services.undo(actor=request.user, today=today(), batch_id=pk)
    return saved(request, reverse("portal:import", args=[pk]), _("Undone: its rows are gone."))


@needs("intake.view", "intake.import")
def rejects(request: Request, pk: int) -> HttpResponseBase:
    """The refused rows with their reasons, as a file to mend."""
    batch = queries.one(pk)
    name = f"{batch.file_name.rsplit('.', 1)[0]}-{_('rejected')}.csv"
    return FileResponse(
        services.rejects_file(batch_id=pk), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )
