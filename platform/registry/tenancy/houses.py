"""Building houses: the template of members, its text, and the migration of one schema."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import get_tenant_types

from registry.tenancy import TEMPLATE, TEMPLATE_SCHEMA, inside

# Besides migrations, what decides how a new house looks: its reference data, SQL beside the models, drawings.
_FURNITURE = ("furnish.py", "permissions.py", "*.sql", "drawing/flows/*.bpmn")
_PREAMBLE = re.compile(r"^(SET \w+ = .*;|SELECT pg_catalog\.set_config\(.*\);|\\(un)?restrict .*)$", re.MULTILINE)


def apps_of(kind: str) -> set[str]:
    """Labels of the apps that have tables in houses of this kind."""
    names = set(get_tenant_types()[kind]["APPS"])
    return {config.label for config in apps.get_app_configs() if config.name in names}


def digest(kind: str) -> str:
    """SHA-256 over the migrations of a kind of house: names and text, and the furniture of new houses."""
    loader = MigrationLoader(None)
    labels = apps_of(kind)
    seal = hashlib.sha256()
    for app, name in sorted(key for key in loader.disk_migrations if key[0] in labels):
        seal.update(f"{app}.{name}\n".encode())
        module = import_module(loader.disk_migrations[app, name].__module__)
        seal.update(Path(module.__file__ or "").read_bytes())
    for config in apps.get_app_configs():
        if config.label in labels:
            for path in sorted(path for pattern in _FURNITURE for path in Path(config.path).glob(pattern)):
                seal.update(path.read_bytes())
    return seal.hexdigest()


def migrate_house(house: Any, *, verbosity: int = 0) -> None:
    """Bring one schema up to date by Django's own executor, as the owner of the database."""
    with inside(house, as_owner=True):
        with connection.cursor() as cursor:
            cursor.execute(f'create schema if not exists "{house.schema_name}"')
        # The first look must not see public's own django_migrations through the search path.
        connection.enter(house, as_owner=True, include_public=False)
        MigrationRecorder(connection).ensure_schema()
        connection.enter(house, as_owner=True)
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        # Only the apps that live here: a state with every model is rendered anew at each step, which made this
        # three times as slow.
        labels = apps_of(house.get_tenant_type())
        targets = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in labels]
        plan = executor.migration_plan(targets)
        state = executor._create_project_state(with_applied_migrations=True)
        emit_pre_migrate_signal(verbosity, False, connection.alias, apps=state.apps, plan=plan)
        state = executor.migrate(targets, plan=plan, state=state.clone())
        emit_post_migrate_signal(verbosity, False, connection.alias, apps=state.apps, plan=plan)


def furnish(house: Any) -> None:
    """Put the reference data of every room into a house (idempotent, no users)."""
    labels = apps_of(house.get_tenant_type())
    with inside(house, as_owner=True), transaction.atomic():
        for config in apps.get_app_configs():
            name = f"{config.name}.furnish"
            if config.label in labels and find_spec(name):
                import_module(name).furnish(house.get_tenant_type())


def dump_template() -> str:
    """The template schema as SQL text that runs in one execute, with nothing but its own schema named."""
    database = settings.DATABASES["default"]
    command = [
        settings.PG_DUMP,
        "--schema",
        TEMPLATE_SCHEMA,
        "--no-owner",
        "--no-privileges",
        "--rows-per-insert=500",
        "--host",
        database["HOST"],
        "--port",
        str(database["PORT"]),
        "--username",
        database["USER"],
        connection.settings_dict["NAME"],
    ]
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PGPASSWORD": database["PASSWORD"]},
    )
    return _PREAMBLE.sub("", done.stdout)


def text_for(schema: str, template_text: str) -> str:
    """The template's text under another schema name."""
    return template_text.replace(TEMPLATE_SCHEMA, schema)


def build_template(*, verbosity: int = 0) -> str:
    """Migrate and furnish the template, and return its text."""
    migrate_house(TEMPLATE, verbosity=verbosity)
    furnish(TEMPLATE)
    return dump_template()
