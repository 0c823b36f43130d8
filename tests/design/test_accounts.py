"""Log-in and the account's own pages wear the same look, in a real house."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.tenancy import inside
from tests.factories.houses import ANHE, PASSWORD, house, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    with inside(house(ANHE)):
        email = staff(ANHE)["manager"].email
    client = Client(HTTP_HOST="anhe.localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_the_log_in_names_the_house_and_says_what_is_wrong() -> None:
    client = Client(HTTP_HOST="anhe.localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")
    page = client.get("/accounts/login/").content.decode()
    assert 'class="bare"' in page and "安和融资担保有限公司" in page
    page = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"}).content.decode()
    assert 'class="alert-box tone-red" role="alert"' in page


@pytest.mark.parametrize(
    "path", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/reauthenticate/"]
)
def test_account_pages_stand_in_the_look(manager: Client, path: str) -> None:
    page = manager.get(path).content.decode()
    assert 'href="/static/dist/style-' in page and 'class="btn' in page
    assert "style=" not in page


def test_unit_and_language_stay_with_the_person(manager: Client) -> None:
    manager.post("/look/unit/", {"unit": "YUAN"})
    manager.post("/look/language/", {"language": "en"})
    with inside(house(ANHE)):
        person = staff(ANHE)["manager"]
        assert (person.money_unit, person.language) == ("YUAN", "en")
    manager.cookies.pop("unit")
    manager.cookies.pop("django_language")
    page = manager.get("/accounts/2fa/").content.decode()
    assert 'value="YUAN" aria-pressed="true"' in page and '<html lang="en">' in page
