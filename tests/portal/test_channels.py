"""Channels and introducers in the portal: registers, what an application names, results that open what is behind them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tenants.applications.models import Application, Channel, Introducer
from tests.factories.houses import BOYU
from tests.factories.members import make_application, make_guarantee, make_received
from tests.factories.pages import statements
from tests.portal.conftest import SignIn
from tests.portal.test_writing import _application, make_customer


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("english", [False, True])
def test_the_registers_are_kept_by_pages(member: None, sign_in: SignIn, english: bool) -> None:
    """PAR-32, PAR-33: added and changed in a drawer; who may not has no button and no way."""
    head, manager = sign_in("head", english=english), sign_in("manager", english=english)
    way = {"name": "江城产业促进中心", "kind": "PROMOTER", "code": "promo", "bank_code": ""}
    assert head.get("/channels/new/").status_code == 200
    assert head.post("/channels/new/", {**way, "code": "OWN"}).status_code == 422
    assert head.post("/channels/new/", way).status_code == 302
    made = Channel.objects.get(code="PROMO")
    assert head.post(f"/channels/{made.pk}/edit/", {"name": "产业促进中心"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.is_active) == ("产业促进中心", False)
    who = {"name": "江城商会", "agreement_no": "XY-9", "contact": "李敏", "agreed_to": "2099-12-31", "is_active": "on"}
    assert head.get("/introducers/new/").status_code == 200
    assert head.post("/introducers/new/", who).status_code == 302
    known = Introducer.objects.get()
    assert head.get(f"/introducers/{known.pk}/edit/").status_code == 200
    assert head.post(f"/introducers/{known.pk}/edit/", {**who, "phone": "0551-1"}).status_code == 302
    assert "江城商会" in page(manager, "/introducers/")
    assert "/channels/new/" not in page(manager, "/channels/")
    assert ("Government platform" if english else "政府平台") in page(manager, "/channels/")
    for path in ("/channels/new/", f"/channels/{made.pk}/edit/", f"/introducers/{known.pk}/edit/"):
        assert manager.get(path).status_code == 403
    assert head.get("/channels/999999/edit/").status_code == 404


def test_an_application_names_them_by_its_form(member: None, sign_in: SignIn) -> None:
    """PAR-32, PAR-33: our own people's channel is offered first; both stand on the application's page."""
    who = Introducer.objects.create(name="江城商会", agreement_no="XY-9")
    closed = Introducer.objects.create(name="老商会", is_active=False)
    manager, online = sign_in("manager"), Channel.objects.get(code="ONLINE")
    form = page(manager, "/applications/new/")
    own = Channel.objects.get(code="OWN")
    assert re.search(rf'<option value="{own.pk}" selected', form)
    assert "老商会" not in form
    told = _application(make_customer(), channel_id=str(online.pk), introducer_id=str(who.pk))
    assert manager.post("/applications/new/", {**told, "introducer_id": str(closed.pk)}).status_code == 422
    assert manager.post("/applications/new/", told).status_code == 302
    made = Application.objects.get()
    assert (made.channel, made.introducer) == (online, who)
    shown = page(manager, f"/applications/{made.pk}/")
    assert "线上申请" in shown and "江城商会" in shown and "XY-9" in shown
    edited = page(manager, f"/applications/{made.pk}/edit/")
    assert re.search(rf'<option value="{online.pk}" selected', edited)


def test_whoever_takes_a_bank_s_application_up_says_who_introduced_it(member: None, sign_in: SignIn) -> None:
    who = Introducer.objects.create(name="江城商会")
    made = make_received()
    manager = sign_in("manager")
    assert "江城商会" in page(manager, f"/applications/{made.pk}/take-up/")
    assert manager.post(f"/applications/{made.pk}/take-up/", {"introducer_id": str(who.pk)}).status_code == 302
    made.refresh_from_db()
    assert (made.introducer, made.channel.kind) == (who, "BANK")


def _rows(html: str) -> int:
    return html.split("<tbody")[1].split("</tbody")[0].count("<tr")


def test_every_count_opens_as_many_rows(member: None, sign_in: SignIn) -> None:
    """PAR-32: the number on the page is the number of rows behind it, for a channel, an introducer and for nobody."""
    who = Introducer.objects.create(name="江城商会")
    way = Channel.objects.get(code="GOV")
    named: dict[str, Any] = {"channel_id": way.pk, "introducer_id": who.pk}
    make_application(**named)
    make_guarantee(state="IN_FORCE", **named)
    make_guarantee(state="COMPENSATED", **named)
    make_guarantee(state="IN_FORCE")
    outside = make_guarantee(state="IN_FORCE")
    type(outside).objects.filter(pk=outside.pk).update(application=None)
    client = sign_in("executive")
    seen = 0
    for path in ("/channels/", "/introducers/"):
        for where, count in re.findall(r'<a href="(/(?:applications|guarantees)/\?[^"]+)">(\d+)</a>', page(client, path)):
            html = page(client, where.replace("&amp;", "&"))
            assert (0 if "<tbody" not in html else _rows(html) if int(count) else 0) == int(count), where
            seen += 1
    assert seen >= 20


def test_results_cost_the_same_for_many(member: None, sign_in: SignIn) -> None:
    """PAR-32: constant statements."""
    client = sign_in("executive")
    make_guarantee(state="IN_FORCE")
    few = [statements(client, path) for path in ("/channels/?page=1", "/introducers/?page=1")]
    for number in range(5):
        way = Channel.objects.create(code=f"W{number}", name=f"渠道{number}", kind="OTHER")
        who = Introducer.objects.create(name=f"商会{number}")
        make_guarantee(state="IN_FORCE", channel_id=way.pk, introducer_id=who.pk)
    assert [statements(client, path) for path in ("/channels/?page=1", "/introducers/?page=1")] == few


def test_the_neighbour_sees_none_of_it(member: None, sign_in: SignIn) -> None:
    """PAR-32: each house has its own registers."""
    Channel.objects.create(code="SECRET", name="我们的秘密渠道", kind="OTHER")
    who = Introducer.objects.create(name="我们的秘密商会")
    other = sign_in("head", at=BOYU)
    assert "秘密" not in page(other, "/channels/") + page(other, "/introducers/") + page(other, "/applications/?q=")
    assert other.get(f"/introducers/{who.pk + 1000}/edit/").status_code == 404
