"""The portal as people use it: signed in at a member's host, with the neighbour next door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU, house, staff

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SignIn = Callable[..., Client]


class Visitor(Client):
    """A browser; after each visit the test stands in the house again in which it stood before."""

    def request(self, **request: Any) -> Any:
        here = connection.tenant if connection.schema_name else None
        try:
            return super().request(**request)
        finally:
            if here is not None:
                connection.enter(here)


@pytest.fixture
def member(db: None) -> Iterator[None]:
    """Business is made inside this house."""
    with inside(house(ANHE)):
        yield


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """`sign_in("manager")` → a browser of that person at ANHE; `at=BOYU` for the neighbour, `english=True` for English."""

    def enter(seat: str, *, at: str = ANHE, english: bool = False) -> Client:
        client = Visitor(HTTP_HOST=f"{at.lower()}.localhost", HTTP_ACCEPT_LANGUAGE="zh-CN")
        with inside(house(at)):
            person = staff(at)[seat]
            if english:
                person.language = "en"
                person.save(update_fields=["language"])
            client.force_login(person, backend=_BACKEND)
        return client

    return enter


@pytest.fixture
def neighbour(sign_in: SignIn) -> Client:
    """Somebody with every business right, but at the other member."""
    return sign_in("operations", at=BOYU)
