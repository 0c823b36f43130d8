"""What the tests of the registry ask the database, past every door: as the owner, on a connection of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction


@contextmanager
def owner() -> Iterator[Any]:
    """A cursor of the database's owner; commits at the end."""
    at = connection.settings_dict
    told = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"], "dbname": at["NAME"]}
    with closing(psycopg2.connect(**told)) as line, line, line.cursor() as cursor:
        yield cursor


def one(statement: str, *values: Any) -> Any:
    """The single value of a statement of the owner."""
    with owner() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


def leftovers(code: str) -> tuple[int, int, int]:
    """How many rows, host names and schemas there are of an institution."""
    schema = f"m_{code.lower()}"
    return (
        one("select count(*) from registry_institution where code = %s", code),
        one("select count(*) from registry_domain where domain = %s", f"{code.lower()}.localhost"),
        one("select count(*) from pg_namespace where nspname = %s", schema),
    )


def refusal(statement: str) -> str:
    """What the database says to a statement of the house we are in; "" when it does it (and it is undone)."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def whole_schema(schema: str) -> str:
    """`pg_dump` of one schema, with its rights, under a neutral name."""
    at = connection.settings_dict
    command = [settings.PG_DUMP, "--schema-only", "--schema", schema, "--no-comments", "-h", at["HOST"], "-p", str(at["PORT"]),
               "-U", at["USER"], at["NAME"]]  # fmt: skip
    told = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PGPASSWORD": at["PASSWORD"]})
    lines = (line for line in told.stdout.replace(schema, "the_house").splitlines() if "restrict" not in line)
    return "\n".join(lines)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Each call on its own thread and connection; results or the exceptions, in order."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - handed back to the test, which looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def migrations_of(app: str) -> Path:
    return Path(settings.BASE_DIR) / "tenants" / app / "migrations"
