"""A list asks the database as often for 50 rows as for 5."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.factories.members import make_application, make_guarantee
from tests.factories.pages import statements
from tests.portal.conftest import SignIn

PATHS = ("/tasks/?q=", "/applications/?q=", "/guarantees/?q=", "/customers/?q=", "/reporting/?q=", "/", "/notices/")
_MOST = 34


def _counts(client: Client, paths: tuple[str, ...]) -> dict[str, int]:
    return {path: statements(client, path) for path in paths}


@pytest.mark.slow
def test_query_counts_do_not_grow_with_rows(member: None, sign_in: SignIn, django_assert_max_num_queries: Any) -> None:
    client = sign_in("head")
    for _ in range(5):
        make_guarantee(state="IN_FORCE")
        make_application(state="IN_REVIEW")
    few = _counts(client, PATHS)
    for _ in range(20):
        make_guarantee(state="IN_FORCE")
        make_application(state="IN_REVIEW")
    many = _counts(client, PATHS)
    # A longer list has a second page, so one more count may be asked; a row never asks for itself.
    assert {path: many[path] - few[path] for path in PATHS if many[path] - few[path] > 1} == {}
    for path in PATHS:
        with django_assert_max_num_queries(_MOST):
            client.get(path)
