"""A page asks the database as often for many rows as for few."""

from __future__ import annotations

from django.test import Client

from tests.console.conftest import SignIn, file, file_large, fill
from tests.factories.pages import statements

PATHS = ("/", "/guarantees/", "/by/bank/?q=", "/members/?q=", "/members/ANHE/", "/filings/?q=", "/treaties/?q=", "/search?q=DB")
_MOST = 30


def _counts(client: Client) -> dict[str, int]:
    return {path: statements(client, path) for path in PATHS}


def test_query_counts_do_not_grow_with_rows(treaty: str, sign_in: SignIn) -> None:
    client = sign_in("filing")
    fill(4)
    file()
    few = _counts(client)
    fill(30)
    for n in range(15):
        file_large(guarantee_id=100 + n, number=f"DB-{n}", obligor_key=f"k{n}")
    many = _counts(client)
    assert {path: (few[path], many[path]) for path in PATHS if many[path] > few[path]} == {}
    assert {path: count for path, count in many.items() if count > _MOST} == {}
