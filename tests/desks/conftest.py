"""Pages that portal and console share, as people of either house use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU, GROUP, house, staff
from tests.portal.conftest import _BACKEND, Visitor

SignIn = Callable[..., Client]
HOSTS = {ANHE: "anhe.localhost", BOYU: "boyu.localhost", GROUP: "group.localhost"}


@pytest.fixture
def visit(db: None) -> SignIn:
    """`visit(GROUP, "chair")` → a browser of that person at that house; `english=True` for English."""

    def enter(code: str, seat: str, *, english: bool = False) -> Client:
        client = Visitor(HTTP_HOST=HOSTS[code], HTTP_ACCEPT_LANGUAGE="zh-CN")
        with inside(house(code)):
            user = staff(code)[seat]
            user.language = "en" if english else "zh-hans"
            user.save(update_fields=["language"])
            client.force_login(user, backend=_BACKEND)
        return client

    return enter
