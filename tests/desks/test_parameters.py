"""Parameters are read and set by two people, in both faces; a house has its own (domain.md 13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from desks.parameters import house as desk
from kernel.parameters.models import Value
from kernel.parameters.queries import value
from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU, GROUP, house

PATH = "/parameters/proc.committee.resubmissions/"


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize(("code", "seat"), [(ANHE, "risk"), (GROUP, "risk")])
def test_the_list_and_each_page_in_both_faces(visit, code, seat, english):
    client = visit(code, seat, english=english)
    page = client.get("/parameters/", {"q": ""}).content.decode()
    assert "proc.committee.from_fen" in page and ("Value in force" if english else "现行值") in page
    kind = "member" if code == ANHE else "group"
    assert "proc.committee.from_fen" not in client.get("/parameters/", {"q": "resubmissions"}).content.decode().split("<tbody")[1]
    for key in desk.known(kind):
        assert client.get(f"/parameters/{key}/").status_code == 200, key
        assert client.get(f"/parameters/{key}/propose/").status_code == 200, key


def test_a_house_has_its_own_parameters(visit):
    group, member = desk.known("group"), desk.known("member")
    assert {key for key in group if key.startswith("rg.")} - set(member)
    foreign = next(iter(set(group) - set(member)))
    assert visit(ANHE, "risk").get(f"/parameters/{foreign}/").status_code == 404
    assert visit(ANHE, "manager").get("/parameters/").status_code == 403


def test_two_people_set_a_value_from_a_day_on(visit):
    today = timezone.localdate()
    proposer, approver = visit(ANHE, "risk"), visit(ANHE, "executive")
    later = today + timedelta(days=5)
    told = {"value": "3", "effective_from": later.isoformat(), "legal_basis": "董事会决议 8 号"}
    assert proposer.post(f"{PATH}propose/", {**told, "value": "viel"}).status_code == 422
    assert proposer.post(f"{PATH}propose/", told).status_code == 302
    with inside(house(ANHE)):
        row = Value.objects.get()
    decide = f"{PATH}values/{row.pk}/"
    assert proposer.post(decide, {"approve": "1"}).status_code == 403
    assert "董事会决议 8 号" in approver.get(PATH).content.decode()
    assert approver.post(decide, {"approve": "1"}).status_code == 302
    with inside(house(ANHE)):
        assert value("proc.committee.resubmissions", on=today) == 2
        assert value("proc.committee.resubmissions", on=later) == 3
    with inside(house(BOYU)):
        assert value("proc.committee.resubmissions", on=later) == 2
    approver.post(decide, {"approve": "0"})
    with inside(house(ANHE)):
        assert Value.objects.get().state == "APPROVED"


def test_values_are_shown_as_people_read_them(visit):
    page = visit(ANHE, "risk").get("/parameters/proc.committee.from_fen/").content.decode()
    assert "10,000,000.00" in page
