"""What the database itself refuses: each house's role may use its own schema and put letters into the outbox."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from kernel.access.models import User
from registry import queries
from registry.tenancy import PROJECTOR, PUBLIC, House, inside
from tests.factories.houses import ANHE, BOYU, GROUP, house
from tests.registry.shared import refusal

pytestmark = pytest.mark.django_db

HOUSES = (ANHE, BOYU, GROUP, "PUBLIC")
OWN = {ANHE: "access_user", BOYU: "access_user", GROUP: "filings_filing", "PUBLIC": "registry_institution"}
SCHEMAS = {ANHE: "m_anhe", BOYU: "m_boyu", GROUP: "g_group", "PUBLIC": "public", "TEMPLATE": "template_member"}
DENIED = "permission denied"


def door(code: str) -> Any:
    return PUBLIC if code == "PUBLIC" else house(code)


@pytest.mark.parametrize("code", HOUSES)
def test_its_own_tables_are_its_own(code: str) -> None:
    with inside(door(code)):
        assert refusal(f"select 1 from {OWN[code]}") == ""
        assert refusal(f"delete from {OWN[code]} where false") == ""
        with connection.cursor() as cursor:
            cursor.execute("select current_user, session_user <> current_user")
            assert cursor.fetchone() == (f"zd_{SCHEMAS[code]}", True)


@pytest.mark.parametrize("code", HOUSES)
@pytest.mark.parametrize(
    ("schema", "table"),
    [
        ("m_anhe", "access_user"), ("m_anhe", "guarantees_guarantee"), ("m_anhe", "django_session"), ("m_anhe", "audit_entry"),
        ("m_boyu", "access_user"), ("m_boyu", "documents_document"), ("m_boyu", "reported_guarantees"),
        ("g_group", "access_user"), ("g_group", "treaties_treaty"), ("g_group", "monitoring_fact"),
        ("template_member", "access_role"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["select 1 from {}", "delete from {}", "copy {} to stdout"])
def test_a_neighbour_named_in_full_is_refused(code: str, schema: str, table: str, way: str) -> None:
    if SCHEMAS[code] == schema:
        schema = "m_boyu" if code == ANHE else "m_anhe"
        table = "access_user"
    with inside(door(code)):
        assert DENIED in refusal(way.format(f"{schema}.{table}"))


@pytest.mark.parametrize("code", HOUSES)
@pytest.mark.parametrize("neighbour", [ANHE, BOYU, GROUP, "TEMPLATE"])
def test_a_search_path_forced_to_a_neighbour_reads_nothing(code: str, neighbour: str) -> None:
    """Without the right to use it, a schema in the path is passed over: no rows of the neighbour, at worst none at all."""
    if code == neighbour:
        neighbour = BOYU if code == ANHE else ANHE
    with inside(door(code)), connection.cursor() as cursor:
        cursor.execute(f"set local search_path = {SCHEMAS[neighbour]}, public")
        assert refusal("select email from access_user") != ""
        assert refusal("insert into access_user (email) values ('x')") != ""
        assert refusal("set local search_path = m_anhe, m_boyu, g_group; create table sneaked (x int)") != ""


@pytest.mark.parametrize("code", [ANHE, BOYU, GROUP])
@pytest.mark.parametrize("table", ["registry_institution", "registry_domain", "registry_bank", "registry_partnerkey",
                                   "registry_template", "api_exchange", "django_migrations", "reported_change"])  # fmt: skip
@pytest.mark.parametrize("way", ["select 1 from public.{}", "insert into public.{} default values", "delete from public.{}"])
def test_public_tables_are_closed_to_houses(code: str, table: str, way: str) -> None:
    with inside(house(code)):
        assert DENIED in refusal(way.format(table))


@pytest.mark.parametrize("code", [ANHE, BOYU, GROUP])
def test_the_outbox_takes_letters_and_shows_none(code: str) -> None:
    post = """insert into outbox_letter (sender, recipient, subject, kind, version, body, posted_at, attempts,
              retry_at, last_error) values ('A', 'B', 's', 'k', 1, '{}', now(), 0, now(), '') returning id"""
    with inside(house(code)):
        assert refusal(post) == ""
        for way in ("select body from {}", "update {} set body = ''", "delete from {}", "truncate {}", "copy {} to stdout"):
            assert DENIED in refusal(way.format("public.outbox_letter"))
        assert refusal("select id from public.outbox_letter") == ""  # what `returning id` needs, and no more


@pytest.mark.parametrize("code", [ANHE, GROUP, "PUBLIC"])
@pytest.mark.parametrize(
    "call",
    [
        "select public.house_role('m_boyu')",
        "select public.ensure_role('zd_mine')",
        "select public.publish_views('m_boyu')",
        "select public.projector_role('m_boyu')",
        "select public.note_change()",
        "select public.note_all()",
        "create temp table mine (id int);"
        " create trigger t after insert on mine for each statement execute function public.note_all()",
        "create temp table mine (id int);"
        " create trigger t after insert on mine referencing new table as changed"
        " for each statement execute function public.note_change('GUARANTEE', 'id')",
        "create role zd_more",
        "create schema more",
        "alter table public.outbox_letter disable trigger all",
        "create table public.more (x int)",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
    ],
)
def test_no_house_may_make_rights_or_notes_for_itself(code: str, call: str) -> None:
    with inside(door(code)):
        said = refusal(call)
    assert any(word in said for word in (DENIED, "must be", "trigger functions can only be called")), said


@pytest.mark.parametrize("code", [ANHE, BOYU, GROUP])
def test_a_house_makes_no_table_even_in_its_own_schema(code: str) -> None:
    with inside(house(code)):
        assert DENIED in refusal(f"create table {SCHEMAS[code]}.more (x int)")
        assert "must be owner" in refusal("alter table audit_entry disable trigger all")
        assert "must be owner" in refusal("drop table audit_entry")


def test_the_projector_reads_published_views_and_writes_its_own_book() -> None:
    with connection_inside(PROJECTOR) as cursor:
        cursor.execute(
            """select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname in ('m_anhe', 'm_boyu', 'template_member') and c.relkind in ('r', 'v', 'p')
               and has_table_privilege(c.oid, 'select, insert, update, delete')"""
        )
        # A right to a table counts only where the schema may be used at all.
        assert {(schema, name) for schema, name in cursor.fetchall() if schema != "template_member"} == {
            (schema, view) for schema in ("m_anhe", "m_boyu") for view in ("reported_guarantees", "reported_movements")
        }
        cursor.execute("select has_schema_privilege('template_member', 'usage')")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            """select c.relname from pg_class c where c.relnamespace = 'g_group'::regnamespace and c.relkind in ('r', 'v', 'p')
               and has_table_privilege(c.oid, 'insert, update, delete')"""
        )
        assert {name.split("_")[0] for (name,) in cursor.fetchall()} == {"monitoring"}
    with inside(PROJECTOR):
        assert "cannot insert into view" in refusal("insert into m_anhe.reported_guarantees (id) values (1)")
        assert DENIED in refusal("delete from m_anhe.guarantees_movement")


@pytest.mark.parametrize("code", [ANHE, BOYU, GROUP])
def test_the_catalogue_grants_a_role_nothing_that_these_tests_do_not_name(code: str) -> None:
    """Every right on every table outside the own schema, asked of the catalogue."""
    with connection_inside(house(code)) as cursor:
        cursor.execute(
            """select n.nspname, c.relname, p.kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
               cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p(kind)
               where n.nspname <> %s and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
               and c.relkind in ('r', 'v', 'p', 'm', 'S', 'f') and has_schema_privilege(n.oid, 'usage')
               and case when c.relkind = 'S' then p.kind in ('select', 'update') and has_sequence_privilege(c.oid, p.kind)
                   else has_table_privilege(c.oid, p.kind) end""",
            [SCHEMAS[code]],
        )
        assert cursor.fetchall() == [("public", "outbox_letter", "insert")]


def test_a_house_that_is_no_institution_has_no_role() -> None:
    with inside(House("m_ghost", "member")):
        assert "current transaction is aborted" in refusal("select 1")  # by the role that could not be taken


def test_a_role_is_not_lent_by_a_query_that_fails() -> None:
    with inside(house(ANHE)):
        assert DENIED in refusal("select 1 from m_boyu.access_user")
        assert User.objects.filter(email__endswith="@anhe.example").exists()
        assert not User.objects.filter(email__endswith="@boyu.example").exists()
    assert queries.institution(BOYU).schema_name == "m_boyu"


class connection_inside:
    """A cursor in one house."""

    def __init__(self, house: Any) -> None:
        self.door = inside(house)

    def __enter__(self) -> Any:
        self.door.__enter__()
        self.cursor = connection.cursor()
        return self.cursor

    def __exit__(self, *error: Any) -> None:
        self.cursor.close()
        self.door.__exit__(*error)
