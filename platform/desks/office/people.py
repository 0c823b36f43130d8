"""People of a house. Three administrators check each other: one adds people, one gives roles, one reads (domain.md 9.1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.office.forms import NewPersonForm, RolesForm
from desks.office.tables import PersonFilter, PersonTable, ReadOnlyPersonTable
from desks.pages import Request, dialog, here, posted, sent
from kernel.access import queries, services
from kernel.access.permissions import may, needs
from kernel.errors import NotFound

SEE = ("access.view_users", "access.manage_users", "access.grant_roles")


@needs(*SEE)
def listing(request: Request) -> HttpResponse:
    may_add = may(request.user, "access.manage_users")
    acting = may_add or may(request.user, "access.grant_roles")
    return list_page(
        request, title=_("People"), table=PersonTable if acting else ReadOnlyPersonTable, rows=queries.users(),
        filterset=PersonFilter, template="desks/office/people.html",
        context={"face": request.resolver_match.namespace, "may_add": may_add},
    )  # fmt: skip


@needs("access.manage_users")
def new(request: Request) -> HttpResponse:
    """Add a person without any role: those are the security administrator's to give."""
    form = NewPersonForm(sent(request))
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.add_user(actor=request.user, **form.cleaned_data)
        if form.is_valid():
            return saved(request, here(request, "people"), _("Added. The security administrator gives the roles."))
    return dialog(request, form, title=_("Add a person"), submit=_("Add"))


@needs("access.grant_roles")
def roles(request: Request, pk: int) -> HttpResponse:
    person = _person(pk)
    form = RolesForm(sent(request), initial={"roles": [role.code for role in person.roles.all()]})
    if request.method == "POST" and form.is_valid():
        with form.catching():
            services.give_roles(actor=request.user, user_id=pk, roles=form.cleaned_data["roles"])
        if form.is_valid():
            return saved(request, here(request, "people"), _("Roles given."))
    return dialog(request, form, title=_("Roles of %(name)s") % {"name": person.name}, submit=_("Give these roles"))


@needs("access.manage_users")
@posted
def suspend(request: Request, pk: int) -> HttpResponse:
    """Close or open somebody's log-in; the next request of an open session is refused."""
    _person(pk)
    active = request.POST.get("active") == "1"
    services.suspend(actor=request.user, user_id=pk, active=active)
    said = _("The log-in is open again.") if active else _("Suspended. Open sessions end now.")
    return saved(request, here(request, "people"), said)


def _person(pk: int) -> Any:
    """Raises NotFound."""
    person = queries.users().filter(pk=pk).first()
    if person is None:
        raise NotFound
    return person
