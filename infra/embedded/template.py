"""One migrated database per state of the migrations, copied (50 ms) for every test process instead of migrated (seconds)."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from infra.embedded import CHECKOUT
from infra.embedded.home import EmbeddedError, Home

_PREFIX = "zaidan_template_"
# Whatever decides what a fresh database holds. Services are not in it: `--create-db` builds anew after a change there.
_INPUTS = (
    "requirements.lock",
    "infra/settings.py",
    "platform/registry/**/*.py",
    "platform/kernel/access/**/*.py",
    "infra/demo/people.py",
    "tests/factories/**/*.py",
    *(f"{top}/**/{kind}" for top in ("platform", "tenants", "reguarantee", "member_portal", "api")
      for kind in ("migrations/*.py", "*.sql", "*.bpmn", "furnish*.py", "permissions.py", "reference*.py", "defaults.py")),
)  # fmt: skip


class Template:
    """The template for the sources as they are now; held against removal while this process lives."""

    def __init__(self, *, rebuild: bool = False) -> None:
        self.server = os.environ["DATABASE_URL"].rpartition("/")[0]
        # A name of one's own keeps one template while others change migrations in the same checkout.
        self.name = _PREFIX + (os.environ.get("TEST_TEMPLATE") or digest())
        self.folder = Home(CHECKOUT, "test").path / "templates"
        self.folder.mkdir(exist_ok=True)
        self.held = self._hold(self.name, fcntl.LOCK_SH)
        if rebuild or self.name not in self._names():
            with Home(CHECKOUT, "test").lock("template"):
                present = self._names()  # another process may have built it while we waited
                if rebuild:
                    self._drop_with_variants(self.name)
                if rebuild or self.name not in present:
                    self._build()
                self._remove_unused(present)

    def copy_to(self, database: str, *, of: str = "") -> None:
        """Replace `database` by a copy (of another one than the template); whoever is still connected to it is thrown out."""
        self.drop(database)
        self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{of or self.name}" STRATEGY file_copy')

    def variant(self, kind: str, fill: Callable[[str], None]) -> str:
        """The name of a database that `fill(name)` made from a copy of the template; made once, kept like the template."""
        name = f"{self.name}_{kind}"
        with Home(CHECKOUT, "test").lock(f"template-{kind}"):
            if name not in self._names():
                self.copy_to(f"{name}_draft")
                fill(f"{name}_draft")
                self._execute(f'ALTER DATABASE "{name}_draft" RENAME TO "{name}"')
        return name

    def drop(self, database: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _drop_with_variants(self, name: str) -> None:
        for one in self._names():
            if one == name or one.startswith(f"{name}_"):
                self.drop(one)

    def _build(self) -> None:
        draft = f"{self.name}_draft"
        self.drop(draft)
        self._execute(f'CREATE DATABASE "{draft}"')
        # A process of its own: the template may have no connection left, and this one no half-set-up Django.
        done = subprocess.run(
            [sys.executable, "-m", "infra.embedded.fill"],
            cwd=CHECKOUT,
            env={**os.environ, "DATABASE_URL": f"{self.server}/{draft}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise EmbeddedError(f"The test database could not be made:\n{done.stdout[-6000:]}")
        self._execute(f'ALTER DATABASE "{draft}" RENAME TO "{self.name}"')

    def _remove_unused(self, present: set[str]) -> None:
        """Drop the templates of other states that no living process holds."""
        for name in present - {self.name}:
            if len(name) != len(_PREFIX) + 16:
                continue  # named by somebody: TEST_TEMPLATE
            try:
                descriptor = self._hold(name, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            self._drop_with_variants(name)
            (self.folder / name).unlink()
            os.close(descriptor)

    def _hold(self, name: str, mode: int) -> int:
        descriptor = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, mode)
        except BlockingIOError:
            os.close(descriptor)
            raise
        return descriptor

    def _names(self) -> set[str]:
        with self._cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX])
            return {name for (name,) in cursor.fetchall()}

    def _execute(self, statement: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(statement)

    @contextmanager
    def _cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        with closing(psycopg2.connect(f"{self.server}/postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor


def digest() -> str:
    """Sixteen hex digits over every file that decides what a fresh database holds."""
    total = hashlib.sha256()
    files: set[Path] = set()
    for pattern in _INPUTS:
        files.update(CHECKOUT.glob(pattern))
    for path in sorted(files):
        total.update(str(path.relative_to(CHECKOUT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]
