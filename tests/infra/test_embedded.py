"""The servers on an empty machine: embedded.md 1.3, 2 and 3, each line learnt from a failure."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from infra.embedded import CHECKOUT, down, ensure
from infra.embedded.home import EmbeddedError, Home
from infra.embedded.postgres import PostgreSQL
from infra.embedded.server import alive, start_all
from infra.embedded.valkey import Valkey


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty checkout that every account can walk into."""
    for name in ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    path = Path(tempfile.mkdtemp(prefix="zaidan-checkout-"))
    path.chmod(0o755)
    yield path
    for name in ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for profile in ("run", "test"):
        if (path / ".embedded" / profile).exists():
            down(profile, delete=True, checkout=path)
    shutil.rmtree(path)


def postgres(checkout: Path, profile: str = "run") -> PostgreSQL:
    server = PostgreSQL(Home(checkout, profile))
    start_all([server])
    return server


def query(url: str, statement: str) -> list[tuple]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def postmasters(checkout: Path) -> list[int]:
    mark = str(checkout / ".embedded")
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if alive(pid, mark) and alive(pid, "bin/postgres -D")]


def kill_now(pid: int) -> None:
    """kill -9, and wait until the process is gone: on a busy machine that takes a moment, and until then it is up."""
    os.kill(pid, signal.SIGKILL)
    for _ in range(500):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)


def test_an_acknowledged_row_survives_kill_9(checkout: Path) -> None:
    server = postgres(checkout)
    url = server.env()["DATABASE_URL"]
    query(url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
    kill_now(server._postmaster()[0])
    start_all([server])
    assert server.env()["DATABASE_URL"] == url
    assert query(url, "SELECT n FROM kept") == [(42,)]


def test_four_starts_at_the_same_moment_give_one_server(checkout: Path) -> None:
    code = f"from pathlib import Path; from infra.embedded import ensure; print(ensure('run', checkout=Path({str(checkout)!r})))"
    callers = [subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [caller.communicate()[0] for caller in callers]
    assert [caller.returncode for caller in callers] == [0, 0, 0, 0]
    assert len(set(answers)) == 1
    assert len(postmasters(checkout)) == 1


def test_a_pid_file_that_names_a_living_stranger_does_not_stop_the_start(checkout: Path) -> None:
    server = postgres(checkout)
    pid = server._postmaster()[0]
    kill_now(pid)
    file = server.data() / "postmaster.pid"
    file.write_text(file.read_text().replace(str(pid), str(os.getpid()), 1))
    assert not server.up()
    start_all([server])
    assert query(server.env()["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_chinese_text_has_trigrams_and_many_tables_can_be_locked(checkout: Path) -> None:
    url = postgres(checkout).env()["DATABASE_URL"]
    query(url, "CREATE EXTENSION pg_trgm")
    assert query(url, "SELECT cardinality(show_trgm('采购审批')) > 0, lower('ÄÖÉ'), current_setting('TimeZone')") == [
        (True, "äöé", "UTC")
    ]
    assert query(url, "SHOW max_locks_per_transaction") == [("256",)]
    query(url, "CREATE ROLE zd_some")
    query(url, "CREATE DATABASE another")


def test_only_the_tests_give_up_fsync(checkout: Path) -> None:
    assert query(postgres(checkout, "run").env()["DATABASE_URL"], "SHOW fsync") == [("on",)]
    assert query(postgres(checkout, "test").env()["DATABASE_URL"], "SHOW fsync") == [("off",)]


def test_the_tests_data_lies_in_memory_where_there_is_room(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (2**40, 0):
        monkeypatch.setattr("infra.embedded.postgres._room_in_memory", lambda room=room: room)
        server, live = postgres(checkout, "test"), postgres(checkout, "run")
        assert server.data().is_relative_to("/dev/shm") == bool(room)
        assert live.data().is_relative_to(checkout)
        assert query(server.env()["DATABASE_URL"], "SELECT 1") == [(1,)]
        down("test", delete=True, checkout=checkout)
        assert not server.home.memory().joinpath("test", "postgres").exists()


def test_a_checkout_made_anew_at_the_path_of_a_removed_one(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.embedded.postgres._room_in_memory", lambda: 2**40)
    left = postgres(checkout, "test")._postmaster()[0]
    shutil.rmtree(checkout / ".embedded")
    server = postgres(checkout, "test")
    assert not alive(left, "postgres")
    assert query(server.env()["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_memory_that_a_restart_emptied_is_filled_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.embedded.postgres._room_in_memory", lambda: 2**40)
    server = postgres(checkout, "test")
    kill_now(server._postmaster()[0])
    shutil.rmtree(server.base())
    start_all([server])
    assert query(server.env()["DATABASE_URL"], "SELECT 1") == [(1,)]


def test_a_checkout_that_no_other_account_can_enter(checkout: Path) -> None:
    closed = checkout / "home"
    closed.mkdir(mode=0o700)
    server = postgres(closed)
    try:
        assert query(server.env()["DATABASE_URL"], "SELECT 1") == [(1,)]
        outside = server.home.outside()
        assert outside.exists() == (os.geteuid() == 0)
        start_all([server])
    finally:
        down("run", delete=True, checkout=closed)
    assert not outside.exists()


def test_data_of_another_major_version_is_refused_with_a_sentence(checkout: Path) -> None:
    server = postgres(checkout)
    server.stop()
    (server.data() / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 9"):
        start_all([server])


def test_valkey_keeps_its_data_over_kill_9_and_moves_when_its_port_is_taken(checkout: Path) -> None:
    server = Valkey(Home(checkout, "run"))
    start_all([server])
    (port,) = server.home.ports("valkey", 1)
    with closing(redis.Redis.from_url(server.env()["REDIS_URL"])) as client:
        client.set("kept", "42")
        client.execute_command("WAITAOF", 1, 0, 1000)
    os.kill(server.pid(), signal.SIGKILL)
    os.waitpid(server.pid(), 0)
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        assert not server.up()
        start_all([server])
    assert server.home.ports("valkey", 1) != [port]
    with closing(redis.Redis.from_url(server.env()["REDIS_URL"])) as client:
        assert client.get("kept") == b"42"


def test_nobody_gets_in_without_the_password(checkout: Path) -> None:
    found = ensure("run", checkout=checkout)
    bare = found["DATABASE_URL"].replace(Home(checkout, "run").secret("postgres-password"), "wrong")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(bare)
    address = found["REDIS_URL"].rpartition("@")[2]
    with closing(redis.Redis.from_url(f"redis://{address}")) as client, pytest.raises(redis.AuthenticationError):
        client.get("x")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{found['S3_ENDPOINT_URL']}/{found['S3_BUCKET']}")
    refused.value.close()
    assert refused.value.code == 403
    for name in ("postgres-password", "valkey-password", "s3-secret", "secret-key", "valkey/valkey.conf", "seaweedfs/s3.json"):
        assert stat.S_IMODE((checkout / ".embedded" / "run" / name).stat().st_mode) == 0o600, name


def test_a_named_server_is_used_and_none_started(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"DATABASE_URL": "postgres://x/y", "REDIS_URL": "redis://z", "S3_ENDPOINT_URL": "https://s3.example"}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert ensure("run", checkout=checkout).items() >= named.items()
    assert not (checkout / ".embedded" / "run" / "postgres").exists()
    monkeypatch.delenv("REDIS_URL")
    assert ensure("run", checkout=checkout)["REDIS_URL"].startswith("redis://:")
    assert not (checkout / ".embedded" / "run" / "postgres").exists()


def test_the_tests_never_use_the_servers_of_the_live_system(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://live/books")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://named-for-tests/0")
    found = ensure("test", checkout=checkout)
    assert "127.0.0.1" in found["DATABASE_URL"]
    assert found["REDIS_URL"] == "redis://named-for-tests/0"


def test_embedded_servers_can_be_forbidden(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZAIDAN_EMBEDDED", "off")
    assert ensure("run", checkout=checkout) == {}
    assert not (checkout / ".embedded").exists()


def test_down_stops_only_what_this_checkout_started(checkout: Path) -> None:
    one, other = checkout / "one", checkout / "other"
    one.mkdir()
    other.mkdir()
    try:
        first, second = ensure("run", checkout=one), ensure("run", checkout=other)
        assert first["DATABASE_URL"] != second["DATABASE_URL"]
        assert down("run", checkout=one) == ["seaweedfs", "valkey", "postgres"]
        assert not PostgreSQL(Home(one, "run")).up()
        assert query(second["DATABASE_URL"], "SELECT 1") == [(1,)]
        assert down("run", checkout=one) == []
    finally:
        down("run", delete=True, checkout=one)
        down("run", delete=True, checkout=other)
