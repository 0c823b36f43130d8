"""People and the trail. Three administrators check each other: one adds people, one gives roles, one reads (domain.md 9.1)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from kernel.access import queries, services
from kernel.access.permissions import may, needs
from kernel.audit import queries as trail
from kernel.errors import NotFound
from member_portal.forms.house import NewPersonForm, RolesForm
from member_portal.pages import Request, dialog
from member_portal.tables.house import PersonFilter, PersonTable, ReadOnlyPersonTable, TrailFilter, TrailTable


@needs("access.view_users", "access.manage_users", "access.grant_roles")
def listing(request: Request) -> HttpResponse:
    acting = may(request.user, "access.grant_roles") or may(request.user, "access.manage_users")
    table = PersonTable if acting else ReadOnlyPersonTable
    return list_page(
        request, title=_("People"), table=table, rows=queries.users(), filterset=PersonFilter, template="portal/people/list.html",
        context={"may_add": may(request.user, "access.manage_users")},
    )  # fmt: skip


@needs("access.manage_users")
def new(request: Request) -> HttpResponse:
    """Add a person without any role: those are the security administrator's to give."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.add_user(actor=request.user, **form.cleaned_data)
        if form.is_valid():
            return saved(request, "portal:people", _("Added. The security administrator gives the roles."))
    return dialog(request, form, title=_("Add a person"), submit=_("Add"))


@needs("access.grant_roles")
def roles(request: Request, pk: int) -> HttpResponse:
    person = queries.users().filter(pk=pk).first()
    if person is None:
        raise NotFound
    form = RolesForm(request.POST or None, initial={"roles": [role.code for role in person.roles.all()]})
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.give_roles(actor=request.user, user_id=pk, roles=form.cleaned_data["roles"])
        if form.is_valid():
            return saved(request, "portal:people", _("Roles given."))
    return dialog(request, form, title=_("Roles of %(name)s") % {"name": person.name}, submit=_("Give these roles"))


@needs("access.manage_users")
def suspend(request: Request, pk: int) -> HttpResponse:
    """Close or open somebody's log-in; the next request of an open session is refused."""
    if request.method != "POST":
        return HttpResponse(status=405)
    if not queries.users().filter(pk=pk).exists():
        raise NotFound
    active = request.POST.get("active") == "1"
    services.suspend(actor=request.user, user_id=pk, active=active)
    return saved(request, "portal:people", _("The log-in is open again.") if active else _("Suspended. Open sessions end now."))


@needs("audit.view")
def audit(request: Request) -> HttpResponse:
    return list_page(
        request,
        title=_("Audit trail"),
        table=TrailTable,
        rows=trail.everything(),
        filterset=TrailFilter,
        template="portal/people/audit.html",
    )


@needs("audit.view")
def verify(request: Request) -> HttpResponse:
    """Walk the whole chain and say whether every line still stands."""
    if request.method != "POST":
        return HttpResponse(status=405)
    verdict = trail.verify()
    if verdict.broken_id is None:
        return saved(request, "portal:audit", _("%(lines)s lines checked: the chain is whole.") % {"lines": verdict.lines})
    text = _("The chain is broken at line %(line)s. Tell the supervisor at once.") % {"line": verdict.broken_id}
    return saved(request, "portal:audit", text, tone="error")
