"""A house opened from the template's text is the house that the migrations make."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from registry import queries, services
from registry.tenancy import PUBLIC, House, houses, inside
from tests.registry.shared import owner, whole_schema


def rows_of(schema: str) -> dict[str, list[Any]]:
    """Every row of every table, without the moments at which it was written."""
    found: dict[str, list[Any]] = {}
    with owner() as cursor:
        cursor.execute(
            """select c.relname, coalesce(array_agg(a.attname) filter (where a.atttypid = 'timestamptz'::regtype), '{}')
               from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
               where c.relnamespace = %s::regnamespace and c.relkind = 'r' group by 1 order by 1""",
            [schema],
        )
        for table, moments in cursor.fetchall():
            cursor.execute(f'select to_jsonb(t) - %s::text[] from "{schema}"."{table}" t', [[str(name) for name in moments]])
            found[table] = sorted((row for (row,) in cursor.fetchall()), key=str)
    return found


def test_opened_from_text_and_migrated_are_the_same_house(fresh_database: None) -> None:
    services.open_member(code="BYTEXT", name="a", region="330100")
    migrated = House("m_bystep", "member")
    houses.migrate_house(migrated)
    houses.furnish(migrated)
    with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
        cursor.execute("select public.house_role('m_bystep')")
    # PostgreSQL prints a check another way once it has read it back, so the migrated house is read back too.
    with owner() as cursor:
        cursor.execute("select public.ensure_role('zd_m_again')")
        cursor.execute(whole_schema("m_bystep").replace("the_house", "m_again"))
    assert whole_schema("m_bytext") == whole_schema("m_again")
    by_text, by_step = rows_of("m_bytext"), rows_of("m_bystep")
    scope = by_text.pop("guarantees_reportingscope")
    assert by_step.pop("guarantees_reportingscope") == []
    assert [row["scope"] for row in scope] == ["CEDED"]
    assert len(by_text["django_migrations"]) > 20
    assert by_text["access_role"]
    assert by_text["products_product"]
    for rows in (by_text, by_step):  # their numbers follow the order of creation, and nobody keeps them
        types = {row["id"]: (row["app_label"], row["model"]) for row in rows.pop("django_content_type")}
        rows["natural"] = sorted([*types[row["content_type_id"]], row["codename"]] for row in rows.pop("auth_permission"))
    assert by_text == by_step


def test_the_text_names_no_schema_but_its_own(fresh_database: None) -> None:
    with inside(PUBLIC, as_owner=True):
        text = services.Template.objects.order_by("-id").first().text
    told = houses.text_for("m_other", text)
    assert "template_member" not in told
    assert "g_group." not in told
    used = {name for line in told.splitlines() for name in re.findall(r"\bpublic\.(\w+)", line.partition("--")[0])}
    # Calls of the notes of changes, and the one function that writes them with the owner's rights.
    assert used == {"note_change", "note_all", "reported_change"}


def test_the_database_is_replaced_under_an_open_connection(fresh_database: None, request: pytest.FixtureRequest) -> None:
    """The `db` test before leaves its connection open: `states` may not hand it on dead."""
    request.getfixturevalue("_states")  # made (once), it closes connections; the test after must not need that
    assert queries.group().code == "GROUP"
    request.getfixturevalue("states")
    assert queries.institution("WY").code == "WY"
