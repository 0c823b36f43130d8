"""All members brought up to date: each gets what it lacks, one that is locked stops nobody, and any run can be repeated."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import fleet, services
from registry.models import Institution, Template
from registry.tenancy import PUBLIC, inside
from tests.factories.houses import ANHE, BOYU
from tests.registry.shared import migrations_of, one, owner, whole_schema

_packages = count(1)
HEAD = """from django.db import migrations, models

def put(apps, schema_editor):
    apps.get_model("products", "Product").objects.update(test_note="by hand")

class Migration(migrations.Migration):
    dependencies = [("products", "{before}")]
    operations = [{operations}]
"""
COLUMN = 'migrations.AddField("product", "test_note", models.CharField(max_length=20, default="", db_default=""))'
_BY_HAND = "-- A hand-written step begins with a word\\ncreate index test_hand on products_product (id);\\n-- end"
COMMENTED = f'migrations.RunSQL("{_BY_HAND}", "")'
LOOKS_FIRST = 'migrations.AlterField("product", "code", models.CharField(max_length=40))'
PYTHON = "migrations.RunPython(put, migrations.RunPython.noop)"
HIDDEN_PYTHON = f"migrations.SeparateDatabaseAndState(database_operations=[{PYTHON}])"

More = Callable[..., None]


@pytest.fixture
def more(fresh_database: None, tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[More]:
    """`more("operation", …)`: the products room has one more migration for each text given, from now on."""

    def give(*steps: str) -> None:
        package = f"more_products_{next(_packages)}"
        folder = tmp_path / package
        shutil.copytree(migrations_of("products"), folder, ignore=shutil.ignore_patterns("__pycache__"))
        before = sorted(path.stem for path in folder.glob("0*.py"))[-1]
        for number, operations in enumerate(steps, start=91):
            (folder / f"00{number}_more.py").write_text(HEAD.format(before=before, operations=operations), encoding="utf-8")
            before = f"00{number}_more"
        settings.MIGRATION_MODULES = {"products": package}

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(fleet, "_LOCK_TIMEOUT", "150ms")
    yield give
    for name in [name for name in sys.modules if name.startswith("more_products_")]:
        del sys.modules[name]


def quiet(_: str) -> None:
    pass


def migrate() -> fleet.Report:
    return fleet.migrate_all(tell=quiet)


def notes(code: str) -> str | None:
    """What stands in the new column of a member; None when it has no such column."""
    schema = f"m_{code.lower()}"
    has = "select count(*) from information_schema.columns where table_schema = %s and column_name = 'test_note'"
    if not one(has, schema):
        return None
    return one(f'select max(test_note) from "{schema}".products_product')


@pytest.mark.django_db
def test_when_nothing_is_to_do_one_query_says_so() -> None:
    with CaptureQueriesContext(connection) as asked:
        report = fleet.migrate_members(quiet)
    assert (report.migrated, report.unchanged, report.failed) == (0, 2, [])
    assert len([query for query in asked if not query["sql"].startswith("SET search_path")]) == 1


def test_members_become_what_a_new_house_is(more: More) -> None:
    """Also by a statement that begins with a comment, and by a step that looks for a name before it drops it."""
    more(COLUMN, f"{COMMENTED}, {LOOKS_FIRST}")
    assert (report := migrate()).migrated == 2, report
    services.open_member(code="FRESH", name="a", region="330100")
    assert "test_hand" in whole_schema("m_anhe")
    for code in (ANHE, BOYU):
        assert whole_schema(f"m_{code.lower()}") == whole_schema("m_fresh")
    with inside(PUBLIC):
        digests = set(Institution.objects.filter(kind="member").values_list("migrated", flat=True))
        assert digests == {Template.objects.order_by("-id").first().digest}
    again = migrate()
    assert (again.migrated, again.unchanged) == (0, 3)


@pytest.mark.parametrize("python", [PYTHON, HIDDEN_PYTHON])
def test_a_step_in_python_runs_in_every_member(more: More, python: str) -> None:
    more(COLUMN, python)
    assert migrate().migrated == 2
    assert [notes(code) for code in (ANHE, BOYU)] == ["by hand"] * 2


@pytest.mark.parametrize(("locked", "steps"), [(ANHE, [COLUMN]), (BOYU, [COLUMN]), (BOYU, [COLUMN, PYTHON])])
def test_a_locked_member_is_tried_again_told_and_left_and_the_others_go_on(more: More, locked: str, steps: list[str]) -> None:
    more(*steps)
    other = BOYU if locked == ANHE else ANHE
    told: list[str] = []
    with owner() as cursor:
        cursor.execute(f"lock table m_{locked.lower()}.products_product in access share mode")
        report = fleet.migrate_all(tell=told.append)
    assert report.migrated == 1
    assert [line.split(":")[0] for line in report.failed] == [locked]
    assert any(line.startswith(f"{locked}: could not be locked") for line in told)
    assert notes(locked) is None
    assert notes(other) is not None
    again = migrate()
    assert (again.migrated, again.unchanged, again.failed) == (1, 1, [])
    assert notes(locked) == notes(other)


def test_members_on_different_levels_each_get_what_they_lack(more: More) -> None:
    more(COLUMN)
    with owner() as cursor:
        cursor.execute("lock table m_boyu.products_product in access share mode")
        assert migrate().migrated == 1
    more(COLUMN, COMMENTED)
    assert migrate().migrated == 2
    assert whole_schema("m_anhe") == whole_schema("m_boyu")
    applied = "select array_agg(name order by name) from {}.django_migrations where app = 'products' and name like '009%%'"
    for schema in ("m_anhe", "m_boyu"):
        assert one(applied.format(schema)) == ["0091_more", "0092_more"]


def test_a_run_that_died_goes_on_where_it_stopped(more: More, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("CHUNJ", "XIAHE"):
        services.open_member(code=code, name="a", region="330100")
    more(COLUMN)
    run, ran = fleet.Plan.run, []

    class Died(BaseException):
        """The process ends here."""

    def die_before_the_third(plan: fleet.Plan, member: Institution, digest: str) -> None:
        if len(ran) == 2:
            raise Died
        ran.append(member.code)
        run(plan, member, digest)

    monkeypatch.setattr(fleet.Plan, "run", die_before_the_third)
    with pytest.raises(Died):
        migrate()
    monkeypatch.setattr(fleet.Plan, "run", run)
    assert [notes(code) for code in (ANHE, BOYU, "CHUNJ", "XIAHE")] == ["", "", None, None]
    report = migrate()
    assert (report.migrated, report.unchanged) == (2, 2)
    assert [notes(code) for code in (ANHE, BOYU, "CHUNJ", "XIAHE")] == [""] * 4


def test_a_connection_that_dies_under_one_member_is_taken_up_again(more: More, monkeypatch: pytest.MonkeyPatch) -> None:
    more(COLUMN)
    run, struck = fleet.Plan.run, []

    def strike_once(plan: fleet.Plan, member: Institution, digest: str) -> None:
        if not struck:
            struck.append(member.code)
            plan = fleet.Plan(f"{plan.sql}\nselect pg_terminate_backend(pg_backend_pid());")
        run(plan, member, digest)

    monkeypatch.setattr(fleet.Plan, "run", strike_once)
    report = migrate()
    assert (report.migrated, report.failed) == (2, [])
    assert [notes(code) for code in (ANHE, BOYU)] == ["", ""]
