"""The audit trail of a house, in the words of its face."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.office.tables import TrailFilter, TrailTable
from desks.pages import Request, here, posted
from kernel.access.permissions import needs
from kernel.audit import queries

SEE = ("audit.view",)


@needs(*SEE)
def listing(request: Request) -> HttpResponse:
    return list_page(
        request, title=_("Audit trail"), table=TrailTable, rows=queries.everything(), filterset=TrailFilter,
        template="desks/office/trail.html", context={"face": request.resolver_match.namespace},
    )  # fmt: skip


@needs(*SEE)
@posted
def verify(request: Request) -> HttpResponse:
    """Walk the whole chain and say whether every line still stands."""
    verdict, page = queries.verify(), here(request, "audit")
    if verdict.broken_id is None:
        return saved(request, page, _("%(lines)s lines checked: the chain is whole.") % {"lines": verdict.lines})
    text = _("The chain is broken at line %(line)s. Tell the supervisor at once.") % {"line": verdict.broken_id}
    return saved(request, page, text, tone="error")
