"""Migrating all members: SQL worked out once, one short transaction per member, resumable (tenancy.md B)."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from registry import queries
from registry.models import Institution, Template
from registry.tenancy import PUBLIC, TEMPLATE_SCHEMA, houses, inside

Progress = Callable[[str], None]

_LOCK_TIMEOUT = "3s"
_TRIES = 3
# Content types and permissions by natural key from the template, as `migrate` would create them.
_CATALOGUE = """
insert into django_content_type (app_label, model)
  select app_label, model from {template}.django_content_type t
  where not exists (select from django_content_type x where (x.app_label, x.model) = (t.app_label, t.model));
insert into auth_permission (name, content_type_id, codename)
  select p.name, x.id, p.codename from {template}.auth_permission p
  join {template}.django_content_type t on t.id = p.content_type_id
  join django_content_type x on (x.app_label, x.model) = (t.app_label, t.model)
  on conflict do nothing;
"""


@dataclass
class Report:
    """What a run over the members did: members migrated, already up to date, and those that could not be locked."""

    migrated: int = 0
    unchanged: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: float = 0.0


def migrate_all(*, tell: Progress, verbosity: int = 0) -> Report:
    """Public, the group, the template, then every member. Safe to run again after any interruption."""
    start = time.perf_counter()
    migrate_public(tell)
    migrate_group(tell, verbosity)
    refresh_template(tell, verbosity)
    report = migrate_members(tell)
    report.seconds = time.perf_counter() - start
    return report


def awaken(*, group: bool = False, tell: Progress = lambda _text: None) -> None:
    """Make an empty database ready for a command: its tables, and with `group` the re-guarantee group. Else nothing."""
    from registry import services

    with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
        cursor.execute("select to_regclass('public.registry_institution') is not null")
        exists = cursor.fetchone()[0]
    if not exists:
        migrate_all(tell=tell)
    if group and not queries.has_group():
        services.open_group(name=settings.GROUP_NAME)


def migrate_public(tell: Progress) -> None:
    from registry.services import open_public

    with inside(PUBLIC, as_owner=True):
        with connection.cursor() as cursor:
            cursor.execute("select to_regclass('public.registry_institution') is not null")
            exists = cursor.fetchone()[0]
        wanted = houses.digest("public")
        if exists and Institution.objects.filter(schema_name="public", migrated=wanted).exists():
            return
        tell("public")
        houses.migrate_house(PUBLIC)
        public = open_public()
        with connection.cursor() as cursor:
            cursor.execute("select public.house_role('public')")
        public.migrated = wanted
        public.save(update_fields=["migrated"])


def migrate_group(tell: Progress, verbosity: int = 0) -> None:
    with inside(PUBLIC, as_owner=True):
        group = Institution.objects.filter(kind=Institution.Kind.GROUP).first()
        wanted = houses.digest("group")
        if group is None or group.migrated == wanted:
            return
        tell("group")
        houses.migrate_house(group, verbosity=verbosity)
        with connection.cursor() as cursor:
            cursor.execute("select public.house_role(%s)", [group.schema_name])
            cursor.execute("select public.projector_role(%s)", [group.schema_name])
        group.migrated = wanted
        group.save(update_fields=["migrated"])


def refresh_template(tell: Progress, verbosity: int = 0) -> None:
    """Migrate and furnish the template schema and store its text, unless the text is of today's migrations."""
    wanted = houses.digest("member")
    with inside(PUBLIC, as_owner=True):
        if Template.objects.filter(digest=wanted).exists():
            return
        tell("template of members")
        text = houses.build_template(verbosity=verbosity)
        Template.objects.create(digest=wanted, text=text)


def migrate_members(tell: Progress) -> Report:
    """Run what each member lacks. The fast path, nothing to do, is one query."""
    wanted = houses.digest("member")
    report = Report()
    with inside(PUBLIC, as_owner=True):
        members = list(Institution.objects.filter(kind=Institution.Kind.MEMBER).order_by("id"))
        late = [member for member in members if member.migrated != wanted]
        report.unchanged = len(members) - len(late)
        if not late:
            return report
        plans = _plans(late)
        total, done = len(late), 0
        queue = [(member, 1) for member in late]
        while queue:
            member, attempt = queue.pop(0)
            try:
                if member.schema_name not in plans:
                    raise OperationalError("no member of this state could be locked")
                plans[member.schema_name].run(member, wanted)
            except OperationalError as error:
                if attempt < _TRIES:
                    queue.append((member, attempt + 1))
                    continue
                report.failed.append(f"{member.code}: {error}")
                tell(f"{member.code}: could not be locked, left for the next run")
                continue
            report.migrated += 1
            done += 1
            if done % 20 == 0 or done == total:
                tell(f"members {done}/{total}")
    return report


@dataclass
class Plan:
    """The migrations that one set of members lacks: their SQL, or None when a step needs Python."""

    sql: str | None

    def run(self, member: Institution, digest: str) -> None:
        if self.sql is None:
            # The executor opens a transaction for each step: the limit is the connection's until we are through.
            with _lock_limit():
                houses.migrate_house(member)
            self._finish(member, digest)
            return
        with inside(member, as_owner=True), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'")
            cursor.execute(self.sql)
            self._mark(cursor, member, digest)

    def _finish(self, member: Institution, digest: str) -> None:
        with inside(PUBLIC, as_owner=True), connection.cursor() as cursor:
            self._mark(cursor, member, digest)

    @staticmethod
    def _mark(cursor: Any, member: Institution, digest: str) -> None:
        cursor.execute("select public.publish_views(%s)", [member.schema_name])
        cursor.execute("update public.registry_institution set migrated = %s where id = %s", [digest, member.id])


@contextmanager
def _lock_limit() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"set lock_timeout = '{_LOCK_TIMEOUT}'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("reset lock_timeout")


def _plans(members: list[Institution]) -> dict[str, Plan]:
    """One plan per set of applied migrations, shared by all members that stand there.

    A plan is worked out in the first of them that can be locked; where none can, none is migrated, and each is told.
    """
    by_state: dict[frozenset[tuple[str, str]], list[Institution]] = defaultdict(list)
    applied = _applied([member.schema_name for member in members])
    for member in members:
        by_state[applied[member.schema_name]].append(member)
    plans: dict[str, Plan] = {}
    for state, alike in by_state.items():
        for member in alike[:_TRIES]:
            try:
                plan = _plan(state, member)
            except OperationalError:
                continue
            plans.update((like.schema_name, plan) for like in alike)
            break
    return plans


def _applied(schemas: list[str]) -> dict[str, frozenset[tuple[str, str]]]:
    # The one read over many schemas outside monitoring: it looks at django_migrations only, as the owner.
    found: dict[str, set[tuple[str, str]]] = {schema: set() for schema in schemas}
    with connection.cursor() as cursor:
        for start in range(0, len(schemas), 100):
            part = schemas[start : start + 100]
            cursor.execute(
                " union all ".join(f"select '{schema}', app, name from \"{schema}\".django_migrations" for schema in part)
            )
            for schema, app, name in cursor.fetchall():
                found[schema].add((app, name))
    return {schema: frozenset(names) for schema, names in found.items()}


def _plan(applied: frozenset[tuple[str, str]], member: Institution) -> Plan:
    """What is lacking, as SQL: run once for real in one member and rolled back, because some steps look first
    (which name has the index to drop?) and the template, migrated already, would answer for the new state."""
    sql: list[str] = []
    with inside(member, as_owner=True), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local lock_timeout = '{_LOCK_TIMEOUT}'")
        executor = MigrationExecutor(connection)
        labels = houses.apps_of("member")
        full = [step for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)]
        lacking = [step for step in full if step.app_label in labels and (step.app_label, step.name) not in applied]
        if any(not step.atomic or _needs_python(step.operations) for step in lacking):
            return Plan(None)
        state = executor.loader.project_state([], at_end=False)
        for migration in full:
            if migration not in lacking:
                migration.mutate_state(state, preserve=False)
                continue
            with connection.schema_editor(atomic=False) as editor:
                _record(editor, sql)
                state = migration.apply(state, editor)
        transaction.set_rollback(True)
    if lacking:
        values = ", ".join(f"('{step.app_label}', '{step.name}', now())" for step in lacking)
        sql.append(_CATALOGUE.format(template=TEMPLATE_SCHEMA))
        sql.append(f"insert into django_migrations (app, name, applied) values {values};")
    return Plan("\n".join(sql) or "select 1")


def _record(editor: Any, sql: list[str]) -> None:
    """Write down the text of every statement that the editor runs."""
    run = editor.execute

    def execute(statement: Any, params: Any = ()) -> Any:
        text = str(statement) if params is None else connection.ops.compose_sql(str(statement), params)
        sql.append(f"{text}\n;")  # on a line of its own: the text may end with a comment
        return run(statement, params)

    editor.execute = execute


def _needs_python(operations: Any) -> bool:
    """Whether any step cannot be told as SQL (RunPython, also wrapped in SeparateDatabaseAndState)."""
    return any(not op.reduces_to_sql or _needs_python(getattr(op, "database_operations", ())) for op in operations)
