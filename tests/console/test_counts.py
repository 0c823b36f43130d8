"""A page asks the database as often for many rows as for few."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.console.conftest import SignIn, file, file_large, fill

PATHS = ("/", "/guarantees/", "/by/bank/?q=", "/members/?q=", "/members/ANHE/", "/filings/?q=", "/treaties/?q=", "/search?q=DB")
_MOST = 30


def _counts(client: Client) -> dict[str, int]:
    found = {}
    for path in PATHS:
        client.get(path)  # sessions and remembered filters are written once
        counts = []
        for _ in range(2):  # once a minute a session notes that its person is still there; the lower count is the page's
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(path)
            assert answer.status_code == 200, path
            counts.append(len(asked))
        found[path] = min(counts)
    return found


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
