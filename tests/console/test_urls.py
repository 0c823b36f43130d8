"""Every page declares whom it is for; strangers, members and people without the right are refused (design.md 1.2, law 6)."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.access.permissions import catalogue
from registry.tenancy import inside
from reguarantee.console.urls import urlpatterns
from tests.console.conftest import SignIn
from tests.factories.houses import ANHE, GROUP, house, staff
from tests.factories.pages import addresses

_PARTS = {
    "<slug:name>": "months",
    "<slug:by>": "bank",
    "<slug:member>": "NOBODY",
    "<slug:code>": "NOBODY",
    "<slug:event>": "accept",
    "<slug:kind>": "MEMBER",
}
PATHS = addresses(urlpatterns, _PARTS)


def test_every_view_declares_codes_that_a_room_lists() -> None:
    known = set(catalogue())
    for name, _path, access in PATHS:
        assert access == "SIGNED_IN" or set(access) <= known, name


@pytest.mark.parametrize(("name", "path", "access"), PATHS, ids=[name for name, _p, _a in PATHS])
def test_strangers_are_sent_to_the_log_in(db: None, name: str, path: str, access: object) -> None:
    answer = Client(HTTP_HOST="group.localhost").get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_members_session_opens_nothing_at_the_group(db: None) -> None:
    client = Client(HTTP_HOST="anhe.localhost")
    with inside(house(ANHE)):
        client.force_login(staff(ANHE)["executive"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/").status_code == 200
    for _name, path, _access in PATHS:
        answer = client.get(path, HTTP_HOST="group.localhost")
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path


@pytest.mark.slow
@pytest.mark.parametrize("seat", ["auditor", "sysadmin", "security", "filing", "executive"])
def test_without_the_permission_a_page_is_refused(sign_in: SignIn, seat: str) -> None:
    with inside(house(GROUP)):
        held = staff(GROUP)[seat].permission_codes
    client = sign_in(seat)
    for _name, path, access in PATHS:
        if access == "SIGNED_IN":
            continue
        answer = client.get(path)
        if held & set(access):
            assert answer.status_code in (200, 404, 405), path
        else:
            assert answer.status_code == 403, path
            assert client.post(path).status_code == 403, path


@pytest.mark.slow
def test_what_is_not_there_is_a_404_and_never_a_500(sign_in: SignIn) -> None:
    for seat in ("filing", "treaty", "executive", "security"):
        client = sign_in(seat)
        for _name, path, _access in PATHS:
            if "999999" in path or "NOBODY" in path:
                assert client.get(path).status_code in (403, 404, 405), (seat, path)


def test_verbs_are_pressed_never_opened(sign_in: SignIn) -> None:
    assert sign_in("treaty").get("/agreements/P4222/submit/1/").status_code == 405
    assert sign_in("executive").get("/members/ANHE/resync/").status_code == 405
    assert sign_in("auditor").get("/audit/verify/").status_code == 405


@pytest.mark.parametrize(("seat", "where"), [("auditor", "/audit/"), ("sysadmin", "/people/"), ("security", "/people/")])
def test_an_administrator_starts_where_his_work_is(sign_in: SignIn, seat: str, where: str) -> None:
    answer = sign_in(seat).get("/")
    assert (answer.status_code, answer["Location"]) == (302, where)
