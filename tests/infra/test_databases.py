"""Every test process has its own copy of the template; real commits never reach the next test."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from infra.embedded import template
from registry import queries
from registry.tenancy import PUBLIC, inside


@pytest.mark.django_db
def test_the_database_is_this_process_own_copy_with_all_houses() -> None:
    with inside(queries.group()), connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0] == os.environ["DATABASE_URL"].rpartition("/")[2]
    with inside(PUBLIC):
        assert len(queries.members()) == 2


@pytest.mark.parametrize("turn", [1, 2])
def test_what_is_committed_is_gone_afterwards(turn: int, fresh_database: None) -> None:
    with inside(queries.group()), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('left_behind') IS NULL")
        assert cursor.fetchone()[0], turn
    with inside(queries.group(), as_owner=True), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (n int)")


@pytest.mark.parametrize("turn", [1, 2])
def test_what_is_cached_is_gone_afterwards(turn: int, db: None) -> None:
    with inside(PUBLIC):
        assert cache.get("left_behind") is None, turn
        cache.set("left_behind", turn)
        assert cache.get("left_behind") == turn


def test_the_site_serves_every_host(site: Callable[[str], str]) -> None:
    request = urllib.request.Request(site("127.0.0.1") + "/healthz", headers={"Host": "localhost"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200


def test_a_template_belongs_to_one_state_of_the_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template, "CHECKOUT", tmp_path)
    migration = tmp_path / "tenants/claims/migrations/0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("one")
    (tmp_path / "tenants/claims/services.py").write_text("one")
    before = template.digest()
    (tmp_path / "tenants/claims/services.py").write_text("another")
    assert template.digest() == before
    migration.write_text("another")
    assert template.digest() != before
