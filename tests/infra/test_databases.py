"""Every test process has its own copy of the template; real commits never reach the next test."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection

from infra.embedded import CHECKOUT
from infra.embedded.template import digest


def commit_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.zd_left_behind (n int)")


def left_behind() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.zd_left_behind') IS NOT NULL")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_database_is_this_process_own_copy_with_all_houses() -> None:
    from registry import queries
    from registry.tenancy import inside

    with inside(queries.group()), connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0] == os.environ["DATABASE_URL"].rpartition("/")[2]


@pytest.mark.parametrize("turn", [1, 2])
def test_what_is_committed_is_gone_afterwards(turn: int, fresh_database: None) -> None:
    from registry import queries
    from registry.tenancy import inside

    with inside(queries.group()), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('left_behind') IS NULL")
        assert cursor.fetchone()[0], turn
    with inside(queries.group(), as_owner=True), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (n int)")
