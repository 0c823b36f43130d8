"""Databases for tests: a copy of the migrated template with the group and two members (infra/embedded/template.py).

`db` rolls back. A test that needs real commits, threads or a served site asks for `fresh_database` (or `site`): its
database is dropped and copied again afterwards, because flushing would take the institutions away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from infra.embedded.template import Template

# How fast a machine draws examples, or runs one, is no property of the program.
hypothesis.register_profile("zaidan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("zaidan")

# Members of the sample of real loans.
STATES = [
    "AK",
    "AL",
    "AR",
    "AZ",
    "CA",
    "CO",
    "CT",
    "DC",
    "DE",
    "FL",
    "GA",
    "HI",
    "IA",
    "ID",
    "IL",
    "IN",
    "KS",
    "KY",
    "LA",
    "MA",
    "MD",
    "ME",
    "MI",
    "MN",
    "MO",
    "MS",
    "MT",
    "NC",
    "ND",
    "NE",
    "NH",
    "NJ",
    "NM",
    "NV",
    "NY",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VA",
    "VT",
    "WA",
    "WI",
    "WV",
    "WY",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones evenly among the others: processes share the list by its parts, and steal from the end of a part."""
    long, short = [], []
    for item in items:
        (long if item.get_closest_marker("slow") or item.get_closest_marker("browser") else short).append(item)
    step = len(short) // max(len(long), 1) + 1
    items[:] = [item for n in range(max(len(long), 1)) for item in (*long[n : n + 1], *short[n * step : (n + 1) * step])]


@pytest.fixture(scope="session")
def _template(request: pytest.FixtureRequest) -> Template:
    return Template(rebuild=request.config.getvalue("create_db"))


@pytest.fixture(scope="session")
def django_db_setup(_template: Template, django_test_environment: None, django_db_blocker) -> Iterator[None]:
    from django.db import connections

    name = os.environ["DATABASE_URL"].rpartition("/")[2]
    _template.copy_to(name)
    # Django would find this out by making a table, outside any institution.
    connections["default"].features.supports_transactions = True
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    _template.drop(name)


@pytest.fixture
def fresh_database(django_db_setup: None, _template: Template, django_db_blocker) -> Iterator[None]:
    """Real commits; afterwards the database is as new."""
    with django_db_blocker.unblock():
        yield
    _renew(_template)


def _renew(template: Template, *, of: str = "") -> None:
    """Replace this process's database. The last test's connection is still open (pytest-django keeps it) and would be dead."""
    from django.db import connections

    connections.close_all()
    template.copy_to(os.environ["DATABASE_URL"].rpartition("/")[2], of=of)


@pytest.fixture(scope="session")
def _states(django_db_setup: None, _template: Template, django_db_blocker) -> str:
    """A database with a member for each state of the sample of real loans: a third of a second for each of 51."""
    from django.db import connection

    from registry import services

    def open_all(database: str) -> None:
        with django_db_blocker.unblock():
            connection.close()
            connection.settings_dict["NAME"], ours = database, connection.settings_dict["NAME"]
            try:
                for code in STATES:
                    services.open_member(code=code, name=code, region=code, reporting_scope="ALL_BUSINESS")
            finally:
                connection.close()
                connection.settings_dict["NAME"] = ours

    return _template.variant("states", open_all)


@pytest.fixture
def states(_states: str, fresh_database: None, _template: Template) -> None:
    """Real commits in a database in which the 51 members of the sample of real loans are open and empty."""
    _renew(_template, of=_states)


@pytest.fixture
def site(fresh_database: None) -> Iterator[Callable[[str], str]]:
    """The served program: `site("group.localhost")` is the address of that host, without a slash at its end."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield lambda host: f"http://{host}:{server.port}"
    server.terminate()


@pytest.fixture(scope="session")
def _valkey() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    yield client
    client.close()


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> Iterator[None]:
    """Every test client sets the middleware up anew; the static files, found again each time, are the same."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    found: dict[str, Any] = {}
    find = WhiteNoiseMiddleware.add_files_from_finders

    def once(middleware: Any) -> None:
        if not found:
            find(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(autouse=True)
def _chinese() -> None:
    """A page read in English by one test leaves its language in the thread; the next one starts in Chinese."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _empty_cache(_valkey: redis.Redis) -> None:
    """Rate limits, locks and cached answers of one test must not reach the next."""
    _valkey.flushdb()


@pytest.fixture
def chromium() -> Iterator[Any]:
    """Debian's Chromium through Playwright.

    While its loop runs, Django keeps this thread's connections apart from those of the tests without a loop. Both kinds are
    closed here: `fresh_database` drops their database, sees only one kind, and the next test would meet the other one dead.
    """
    from django.db import connections

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    # Playwright keeps a loop in this thread; the tests call the ORM beside it, never inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        connections.close_all()
        browser.close()
