"""Real PostgreSQL, Valkey and S3 on an empty machine: `ensure(profile)` has them running and says where.

The servers' binaries come from installed packages; nothing is downloaded, and no account or system service is made.
State lives in `.embedded/<profile>` of this checkout: `run` for the program, `test` for the tests (no fsync, left
running between runs, and their database in memory where there is room: `make down` gives it back).
A server whose address the environment already names (DATABASE_URL, REDIS_URL, S3_ENDPOINT_URL) is never started here.
Standard library only: set-up calls this before anything is installed.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from infra.embedded.home import Home

CHECKOUT = Path(__file__).resolve().parents[2]


def ensure(profile: str = "run", *, checkout: Path = CHECKOUT) -> dict[str, str]:
    """Have PostgreSQL, Valkey and S3 running; return their addresses as environment variables.

    Costs a few milliseconds when they are up. Safe to call from many processes at once. The tests look for real
    servers under TEST_DATABASE_URL and so on, never under DATABASE_URL, so that they cannot reach the books of a live system.
    """
    if os.environ.get("ZAIDAN_EMBEDDED", "").lower() in {"off", "0", "no", "false"}:
        return {}
    from infra.embedded.objects import SeaweedFS
    from infra.embedded.postgres import PostgreSQL
    from infra.embedded.valkey import Valkey

    prefix = "TEST_" if profile == "test" else ""
    home = Home(checkout, profile)
    found: dict[str, str] = {}
    own = []
    for kind in (PostgreSQL, Valkey, SeaweedFS):
        named = {name: os.environ[prefix + name] for name in kind.variables if os.environ.get(prefix + name)}
        if kind.variables[0] in named:
            found.update(named)
        else:
            own.append(kind(home))
    found["SECRET_KEY"] = os.environ.get("SECRET_KEY") or home.secret("secret-key")
    missing = [server for server in own if not server.up()]
    if missing:
        from infra.embedded.server import start_all

        start_all(missing)
    for server in own:
        found.update(server.env())
    return found


def profiles(checkout: Path = CHECKOUT) -> list[str]:
    """The profiles that this checkout has ever started."""
    base = checkout / ".embedded"
    return sorted(path.name for path in base.iterdir() if (path / "home").exists()) if base.is_dir() else []


def down(profile: str, *, delete: bool = False, checkout: Path = CHECKOUT) -> list[str]:
    """Stop the servers that this checkout started under `profile`, and nothing else; return their names.

    `delete` also removes their data.
    """
    from infra.embedded.objects import SeaweedFS
    from infra.embedded.postgres import PostgreSQL
    from infra.embedded.valkey import Valkey

    home = Home(checkout, profile)
    servers = [kind(home) for kind in (SeaweedFS, Valkey, PostgreSQL)]
    with ExitStack() as locks:
        for server in servers:
            locks.enter_context(home.lock(server.name))
        stopped = [server.name for server in servers if server.stop(now=delete)]
        if delete:
            home.delete()
    return stopped
