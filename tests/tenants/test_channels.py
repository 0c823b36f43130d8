"""Where business comes from: the registers, what an application names, what each channel brought (PAR-32, PAR-33).

Then the portal's pages of it: every number opens what is behind it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kernel.access.models import User
from kernel.access.permissions import MissingPermission
from kernel.audit.models import Entry
from registry.tenancy import inside
from tenants.applications import queries, services
from tenants.applications.models import Application, Channel, Introducer
from tenants.applications.services import channels
from tenants.guarantees import queries as guarantees
from tests.factories.houses import ANHE, BOYU, house
from tests.factories.members import (
    BANK,
    BANK_NAME,
    LOAN_FEN,
    TODAY,
    make_application,
    make_customer,
    make_guarantee,
    make_received,
    people,
)
from tests.factories.pages import statements
from tests.factories.races import at_once
from tests.portal.conftest import SignIn
from tests.portal.test_writing import _application

Staff = dict[str, User]


def channel(staff: Staff, code: str = "FAIR", **more: Any) -> Channel:
    told = {"name": "银企对接会", "kind": "GOVERNMENT", **more}
    return services.add_channel(actor=staff["head"], today=TODAY, code=code, **told)


def introducer(staff: Staff, name: str = "江城中小企业促进会", **more: Any) -> Introducer:
    return services.add_introducer(actor=staff["head"], today=TODAY, name=name, **more)


def test_a_house_begins_with_the_usual_ways(staff: Staff) -> None:
    """PAR-32: own staff, government platform, online; furnished once."""
    before = list(Channel.objects.values_list("code", "kind"))
    assert set(before) >= {("OWN", "OWN_STAFF"), ("GOV", "GOVERNMENT"), ("ONLINE", "ONLINE")}
    channels.furnish()
    assert list(Channel.objects.values_list("code", "kind")) == before


def test_an_application_names_its_way_and_who_introduced_it(staff: Staff) -> None:
    """PAR-32, PAR-33: without a channel it is our own people's; both can be corrected while it is a draft."""
    ours = make_application()
    assert (ours.channel.code, ours.introducer) == ("OWN", None)
    way, who = channel(staff), introducer(staff, agreement_no="XY-7")
    made = make_application(channel_id=way.pk, introducer_id=who.pk)
    assert (made.channel, made.introducer) == (way, who)
    told: dict[str, Any] = {"actor": staff["manager"], "today": TODAY, "application_id": made.pk}
    services.revise(**told, channel_id=ours.channel_id, introducer_id=None)
    made.refresh_from_db()
    assert (made.channel.code, made.introducer) == ("OWN", None)


def test_a_bank_s_application_has_the_bank_s_channel_by_itself(staff: Staff) -> None:
    """PAR-32: registered with the bank's first application, the same for its next; sent again it changes nothing."""
    first, second = make_received(), make_received()
    assert first.channel == second.channel
    assert (first.channel.kind, first.channel.bank_code, first.channel.name) == ("BANK", BANK, BANK_NAME)
    taken = services.take_up(actor=staff["manager"], today=TODAY, application_id=first.pk, introducer_id=introducer(staff).pk)
    assert (taken.channel, taken.introducer.name) == (first.channel, "江城中小企业促进会")


def test_what_is_closed_takes_nothing_new(staff: Staff) -> None:
    """PAR-32, PAR-33: closed or past its agreement; what names it already keeps it; the bank's still counts for the bank."""
    way, who = channel(staff), introducer(staff, agreed_to=TODAY)
    made = make_application(channel_id=way.pk, introducer_id=who.pk)
    services.change_channel(actor=staff["head"], today=TODAY, channel_id=way.pk, is_active=False)
    with pytest.raises(channels.ChannelClosed):
        make_application(channel_id=way.pk)
    with pytest.raises(channels.IntroducerClosed):
        make_application(introducer_id=who.pk, today=TODAY + timedelta(days=1))
    told: dict[str, Any] = {"actor": staff["manager"], "application_id": made.pk, "today": TODAY + timedelta(days=1)}
    services.revise(**told, channel_id=way.pk, introducer_id=who.pk, purpose="购置设备")
    bank = make_received().channel
    services.change_channel(actor=staff["head"], today=TODAY, channel_id=bank.pk, is_active=False)
    assert make_received().channel == bank
    assert bank.pk not in [row.pk for row in queries.to_name(TODAY)[0]]
    for wrong, error in (
        ({"channel_id": 999_999}, channels.NoSuchChannel),
        ({"introducer_id": 999_999}, channels.NoSuchIntroducer),
    ):
        with pytest.raises(error):
            make_application(**wrong)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"code": "OWN"}, channels.ChannelTaken),
        ({"kind": "BANK", "bank_code": BANK}, channels.ChannelTaken),
        ({"kind": "BANK"}, channels.ChannelUnclear),
        ({"bank_code": "HX2"}, channels.ChannelUnclear),
        ({"code": "BANK-HX2"}, channels.ChannelUnclear),
        ({"name": " "}, channels.ChannelUnclear),
        ({"code": " "}, channels.ChannelUnclear),
        ({"kind": "ROAD"}, channels.ChannelUnclear),
    ],
)
def test_a_register_has_no_doubles(staff: Staff, told: dict[str, str], error: type[Exception]) -> None:
    """PAR-32: one code, one bank once; what is unclear is refused before the database does."""
    make_received()
    with pytest.raises(error):
        channel(staff, **told)


def test_the_registers_leave_traces_and_are_kept_by_few(staff: Staff) -> None:
    who = introducer(staff)
    with pytest.raises(channels.IntroducerTaken):
        introducer(staff)
    with pytest.raises(channels.IntroducerUnnamed):
        services.change_introducer(actor=staff["head"], today=TODAY, introducer_id=who.pk, name=" ")
    services.change_introducer(actor=staff["executive"], today=TODAY, introducer_id=who.pk, contact="李敏")
    with pytest.raises(MissingPermission):
        services.add_channel(actor=staff["manager"], today=TODAY, code="X", name="X", kind="OTHER")
    acts = Entry.objects.filter(subject=who.subject).order_by("id").values_list("act", flat=True)
    assert list(acts) == ["applications.add_introducer", "applications.change_introducer"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.filter(code="OWN").update(bank_code="HX9")


def by_name(rows: list[guarantees.Brought]) -> dict[str, guarantees.Brought]:
    return {row.name: row for row in rows}


def test_what_each_channel_brought(staff: Staff, django_assert_num_queries: Any) -> None:
    """PAR-32: from application to compensation; the rows add up to the book; three statements whatever there is."""
    way, who = channel(staff), introducer(staff)
    named: dict[str, Any] = {"channel_id": way.pk, "introducer_id": who.pk}
    make_application(**named)
    held = make_guarantee(state="IN_FORCE", **named)
    lost = make_guarantee(state="COMPENSATED", **named)
    make_guarantee(state="IN_FORCE")
    make_received()
    with django_assert_num_queries(3):
        rows = guarantees.brought(staff["executive"])
    found = by_name(rows)
    mine = found[way.name]
    assert (mine.applications, mine.asked_fen) == (3, 3 * LOAN_FEN)
    assert (mine.approved, mine.approved_fen) == (2, 2 * LOAN_FEN)
    assert (mine.in_force, mine.balance_fen) == (1, held.balance_fen)
    assert (mine.compensated, mine.compensated_fen) == (1, lost.compensation_fen)
    assert mine.compensated_fen > 0
    assert (found["自有业务人员"].applications, found[BANK_NAME].applications) == (1, 1)
    assert found["线上申请"].applications == 0
    assert sum(row.applications for row in rows) == Application.objects.count()
    brought = by_name(guarantees.brought(staff["executive"], "introducer"))
    assert (brought[who.name].applications, brought[""].applications) == (3, 2)


def test_guarantees_from_outside_stand_under_nobody(staff: Staff) -> None:
    """PAR-32: rows without an application, so that the balance adds up; an extension stays with what it extends."""
    way = channel(staff)
    held = make_guarantee(state="IN_FORCE", channel_id=way.pk)
    other = make_guarantee(state="IN_FORCE")
    type(other).objects.filter(pk=other.pk).update(application=None)
    found = by_name(guarantees.brought(staff["executive"]))
    assert (found[""].in_force, found[way.name].in_force) == (1, 1)
    type(other).objects.filter(pk=other.pk).update(extends=held)
    found = by_name(guarantees.brought(staff["executive"]))
    assert "" not in found
    assert found[way.name].in_force == 2
    assert set(guarantees.by_it(guarantees.book(staff["executive"]), "channel", str(way.pk))) == {held, other}
    assert not guarantees.by_it(guarantees.book(staff["executive"]), "channel", "null").exists()


def test_one_sees_the_results_of_what_one_sees(staff: Staff) -> None:
    """PAR-32: a manager's own; the neighbour's house has its own registers and none of these rows."""
    way = channel(staff)
    make_application(channel_id=way.pk)
    assert by_name(guarantees.brought(staff["manager"]))[way.name].applications == 1
    assert by_name(guarantees.brought(staff["manager2"]))[way.name].applications == 0
    with inside(house(BOYU)):
        assert way.name not in by_name(guarantees.brought(people()["executive"]))


def test_two_first_applications_of_a_bank_at_once(fresh_database: None) -> None:
    """PAR-32: one channel, however many letters of the bank come at one moment."""
    first, second = at_once(ANHE, make_received, make_received)
    assert first.channel_id == second.channel_id
    with inside(house(ANHE)):
        assert Channel.objects.filter(kind="BANK").count() == 1


# --- Pages ----------------------------------------------------------------------------------------------
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
