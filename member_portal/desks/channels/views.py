"""Channels and introducers: what each brought, and the registers themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from design.answers import saved
from design.lists import list_page
from desks.pages import Request, acted, dialog, sent
from kernel.access.permissions import may, needs
from member_portal.desks.channels.forms import ChannelChangeForm, ChannelForm, IntroducerForm
from member_portal.desks.channels.tables import ChannelTable, IntroducerTable
from tenants.applications import queries, services
from tenants.guarantees import queries as guarantees

_KEEP = "applications.channels"
_INTRODUCER = ("name", "uscc", "agreement_no", "agreed_to", "contact", "phone", "is_active")


def _page(request: Request, by: str, table: type[ChannelTable], title: str, new: str, label: str) -> HttpResponse:
    keeps = may(request.user, _KEEP)
    rows = table(guarantees.brought(request.user, by), exclude=() if keeps else ("acts",))
    context = {"add": {"label": label, "url": reverse(new)} if keeps else None}
    return list_page(request, title=title, table=rows, template="portal/channels/list.html", context=context)


@needs("applications.view")
def channels(request: Request) -> HttpResponse:
    return _page(request, "channel", ChannelTable, _("Channels"), "portal:channel_new", _("New channel"))


@needs("applications.view")
def introducers(request: Request) -> HttpResponse:
    return _page(request, "introducer", IntroducerTable, _("Introducers"), "portal:introducer_new", _("New introducer"))


def _asked(request: Request, form: Any, verb: Any, back: str, title: str, **more: Any) -> HttpResponse:
    if acted(request, form, verb, **more):
        return saved(request, back, _("Saved."))
    return dialog(request, form, title=title, submit=_("Save"))


@needs(_KEEP)
def new_channel(request: Request) -> HttpResponse:
    return _asked(request, ChannelForm(sent(request)), services.add_channel, "portal:channels", _("New channel"))


@needs(_KEEP)
def edit_channel(request: Request, pk: int) -> HttpResponse:
    known = queries.channel(pk)
    form = ChannelChangeForm(sent(request), initial={"name": known.name, "is_active": known.is_active})
    return _asked(request, form, services.change_channel, "portal:channels", known.name, channel_id=pk)


@needs(_KEEP)
def new_introducer(request: Request) -> HttpResponse:
    return _asked(request, IntroducerForm(sent(request)), services.add_introducer, "portal:introducers", _("New introducer"))


@needs(_KEEP)
def edit_introducer(request: Request, pk: int) -> HttpResponse:
    known = queries.introducer(pk)
    form = IntroducerForm(sent(request), initial={name: getattr(known, name) for name in _INTRODUCER})
    return _asked(request, form, services.change_introducer, "portal:introducers", known.name, introducer_id=pk)
