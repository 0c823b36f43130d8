"""What institutions report about themselves, and the decision (PAR-24)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import acted, dialog, posted, sent, today
from kernel.access.permissions import may, needs
from kernel.money import yuan
from reguarantee.admission import queries, services
from reguarantee.console.desks.partners.forms import FileForm, ReasonForm
from reguarantee.console.desks.partners.tables import ChangeFilter, ChangeTable
from reguarantee.partners import queries as partners


@needs("admission.decide_change", "partners.edit")
def listing(request: HttpRequest) -> HttpResponse:
    rows = queries.changes()
    return list_page(request, title=_("Reported changes"), table=ChangeTable, rows=rows, filterset=ChangeFilter)


@needs("admission.decide_change", "partners.edit")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Each field: what the member says it was, what our file says, what it is to be."""
    change = queries.change(pk)
    partner = partners.find(change.member_code)
    context = {
        "title": _("Reported change"),
        "change": change,
        "partner": partner,
        "rows": [_row(field, moved, partner) for field, moved in change.changes.items()],
        "may_decide": may(request.user, "admission.decide_change") and change.state == "REPORTED",
    }
    return render(request, "console/institutions/partners/change.html", context)


def _row(field: str, moved: dict[str, Any], partner: Any) -> dict[str, Any]:
    known = FileForm.base_fields.get(field)
    ours = getattr(partner, field, "") if partner else ""
    before, after, ours = (_shown(field, one) for one in (moved.get("from"), moved.get("to"), ours))
    return {"label": known.label if known else field, "from": before, "to": after, "ours": ours, "differs": ours != before}


def _shown(field: str, value: Any) -> str:
    if value in (None, ""):
        return "-"
    if field.endswith("_fen") and str(value).lstrip("-").isdigit():
        return yuan(int(value))
    if isinstance(value, list):
        return "；".join(" ".join(map(str, row.values())) for row in value)
    return str(value)


@needs("admission.decide_change")
@posted
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    services.decide_change(actor=request.user, today=today(), change_id=pk, accept=True)
    return saved(request, reverse("console:partner_change", args=[pk]), _("Accepted; it stands in the file now."))


@needs("admission.decide_change")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    queries.change(pk)
    form = ReasonForm(sent(request))
    if acted(request, form, services.decide_change, change_id=pk, accept=False):
        return saved(request, reverse("console:partner_change", args=[pk]), _("Not accepted; the member hears why."))
    return dialog(request, form, title=_("Do not accept"), submit=_("Do not accept"))
