"""The one door: `inside` opens a house on this connection and leaves it as it was found, whatever happens within."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from kernel.access.models import User
from kernel.errors import DomainError
from registry.tenancy import PROJECTOR, PUBLIC, NoInstitution, current, current_schema, inside, middleware
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.registry.shared import owner


def where() -> tuple[str, str]:
    """The role under which statements run, and the schema that comes first."""
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_schema")
        return cursor.fetchone()


A, B, G = ("zd_m_anhe", "m_anhe"), ("zd_m_boyu", "m_boyu"), ("zd_g_group", "g_group")


@pytest.mark.django_db
def test_outside_every_house_nothing_runs() -> None:
    for work in (where, current, current_schema, lambda: User.objects.first(), lambda: cache.get("x"), lambda: cache.set("x", 1)):
        with pytest.raises(NoInstitution):
            work()
    with pytest.raises(NoInstitution), transaction.atomic():
        User.objects.create(email="x@x.example", name="x")


@pytest.mark.django_db
def test_houses_nest_and_each_is_found_again() -> None:
    with inside(house(ANHE)):
        assert (where(), current().code) == (A, ANHE)
        with inside(house(BOYU)):
            assert where() == B
            with inside(PUBLIC):
                assert where() == ("zd_public", "public")
            assert where() == B
            with inside(PROJECTOR):
                assert where() == ("zd_projector", "g_group")
            with inside(house(BOYU), as_owner=True):
                assert where() == (connection.settings_dict["USER"], "m_boyu")
            assert where() == B
        assert where() == A
    assert connection.schema_name is None


@pytest.mark.django_db
def test_a_cursor_kept_open_follows_the_house() -> None:
    """Its next statement runs where we stand, not where somebody has been in between."""
    asked = "select current_user, current_schema"
    with inside(house(ANHE)), connection.cursor() as cursor:
        with inside(house(BOYU)):
            assert where() == B
            cursor.execute(asked)
            assert cursor.fetchone() == B
        cursor.execute(asked)
        assert cursor.fetchone() == A
    with inside(house(ANHE)):
        kept = connection.cursor()
    for run in (lambda: kept.execute(asked), lambda: kept.executemany("select %s", [[1]])):
        with pytest.raises(NoInstitution):
            run()
    kept.close()


@pytest.mark.django_db
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, DomainError])
def test_an_error_leaves_the_house_too(error: type[BaseException]) -> None:
    with inside(house(ANHE)):
        with pytest.raises(error), inside(house(BOYU)):
            assert where() == B
            raise error
        assert where() == A
    with pytest.raises(error), inside(house(ANHE)):
        raise error
    assert connection.schema_name is None


def break_it() -> None:
    User.objects.create(id=User.objects.first().id, email="twice@x.example", name="x")


@pytest.mark.django_db
@pytest.mark.parametrize("asked_before", [True, False])
def test_a_savepoint_rolled_back_keeps_the_house(asked_before: bool) -> None:
    """The path and the role set within a savepoint go with it; they are set anew."""
    with inside(house(ANHE)), transaction.atomic():
        assert where() == A
        with inside(house(BOYU)):
            if asked_before:
                assert where() == B
            with pytest.raises(IntegrityError), transaction.atomic():
                break_it()
            assert where() == B
            with pytest.raises(ValueError), transaction.atomic(), inside(house(GROUP)):
                assert where() == G
                raise ValueError
            assert where() == B
        assert where() == A
        with pytest.raises(ValueError), transaction.atomic(), inside(house(BOYU)), transaction.atomic():
            assert where() == B
            raise ValueError
        assert where() == A


def test_a_transaction_rolled_back_keeps_the_house(fresh_database: None) -> None:
    with inside(house(ANHE)):
        with pytest.raises(IntegrityError), transaction.atomic():
            break_it()
        assert where() == A
        with pytest.raises(ValueError), transaction.atomic(), inside(house(BOYU)):
            assert where() == B
            raise ValueError
        assert where() == A
        with transaction.atomic():
            assert where() == A
            transaction.set_rollback(True)
        with inside(house(BOYU)):
            assert where() == B
        assert where() == A


def test_a_statement_in_a_transaction_that_failed_lends_no_other_house(fresh_database: None) -> None:
    with inside(house(ANHE)):
        with pytest.raises(IntegrityError), transaction.atomic():
            try:
                break_it()
            except IntegrityError:
                connection.needs_rollback = False
                with pytest.raises(Exception, match="current transaction is aborted"), inside(house(BOYU)):
                    where()
                raise
        assert where() == A


def test_a_new_connection_stands_in_the_same_house(fresh_database: None) -> None:
    with inside(house(ANHE)):
        assert where() == A
        with owner() as executioner:
            executioner.execute("select pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        with pytest.raises(OperationalError):
            where()
        connection.close()
        assert where() == A


def test_threads_share_no_house(fresh_database: None) -> None:
    """Twelve threads change houses three hundred times in all; each sees the one it is in."""
    rounds, gate = 25, threading.Barrier(12)
    houses = {code: house(code) for code in (ANHE, BOYU, GROUP)}
    expected = {ANHE: A, BOYU: B, GROUP: G}

    def walk(number: int) -> list[Any]:
        try:
            wrong: list[Any] = []
            gate.wait(timeout=30)
            if connection.schema_name is not None:
                wrong.append(("began in", connection.schema_name))
            for turn in range(rounds):
                code = (ANHE, BOYU, GROUP)[(number + turn) % 3]
                with inside(houses[code]):
                    found = where()
                    mails = set(User.objects.values_list("email", flat=True))
                    if found != expected[code] or not all(mail.endswith(f"@{code.lower()}.example") for mail in mails):
                        wrong.append((code, found, mails))
            return wrong
        finally:
            connections.close_all()

    with inside(house(ANHE)), ThreadPoolExecutor(12) as pool:
        assert [row for rows in pool.map(walk, range(12)) for row in rows] == []


# --- Requests


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host", ["anhe.localhost", "group.localhost", "localhost", "api.localhost", "nobody.localhost", "evil.example"]
)
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/nothing", "/healthz", "/v1/openapi.json", "/sw.js"])
def test_a_request_leaves_no_house_behind(host: str, path: str) -> None:
    client = Client(headers={"host": host}, raise_request_exception=False)
    answer = client.get(path)
    b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    assert connection.schema_name is None
    if path == "/healthz":
        assert (answer.status_code, answer.content) == (200, b"ok")
    elif host in ("nobody.localhost", "evil.example"):
        assert answer.status_code == 404


@pytest.mark.django_db
def test_a_streamed_body_is_read_in_its_house_and_then_the_house_is_left() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        def rows() -> Iterator[str]:
            yield where()[0]
            yield str(User.objects.filter(email__endswith="@anhe.example").exists())

        return StreamingHttpResponse(rows())

    request = RequestFactory().get("/", headers={"host": "anhe.localhost"})
    response = middleware.HouseMiddleware(view)(request)
    assert b"|".join(response.streaming_content) == b"zd_m_anhe|True"
    response.close()
    assert connection.schema_name is None


@pytest.mark.django_db
def test_a_request_that_breaks_leaves_its_house_before_the_next() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        middleware.HouseMiddleware(view)(RequestFactory().get("/", headers={"host": "anhe.localhost"}))
    assert connection.schema_name is None


@pytest.mark.django_db
def test_the_host_decides_and_nothing_else() -> None:
    """A port, capitals and a forwarded host change nothing."""
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current().code)
        return HttpResponse()

    door = middleware.HouseMiddleware(view)
    for headers in ({"host": "anhe.localhost:8000"}, {"host": "ANHE.localhost"},
                    {"host": "anhe.localhost", "x-forwarded-host": "boyu.localhost"}):  # fmt: skip
        door(RequestFactory().get("/?house=boyu", headers=headers))
    assert seen == [ANHE] * 3
