"""People and the trail. Three administrators check each other: one adds people, one gives roles, one reads (domain.md 9.1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from kernel.access import queries, services
from kernel.access.permissions import may, needs
from kernel.audit import queries as trail
from kernel.errors import NotFound
from reguarantee.console.forms import NewPersonForm, RolesForm
from reguarantee.console.pages import dialog, posted, sent
from reguarantee.console.tables.house import PersonFilter, PersonTable, ReadOnlyPersonTable, TrailFilter, TrailTable


@needs("access.view_users", "access.manage_users", "access.grant_roles")
def listing(request: HttpRequest) -> HttpResponse:
    table = PersonTable if may(request.user, "access.grant_roles") else ReadOnlyPersonTable
    return list_page(
        request, title=_("People"), table=table, rows=queries.users(), filterset=PersonFilter,
        template="console/people/list.html", context={"may_add": may(request.user, "access.manage_users")},
    )  # fmt: skip


@needs("access.manage_users")
def new(request: HttpRequest) -> HttpResponse:
    """Add a person without any role: those are the security administrator's to give."""
    form = NewPersonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.add_user(actor=request.user, **form.cleaned_data)
        if form.is_valid():
            return saved(request, "console:people", _("Added. The security administrator gives the roles."))
    return dialog(request, form, title=_("Add a person"), submit=_("Add"))


@needs("access.grant_roles")
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    person = queries.users().filter(pk=pk).first()
    if person is None:
        raise NotFound
    form = RolesForm(sent(request), initial={"roles": [role.code for role in person.roles.all()]})
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.give_roles(actor=request.user, user_id=pk, roles=form.cleaned_data["roles"])
        if form.is_valid():
            return saved(request, "console:people", _("Roles given."))
    return dialog(request, form, title=_("Roles of %(name)s") % {"name": person.name}, submit=_("Give these roles"))


@needs("audit.view")
def audit(request: HttpRequest) -> HttpResponse:
    return list_page(
        request, title=_("Audit trail"), table=TrailTable, rows=trail.everything(), filterset=TrailFilter,
        template="console/people/audit.html",
    )  # fmt: skip


@needs("audit.view")
@posted
def verify(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain and say whether every line still stands."""
    verdict = trail.verify()
    if verdict.broken_id is None:
        return saved(request, "console:audit", _("%(lines)s lines checked: the chain is whole.") % {"lines": verdict.lines})
    text = _("The chain is broken at line %(line)s. Tell the supervisor at once.") % {"line": verdict.broken_id}
    return saved(request, "console:audit", text, tone="error")
