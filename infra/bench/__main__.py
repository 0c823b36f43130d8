"""`make bench`: budgets as ratios measured in one run (design.md 11).

One JSON object on standard output, progress on standard error, a table in docs/bench.md. Names as arguments run a
part (`python -m infra.bench submit engine`); a part leaves the table alone. Its servers and databases are its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from infra.embedded import CHECKOUT, down, ensure

PROFILE = "bench"
_FIGURES = ("ours", "floor", "today", "ratio_floor", "ratio_today")
"""Every row has them; None where there is no such way."""
Rows = dict[str, dict[str, Any]]


def _one(name: str, measure: Callable[[], dict[str, Any]]) -> Callable[[], Rows]:
    return lambda: {name: measure()}


def _parts() -> dict[str, Callable[[], Rows]]:
    from infra.bench import bank_api, consolidated, engine, houses, imports

    return {
        "open": _one("open a member", houses.open_a_member),
        "migrate": houses.migrate_members,
        "consolidated": consolidated.rows,
        "import": _one("import 100,000 loans", imports.import_loans),
        "submit": _one("bank API submit", bank_api.submit),
        "engine": _one("agreement engine, losses", engine.throughput),
        "recoveries": _one("agreement engine, recoveries", engine.recoveries),
    }


def main(wanted: list[str]) -> int:
    env = ensure(PROFILE)
    database = f"bench_{os.getpid()}"
    _execute(env["DATABASE_URL"], f'create database "{database}"')
    os.environ.update(env, DATABASE_URL=env["DATABASE_URL"].rpartition("/")[0] + f"/{database}", LOG_LEVEL="ERROR")
    os.environ["DJANGO_SETTINGS_MODULE"] = "infra.settings"
    results: Rows = {}
    try:
        with redirect_stdout(sys.stderr):
            _open()
            parts = _parts()
            for name in wanted or list(parts):
                start = time.perf_counter()
                print(f"bench: {name} …", flush=True)
                rows = {row: {**dict.fromkeys(_FIGURES), **figures} for row, figures in parts[name]().items()}
                results.update(rows)
                print(f"bench: {name} {time.perf_counter() - start:.0f} s {json.dumps(rows)}", flush=True)
    finally:
        with redirect_stdout(sys.stderr):
            _execute(env["DATABASE_URL"], f'drop database if exists "{database}" with (force)')
            down(PROFILE)
    print(json.dumps(results, ensure_ascii=False))
    if not wanted:
        _write_table(results)
    return 0


def _open() -> None:
    import django

    django.setup()
    from registry import fleet, services

    fleet.migrate_all(tell=lambda text: print(f"  {text}"))
    services.open_group(name="bench")


def _execute(url: str, statement: str) -> None:
    import psycopg2

    connection = psycopg2.connect(url.rpartition("/")[0] + "/postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _write_table(results: Rows) -> None:
    lines = [
        "# Bench",
        "",
        "Written by `make bench`. Seconds are of the machine it last ran on; the ratios are what counts.",
        "Floor: the same work in plain SQL or a bare view. Today: what people do with the usual tools.",
        "",
        "| what | ours s | floor s | today s | ours : floor | today : ours | more |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in results.items():
        cells = ["–" if row.get(key) is None else f"{row[key]:g}" for key in _FIGURES]
        more = "; ".join(f"{key} {value}" for key, value in row.items() if key not in _FIGURES)
        lines.append(f"| {name} | {' | '.join(cells)} | {more} |")
    (CHECKOUT / "docs" / "bench.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
