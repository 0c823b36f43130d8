"""Opening a member, and migrating two hundred: ours, the plain SQL, and django-tenants' own commands."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from registry import fleet, services
from registry.models import Domain, Institution, Template
from registry.tenancy import PUBLIC, houses, inside, role_of

ROUNDS = 5
MEMBERS = 200
SAMPLE = 20
"""django-tenants' own command is timed over so many members and scaled to MEMBERS: it takes the same time for each."""


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ratios(ours: float, floor: float, today: float) -> dict[str, float]:
    return {
        "ours": round(ours, 4),
        "floor": round(floor, 4),
        "today": round(today, 4),
        "ratio_floor": round(ours / floor, 2),
        "ratio_today": round(today / ours, 1),
    }


def open_a_member() -> dict[str, Any]:
    """Seconds to open one member: services.open_member; the template's text in one execute; migrate_schemas."""
    ours, floor, today = [], [], []
    for number in range(ROUNDS):
        ours.append(_timed(lambda number=number: services.open_member(code=f"BO{number}", name="bench", region="000000")))
        floor.append(_open_by_text(f"m_bf{number}"))
        if number < 3:
            today.append(_open_by_migrations(f"m_bt{number}"))
    for number in range(ROUNDS):
        _forget(f"m_bo{number}")
    return _ratios(*(statistics.median(seconds) for seconds in (ours, floor, today)))


def _open_by_text(schema: str) -> float:
    with inside(PUBLIC, as_owner=True):
        text = houses.text_for(schema, Template.objects.order_by("-id").first().text)
        with connection.cursor() as cursor:
            seconds = _timed(lambda: cursor.execute(text))
            cursor.execute(f'drop schema "{schema}" cascade')
    return seconds


def _open_by_migrations(schema: str) -> float:
    """An empty schema that its own role owns, then django-tenants' migrate_schemas."""
    with inside(PUBLIC, as_owner=True):
        Institution.objects.create(code=schema[2:].upper(), schema_name=schema, name="bench", kind="member", region_code="0")
        _own_schema(schema)
    seconds = _timed(lambda: _migrate_by_library(schema))
    _forget(schema)
    return seconds


def _own_schema(schema: str) -> None:
    with connection.cursor() as cursor:
        _empower(cursor, schema)
        cursor.execute(f'create schema "{schema}" authorization "{role_of(schema)}"')


def _empower(cursor: Any, schema: str) -> None:
    """The library migrates as the house's own role, which may do that in no real deployment; here it may do anything."""
    cursor.execute("select public.ensure_role(%s)", [role_of(schema)])
    cursor.execute(f'alter role "{role_of(schema)}" superuser')


def _forget(schema: str) -> None:
    with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
        cursor.execute(f'drop schema if exists "{schema}" cascade')
        Domain.objects.filter(tenant__schema_name=schema).delete()
        cursor.execute("delete from registry_institution where schema_name = %s", [schema])


def migrate_members() -> dict[str, dict[str, Any]]:
    """Seconds to bring MEMBERS members up to date: nothing to do, and one column to add."""
    schemas = _open_fleet(MEMBERS + SAMPLE)
    spare, fleet_schemas = schemas[:SAMPLE], schemas[SAMPLE:]
    scale = MEMBERS / SAMPLE
    noop = _timed(lambda: fleet.migrate_all(tell=_quiet))
    noop_today = scale * _timed(lambda: [_migrate_by_library(schema) for schema in spare])
    noop_floor = _timed(_one_query)
    with _one_more_migration():
        for schema in spare:
            _hand_over(schema)
        column_today = scale * _timed(lambda: [_migrate_by_library(schema) for schema in spare])
        for schema in spare:
            _forget(schema)
        column_floor = _by_psql(fleet_schemas)
        column = _timed(lambda: fleet.migrate_all(tell=_quiet))
        with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
            cursor.execute("select count(*) from information_schema.columns where column_name = 'bench_note'")
            found = cursor.fetchone()[0]
    for schema in fleet_schemas:
        _forget(schema)
    return {
        "migrate 200 members, nothing to do": _ratios(noop, noop_floor, noop_today),
        "migrate 200 members, one column": {**_ratios(column, column_floor, column_today), "columns_seen": found},
    }


def _quiet(text: str) -> None:
    print(f"  {text}", file=sys.stderr)


def _open_fleet(count: int) -> list[str]:
    for number in range(count):
        services.open_member(code=f"BM{number:03d}", name="bench", region="000000")
    return [f"m_bm{number:03d}" for number in range(count)]


def _migrate_by_library(schema: str) -> None:
    with inside(PUBLIC):
        call_command("migrate_schemas", schema_name=schema, tenant=True, interactive=False, verbosity=0)


def _hand_over(schema: str) -> None:
    with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
        _empower(cursor, schema)


def _one_query() -> None:
    with inside(PUBLIC), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_institution where migrated <> ''")
        cursor.fetchone()


def _by_psql(schemas: list[str]) -> float:
    """One psql, one ALTER per schema; the column goes again."""
    psql = Path(settings.PG_DUMP).with_name("psql")
    database = settings.DATABASES["default"]
    add = "\n".join(
        f"alter table \"{schema}\".products_product add column floor_note varchar(20) not null default '';" for schema in schemas
    )
    drop = "\n".join(f'alter table "{schema}".products_product drop column floor_note;' for schema in schemas)
    command = [str(psql if psql.exists() else shutil.which("psql")), "-q", "-v", "ON_ERROR_STOP=1", "-h", str(database["HOST"]),
               "-p", str(database["PORT"]), "-U", str(database["USER"]), connection.settings_dict["NAME"]]  # fmt: skip
    environment = {"PGPASSWORD": str(database["PASSWORD"])}
    seconds = _timed(lambda: subprocess.run(command, input=add, text=True, check=True, env=environment))
    subprocess.run(command, input=drop, text=True, check=True, env=environment)
    return seconds


_MIGRATION = '''"""One more column, for the bench."""
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("products", "{leaf}")]
    operations = [migrations.AddField("product", "bench_note", models.CharField(max_length=20, default="", db_default=""))]
'''


@contextmanager
def _one_more_migration() -> Iterator[None]:
    """The products room with one more migration, in a folder of its own; afterwards everything is as before."""
    package = "bench_products_migrations"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        real = Path(settings.BASE_DIR) / "tenants" / "products" / "migrations"
        copy = Path(folder) / package
        shutil.copytree(real, copy, ignore=shutil.ignore_patterns("__pycache__"))
        leaf = sorted(path.stem for path in copy.glob("0*.py"))[-1]
        (copy / "0099_bench_note.py").write_text(_MIGRATION.format(leaf=leaf), encoding="utf-8")
        sys.path.insert(0, folder)
        settings.MIGRATION_MODULES = {"products": package}
        try:
            yield
        finally:
            del settings.MIGRATION_MODULES
            sys.path.remove(folder)
