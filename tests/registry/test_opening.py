"""Opening and closing a member: whole or not at all, once, and in about a second."""

from __future__ import annotations

import json
import threading
import time
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from django.test import Client

from kernel.access.models import Role, User
from kernel.errors import NotFound
from registry import queries, services
from registry.models import Institution
from registry.tenancy import PUBLIC, houses, inside
from registry.tenancy.middleware import forget_hosts
from tenants.guarantees.models import ReportingScope
from tests.factories.houses import ANHE, house
from tests.registry.shared import at_once, leftovers, one, owner

NOTHING = (0, 0, 0)


def open_one(code: str, **more: Any) -> services.Opened:
    return services.open_member(code=code, name="春江融资担保有限公司", region="330100", **more)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "A", "1AB", "A-B", "A_B", "安徽", "A" * 21, "AB\n", "A.B", 'A"B', "A B"])
def test_a_code_that_cannot_be_a_host_is_refused(code: str) -> None:
    with pytest.raises(services.BadCode) as refused:
        open_one(code)
    assert refused.value.field == "code"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["API", "group", "Www", "PUBLIC", "TEMPLATE", "LOCALHOST", "STATIC", "ADMIN"])
def test_words_that_mean_something_here_are_no_codes(code: str) -> None:
    with pytest.raises(services.BadCode):
        open_one(code)


@pytest.mark.django_db
def test_a_code_is_given_once_in_any_case() -> None:
    with pytest.raises(services.CodeTaken) as refused:
        open_one(ANHE.lower())
    assert refused.value.facts == {"code": ANHE}
    assert refused.value.status == 409


@pytest.mark.django_db
def test_without_a_template_nothing_opens() -> None:
    with inside(PUBLIC):
        services.Template.objects.all().delete()
    with pytest.raises(services.NoTemplate):
        open_one("CHUNJ")


@pytest.mark.django_db
def test_a_new_house_has_furniture_a_scope_and_nobody_in_it() -> None:
    opened = open_one("CHUNJ", reporting_scope="ALL_BUSINESS")
    assert opened.host == "chunj.localhost"
    assert opened.institution.migrated == houses.digest("member")
    with inside(queries.institution("chunj")):
        assert not User.objects.exists()
        assert Role.objects.filter(code="MANAGER").exists()
        assert ReportingScope.objects.get().scope == "ALL_BUSINESS"
        assert User.objects.create(email="a@chunj.example", name="甲").pk


@pytest.mark.django_db
def test_the_command_answers_in_one_line_of_json() -> None:
    out = StringIO()
    call_command("open_member", "chunj", "春江融资担保有限公司", "--region", "330100", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert set(told) == {"code", "host", "seconds"}
    assert (told["code"], told["host"]) == ("CHUNJ", "chunj.localhost")
    assert 0 < told["seconds"] < 30
    with pytest.raises(CommandError) as refused:
        call_command("open_member", "chunj", "春江", "--region", "330100", "--json", stdout=out)
    assert refused.value.returncode == 2
    assert "CHUNJ" in str(refused.value)


@pytest.mark.parametrize("moment", ["before the schema", "in the schema", "before the commit"])
def test_killed_half_way_nothing_remains(fresh_database: None, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    text_for = houses.text_for
    cut = "select pg_terminate_backend(pg_backend_pid());"

    def doctored(schema: str, text: str) -> str:
        told = text_for(schema, text)
        if moment == "before the schema":
            return cut + told
        if moment == "before the commit":
            return told + cut
        middle = told.index("ALTER TABLE ONLY", len(told) // 2)
        return told[:middle] + cut + told[middle:]

    monkeypatch.setattr(houses, "text_for", doctored)
    with pytest.raises(OperationalError):
        open_one("CHUNJ")
    connections.close_all()
    assert leftovers("CHUNJ") == NOTHING
    monkeypatch.undo()
    assert open_one("CHUNJ").host == "chunj.localhost"


def test_killed_by_somebody_else_in_the_middle_nothing_remains(fresh_database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement itself is at work when the backend dies: it waits for a lock that we hold."""
    text_for = houses.text_for
    monkeypatch.setattr(houses, "text_for", lambda schema, text: text_for(schema, text) + "select pg_advisory_lock_shared(4242);")
    said: list[Any] = []
    with owner() as cursor:
        cursor.execute("select pg_advisory_lock(4242)")
        worker = threading.Thread(target=lambda: said.extend(at_once(lambda: open_one("CHUNJ"))))
        worker.start()
        until = time.monotonic() + 30
        pid = None
        while pid is None and time.monotonic() < until:
            cursor.execute("select pid from pg_locks where locktype = 'advisory' and objid = 4242 and not granted")
            pid = (cursor.fetchone() or [None])[0]
            time.sleep(0.02)
        cursor.execute("select pg_terminate_backend(%s, 5000)", [pid])
        worker.join(timeout=30)
    assert isinstance(said[0], OperationalError)
    assert leftovers("CHUNJ") == NOTHING


def test_of_two_who_open_the_same_code_one_wins(fresh_database: None) -> None:
    told = at_once(*[lambda: open_one("CHUNJ")] * 3)
    kinds = sorted(type(answer).__name__ for answer in told)
    assert kinds == ["CodeTaken", "CodeTaken", "Opened"], told
    assert leftovers("CHUNJ") == (1, 1, 1)


def test_several_open_different_codes_at_the_same_time(fresh_database: None) -> None:
    """Their roles are granted rights on the same public tables, which PostgreSQL does not let two do at once."""
    codes = ["CHUNJ", "XIAHE", "QIUSH", "DONGH"]
    told = at_once(*[lambda code=code: open_one(code) for code in codes])
    assert [getattr(answer, "host", answer) for answer in told] == [f"{code.lower()}.localhost" for code in codes]


@pytest.mark.django_db
def test_closing_a_member_closes_its_doors_and_keeps_its_books() -> None:
    forget_hosts()
    door = Client(headers={"host": "anhe.localhost"})
    assert door.get("/accounts/login/").status_code == 200
    services.close_member(code=ANHE)
    assert door.get("/accounts/login/").status_code == 404
    assert ANHE not in {member.code for member in queries.members()}
    with pytest.raises(queries.NoSuchInstitution):
        house(ANHE)
    front = Client(headers={"host": "localhost"})
    assert front.get("/", {"code": ANHE}).status_code == 422
    with inside(PUBLIC):
        closed = Institution.objects.get(code=ANHE)
    with inside(closed):
        assert User.objects.exists()
    with pytest.raises(NotFound):
        services.close_member(code="NOBODY")
    with pytest.raises(NotFound):
        services.close_member(code="GROUP")


@pytest.mark.django_db
def test_there_is_one_group() -> None:
    with pytest.raises(services.CodeTaken):
        services.open_group(name="第二集团")


def test_a_key_is_stored_only_as_its_digest(fresh_database: None) -> None:
    _, text = services.issue_key(bank="HXYH", scopes=["applications:read"])
    stored = one("select row_to_json(k)::text from registry_partnerkey k")
    assert text.rsplit("_", 1)[1] not in stored
    assert services.key_digest(text) in stored
