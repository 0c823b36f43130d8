"""Every page declares whom it is for; strangers and people without the right are refused (design.md 1.2, law 6)."""

from __future__ import annotations

import pytest
from django.test import Client

from kernel.access.permissions import catalogue
from member_portal.urls import urlpatterns
from tests.factories.houses import ANHE, BOYU, PASSWORD
from tests.factories.pages import addresses
from tests.portal.conftest import SignIn

_PARTS = {"<slug:name>": "months"}
PATHS = addresses(urlpatterns, _PARTS)


def test_every_view_declares_codes_that_a_room_lists() -> None:
    known = set(catalogue())
    for name, _path, access in PATHS:
        assert access == "SIGNED_IN" or set(access) <= known, name


@pytest.mark.parametrize(("name", "path", "access"), PATHS, ids=[name for name, _p, _a in PATHS])
def test_strangers_are_sent_to_the_log_in(db: None, name: str, path: str, access: object) -> None:
    answer = Client(HTTP_HOST="anhe.localhost").get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_session_of_one_member_opens_nothing_at_the_other(db: None, sign_in: SignIn) -> None:
    client = sign_in("operations")
    for _name, path, _access in PATHS:
        answer = client.get(path, HTTP_HOST="boyu.localhost")
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path


def test_the_same_password_is_another_person_next_door(db: None) -> None:
    client = Client(HTTP_HOST=f"{BOYU.lower()}.localhost")
    client.post("/accounts/login/", {"login": f"manager@{ANHE.lower()}.example", "password": PASSWORD})
    assert client.get("/notices/").status_code == 302


def test_without_the_permission_a_page_is_refused(sign_in: SignIn) -> None:
    """The auditor reads the trail and nothing else; each business page answers 403."""
    client = sign_in("auditor")
    held = {"audit.view"}
    for _name, path, access in PATHS:
        if access != "SIGNED_IN" and not held & set(access):
            assert client.get(path).status_code == 403, path


@pytest.mark.slow
def test_what_is_not_there_is_a_404_and_never_a_500(sign_in: SignIn) -> None:
    for seat in ("manager", "operations", "head", "executive", "security"):
        client = sign_in(seat)
        for _name, path, _access in PATHS:
            if "999999" in path or "NOBODY" in path:
                assert client.get(path).status_code in (403, 404, 405), (seat, path)


def test_acts_refuse_get(sign_in: SignIn) -> None:
    client = sign_in("operations")
    for path in (
        "/applications/1/issue/",
        "/guarantees/1/complete/",
        "/guarantees/1/cure/",
        "/imports/1/confirm/",
        "/notices/read/",
    ):
        assert client.get(path).status_code == 405, path


def test_forms_need_the_csrf_token(sign_in: SignIn) -> None:
    seated = sign_in("manager")
    client = Client(HTTP_HOST="anhe.localhost", enforce_csrf_checks=True)
    client.cookies = seated.cookies
    assert client.post("/customers/new/", {"kind": "COMPANY"}).status_code == 403
