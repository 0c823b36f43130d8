"""The banks' door, every endpoint of it: a bank sees what it lends on, at the institutions and with the rights its key names."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from infra.doors import urls_api
from registry import services as registry
from registry.tenancy import inside
from tenants.applications.models import Application
from tests.factories import members
from tests.factories.houses import ANHE, BANK, BOYU, OTHER_BANK, house
from tests.journeys.isolation import World, body_of, patterns, rows_digest

pytestmark = pytest.mark.django_db

SCOPES = ["applications:write", "applications:read", "guarantees:read", "guarantees:write"]
NAME = "密行客户有限公司"
METHODS = ("get", "post", "put", "patch", "delete")


def bodies() -> dict[str, dict[str, Any]]:
    """A body that each POST would accept, by the last word of its path."""
    today = timezone.localdate().isoformat()
    firm = members.applicant()
    obligor = {"kind": firm.kind, "name": firm.name, "id_number": firm.id_number}
    return {
        "applications": {"bank_reference": uuid4().hex[:12], "product": "WORKING_CAPITAL", "amount_fen": 10_000_000,
                         "term_months": 12, "purpose": "x", "obligor": obligor},
        "drawdowns": {"iou_no": "J1", "on": today, "amount_fen": 100},
        "repayments": {"reference": "R1", "on": today, "principal_fen": 100},
    }  # fmt: skip


@pytest.fixture
def world() -> World:
    """An application and a guarantee in force of ANHE on which BANK lends."""
    with inside(house(ANHE)):
        today = timezone.localdate()
        customer = members.make_customer(name=NAME, today=today)
        guarantee = members.make_guarantee(state="IN_FORCE", customer=customer, today=today)
        application = guarantee.application
        Application.objects.filter(id=application.id).update(bank_reference="密-1")
    return World(
        {"code": ANHE, "application_id": application.id, "guarantee_id": guarantee.id},
        [NAME, guarantee.number, application.number, "密-1"],
    )


def calls(world: World, code: str) -> list[tuple[str, str]]:
    """(method, path) of everything behind the door; a parameter that nobody can fill is a KeyError."""
    found = []
    for route, _pattern in patterns(urls_api.__name__):
        if route.endswith("openapi.json"):
            continue
        path = "/" + route
        while "<" in path:
            before, _, rest = path.partition("<")
            parameter, _, after = rest.partition(">")
            name = parameter.split(":")[-1]
            path = f"{before}{code if name == 'code' else world.things[name]}{after}"
        found += [(method, path) for method in METHODS]
    assert len(found) >= 25
    return found


def ask(method: str, path: str, key: str | None) -> Any:
    client = Client(headers={"host": "api.localhost"}, raise_request_exception=False)
    headers = {"idempotency-key": uuid4().hex, **({"authorization": f"Bearer {key}"} if key else {})}
    body = bodies().get(path.rsplit("/", 1)[1], {})
    if method == "get":
        return client.get(path, headers=headers)
    return getattr(client, method)(path, json.dumps(body), content_type="application/json", headers=headers)


def key_of(bank: str = BANK, **more: Any) -> str:
    return registry.issue_key(bank=bank, scopes=more.pop("scopes", SCOPES), **more)[1]


def test_the_lending_bank_reads_and_writes_so_the_refusals_mean_something(world: World) -> None:
    key = key_of()
    told = {path.rsplit("/", 1)[1]: ask("get", path, key) for method, path in calls(world, ANHE) if method == "get"}
    assert {answer.status_code for answer in told.values()} == {200, 405}
    assert any(world.leaks(body_of(answer)) for answer in told.values())
    written = [
        ask(method, path, key).status_code for method, path in calls(world, ANHE) if method == "post" and not path[-1].isdigit()
    ]
    assert sorted(written) == [201, 201, 409]  # the loan is drawn in full already


@pytest.mark.parametrize("key", [None, "zd_live_aaaaaaaa_" + "b" * 40])
def test_without_a_key_no_endpoint_says_anything(world: World, key: str | None) -> None:
    before = rows_digest(ANHE)
    for method, path in calls(world, ANHE):
        answer = ask(method, path, key)
        assert answer.status_code in (401, 405), (method, path)
        assert not world.leaks(body_of(answer))
    assert rows_digest(ANHE) == before


@pytest.mark.parametrize(
    ("holder", "at", "allowed"),
    [(OTHER_BANK, ANHE, {404, 405}), (BANK, BOYU, {404, 405}), (BANK, "GROUP", {404, 405}), (BANK, "PUBLIC", {404, 405}),
     (BANK, "TEMPLATE", {404, 405}), (BANK, "m_anhe", {404, 405})],
)  # fmt: skip
def test_another_bank_and_another_institution_are_told_of_nothing(world: World, holder: str, at: str, allowed: set[int]) -> None:
    key, before = key_of(holder), rows_digest(ANHE)
    for method, path in calls(world, at):
        if method == "post" and path.endswith("/applications") and at in (ANHE, BOYU):
            continue  # any bank may apply at any member
        answer = ask(method, path, key)
        assert answer.status_code in allowed, (method, path, answer.status_code)
        assert not world.leaks(body_of(answer)), (method, path)
    assert rows_digest(ANHE) == before


def test_a_member_outside_the_key_s_list_is_as_if_it_were_not(world: World) -> None:
    key, before = key_of(institutions=[BOYU]), rows_digest(ANHE)
    for method, path in calls(world, ANHE):
        answer = ask(method, path, key)
        assert answer.status_code in (404, 405), (method, path)
        assert not world.leaks(body_of(answer))
    assert rows_digest(ANHE) == before


@pytest.mark.parametrize("scopes", [[], *([scope] for scope in SCOPES)])
def test_a_scope_opens_its_own_endpoints_only(world: World, scopes: list[str]) -> None:
    key = key_of(scopes=scopes)
    opened = set()
    for method, path in calls(world, ANHE):
        answer = ask(method, path, key)
        if answer.status_code in (403, 405):
            assert not world.leaks(body_of(answer))
        else:
            opened.add((method, path.rsplit("/", 1)[1] if not path[-1].isdigit() else path.rsplit("/", 2)[1]))
    assert opened == {
        "applications:write": {("post", "applications")},
        "applications:read": {("get", "applications")},
        "guarantees:read": {("get", "guarantees")},
        "guarantees:write": {("post", "drawdowns"), ("post", "repayments")},
    }.get("".join(scopes), set())


def test_the_same_bank_reference_is_another_case_at_another_bank(world: World) -> None:
    body = {**bodies()["applications"], "bank_reference": "密-1"}
    client = Client(headers={"host": "api.localhost"})
    answer = client.post(
        f"/v1/institutions/{ANHE}/applications", json.dumps(body), content_type="application/json",
        headers={"authorization": f"Bearer {key_of(OTHER_BANK)}", "idempotency-key": "same"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert answer.json()["id"] != world.things["application_id"]
